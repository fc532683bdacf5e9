"""A report whole, as it is given out: no table of it tells what another one hides."""

import io

import openpyxl
import pytest
from sqlmodel import select

from directory.people.models import Person, Sex
from tests.events.attendance.test_evaluations import answers, opened
from tests.events.reporting.test_dashboards import component
from tests.events.reporting.test_reports import DAY
from tests.people import App, names


async def shown_in(app: App, title: str) -> dict[str, list[object]]:
    """What a table of the report's file shows, by what its lines are called."""
    sent = await (await app.at_desk()).send(f"/projects/{app.project_id}/report.xlsx")
    sheets = openpyxl.load_workbook(io.BytesIO(sent.content)).worksheets
    rows = next(one for one in sheets if title in one.title).iter_rows(min_row=5, values_only=True)
    return {str(row[0]): list(row[1:]) for row in rows if row[1] is not None}


async def test_targets_tell_no_number_that_the_components_hide(sqlite_app: App) -> None:
    """Three of thirty people were at the small training: they are all of them without the others."""
    app = sqlite_app
    whole = await component(app, "1")
    everybody = names(30)
    for code, people in (("1.1", everybody[:3]), ("1.2", everybody[3:10]), ("2", everybody[10:])):
        part_of = {"parent_id": None if code == "2" else whole["id"]}
        mine = await component(app, code, **part_of)
        event, _ = await app.accepted_event(people, title=f"Training {code}", component_id=mine["id"])
        await app.sign(event, DAY)
    counted = await shown_in(app, "Component")
    assert [counted[f"{code} Component {code}"][3] for code in ("1.1", "1.2", "2")] == ["c", "c", 20]
    reached = await shown_in(app, "Targets")
    assert {label[:3]: cells[2] for label, cells in reached.items()} == {
        "1 C": "c",
        "1.1": "c",
        "1.2": "c",
        "2 C": 20,
    }


@pytest.mark.parametrize(("answered", "told"), [(7, ["c", "c"]), (3, ["c", "c"])])
async def test_evaluations_tell_no_number_that_the_events_hide(
    sqlite_app: App, answered: int, told: list[object]
) -> None:
    """Of ten people three were at the small event: all seven answers of the other one tell of it."""
    app = sqlite_app
    people = names(10)
    small, _ = await app.accepted_event(people[:3], title="Small")
    await app.sign(small, DAY)
    event, tokens = await app.accepted_event(people[3:], title="Large")
    await app.sign(event, DAY)
    id = await opened(app, event)
    for name in people[3 : 3 + answered]:
        assert await answers(app, tokens[name], id, q1=4) == 204
    assert (await app.api().post(f"/api/v1/evaluations/{id}/closing")).status_code == 200
    shown = await shown_in(app, "Evaluations")
    assert shown["Large"][:2] == told


async def test_few_answers_are_hidden_also_of_an_event_that_is_shown(sqlite_app: App) -> None:
    app = sqlite_app
    people = names(8)
    event, tokens = await app.accepted_event(people, title="Large")
    await app.sign(event, DAY)
    id = await opened(app, event)
    for name in people[:4]:
        await answers(app, tokens[name], id, q1=4)
    await app.api().post(f"/api/v1/evaluations/{id}/closing")
    assert (await shown_in(app, "Evaluations"))["Large"] == ["c", "c", "c"]


async def test_two_reports_that_differ_by_few_women_are_warned_of(sqlite_app: App) -> None:
    """Of six men and two women of the second event nobody is told, until a report of the first alone stands beside."""
    app = sqlite_app
    women, men = names(24)[:8], names(24)[8:]
    of_event = (women[:6] + men[:10], women[6:] + men[10:])
    first, second = [await app.accepted_event(people, title=f"Event {n}") for n, people in enumerate(of_event)]
    async with app.database.unit_of_work() as db:
        for person in await db.exec(select(Person)):
            person.sex = Sex.female if person.name in women else Sex.male
    for event, _ in (first, second):
        await app.sign(event, DAY)
    desk = await app.at_desk()
    path = f"/projects/{app.project_id}/report"
    await desk.send(f"{path}.xlsx")
    assert "given out before" not in (await desk.get(path)).text
    alone = f"{path}?event={first[0]['id']}"
    assert "given out before" in (await desk.get(alone)).text
    assert (await app.api().get(f"/api/v1{alone}")).json()["is_disclosing"] is True
    assert "given out before" not in (await desk.get(f"{alone}&fewest=0")).text
