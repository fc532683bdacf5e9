"""Looking at many events at once."""

import io
import re
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.events.reporting.test_reports import held, told_sex
from tests.people import App


async def component(app: App, code: str, **more: object) -> dict[str, Any]:
    body = {
        "code": code,
        "title": f"Component {code}",
        "target_events": 4,
        "target_participants": 10,
        "target_women": 50,
        **more,
    }
    answer = await app.api("administrator").post(f"/api/v1/projects/{app.project_id}/components", json=body)
    found: dict[str, Any] = answer.json()
    return found


async def three(app: App) -> None:
    await app.event(
        title="Şanlıurfa workshop",
        kind="judiciary-workshop",
        first_day="2026-05-04",
        last_day="2026-05-05",
        capacity=5,
    )
    await app.event(title="Ankara meeting", first_day="2026-04-14", last_day="2026-04-15", capacity=50)
    await app.event(title="Vienna visit", kind="study-visit", first_day="2027-01-10", last_day="2027-01-12")


async def titles(app: App, query: str) -> list[str]:
    answer = await app.api().get(f"/api/v1/events?{query}")
    assert answer.status_code == 200, answer.text
    return [e["title"].split()[0] for e in answer.json()["items"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Ankara", "Şanlıurfa", "Vienna"]),
        ("sort=-first_day", ["Vienna", "Şanlıurfa", "Ankara"]),
        ("sort=title", ["Ankara", "Şanlıurfa", "Vienna"]),
        ("kind=study-visit", ["Vienna"]),
        ("since=2026-05-01", ["Şanlıurfa", "Vienna"]),
        ("until=2026-04-30", ["Ankara"]),
        ("since=2026-05-01&until=2026-12-31", ["Şanlıurfa"]),
        ("q=sanliurfa", ["Şanlıurfa"]),
        ("state=published", []),
        ("kind=&state=&q=", ["Ankara", "Şanlıurfa", "Vienna"]),
    ],
)
async def test_the_list_is_filtered_and_sorted(app: App, query: str, found: list[str]) -> None:
    await three(app)
    assert await titles(app, query) == found


@pytest.mark.parametrize("query", ["sort=colour", "kind=party", "state=x", "since=yesterday", "component=x"])
async def test_a_filter_that_cannot_be_is_refused(sqlite_app: App, query: str) -> None:
    assert (await sqlite_app.api().get(f"/api/v1/events?{query}")).status_code == 422


async def test_a_component_finds_what_its_activities_report(app: App) -> None:
    top = await component(app, "1")
    activity = await component(app, "1.1", parent_id=top["id"])
    await app.event(component_id=activity["id"])
    assert len(await titles(app, f"component={top['id']}")) == 1


async def test_what_is_seen_is_exported_whole_and_never_runs(app: App) -> None:
    await three(app)
    await app.event(title="=HYPERLINK(1)", venue="+49")
    desk = await app.at_desk()
    csv = (await desk.client.get("/events/export.csv?kind=coordination-meeting")).content.decode("utf-8-sig")
    book = load_workbook(io.BytesIO((await desk.client.get("/events/export.xlsx")).content)).worksheets[0]
    assert ("Ankara meeting" in csv, "Vienna" in csv, ";'=HYPERLINK(1);" in csv, ";'+49;" in csv) == (
        True,
        False,
        True,
        True,
    )
    cells = {c.value: c.data_type for row in book.iter_rows() for c in row}
    assert (cells["=HYPERLINK(1)"], cells["Vienna visit"], book.max_row) == ("s", "s", 5)


async def test_a_filter_is_kept_for_the_person_and_forgotten_again(app: App) -> None:
    desk = await app.at_desk()
    await desk.get("/events?kind=study-visit")
    await desk.send("/events/filters", {"name": "Visits", "query": "kind=study-visit&page=3&evil=1"})
    assert 'href="/events?kind=study-visit">Visits</a>' in desk.page
    assert "Visits" not in (await (await app.at_desk("assistant")).get("/events")).text
    row = desk.page.partition('action="/events/filters/')[2].partition('"')[0]
    await desk.send(f"/events/filters/{row}")
    assert "Visits" not in desk.page
    assert (await (await app.at_desk("assistant")).send(f"/events/filters/{row}")).status_code == 404


async def test_a_filter_without_a_name_comes_back(sqlite_app: App) -> None:
    desk = await sqlite_app.at_desk()
    await desk.get("/events?kind=study-visit")
    assert (await desk.send("/events/filters", {"name": " ", "query": "kind=study-visit"})).status_code == 422


async def test_the_month_shows_an_event_on_each_of_its_days(app: App) -> None:
    await three(app)
    page = await (await app.at_desk()).get("/events/month?year=2026&month=4")
    assert (page.text.count("Ankara meeting"), "Vienna" in page.text, "April 2026" in page.text) == (
        2,
        False,
        True,
    )
    assert (await (await app.at_desk()).get("/events/month?month=13")).status_code == 422


async def test_the_year_has_a_line_for_each_component(app: App) -> None:
    top = await component(app, "1")
    await app.event(title="In May", component_id=top["id"], first_day="2026-05-04", last_day="2026-05-05")
    await app.event(title="Elsewhere")
    page = (await (await app.at_desk()).get("/events/year?year=2026")).text
    assert page.index("1 Component 1") < page.index("In May") < page.index("No component") < page.index("Elsewhere")


async def test_the_dashboard_counts_people_with_a_signature_once_in_a_component(app: App) -> None:
    top = await component(app, "1")
    activity = await component(app, "1.1", parent_id=top["id"])
    for number, part in enumerate((top, activity)):
        event, _ = await app.accepted_event(
            ["Ayşe Bir", "Mehmet İki"], title=f"Meeting {number}", component_id=part["id"]
        )
        await app.sign(event, date(2026, 4, 14), ["Ayşe Bir"] if number else None)
    page = (await (await app.at_desk()).get(f"/projects/{app.project_id}/dashboard")).text
    rows = [" ".join(row.split()) for row in page.partition("<tbody>")[2].split("<tr>")[1:]]
    assert [("2 / 10" in rows[0]), ("1 / 10" in rows[1])] == [True, True]
    # Both were attended, as the report counts them.
    report = (await app.api().get(f"/api/v1/projects/{app.project_id}/report")).json()
    held = re.findall(r"(\d+) /", rows[0])[0]
    assert (held, report["totals"]["events"]) == ("2", 2)


async def test_a_share_that_falls_short_is_not_rounded_up_to_its_target(sqlite_app: App) -> None:
    """Two of three are 66.7 %; the dashboard and the report say the same."""
    part = await component(sqlite_app, "1")
    await held(sqlite_app, 3, "Meeting", component_id=part["id"])
    await told_sex(sqlite_app, 2)
    project = f"/projects/{sqlite_app.project_id}"
    page = (await (await sqlite_app.at_desk()).get(f"{project}/dashboard")).text
    report = (await sqlite_app.api().get(f"/api/v1{project}/report", params={"fewest": "0"})).json()
    assert (report["totals"]["women_percent"], "66 / 50" in " ".join(page.split())) == (66, True)


async def test_the_dashboard_says_what_waits_and_what_comes(app: App) -> None:
    over, _ = await app.accepted_event(["Ayşe Bir"], title="Over", first_day="2026-03-09", last_day="2026-03-10")
    late = await app.event(title="Late answers", answer_by="2026-03-11")
    await app.invite(late, ["Mehmet İki"])
    app.clock.forward(days=12)
    page = (await (await app.at_desk()).get(f"/projects/{app.project_id}/dashboard")).text
    assert "It is over, and no attendance is recorded for one person." in page
    assert "One person has not answered by the RSVP deadline." in page
    assert "Begins: Late answers" in page
    assert over["id"] in page


async def test_provinces_are_counted_from_signatures(app: App) -> None:
    event, _ = await app.accepted_event(["Ayşe Bir", "Mehmet İki"])
    await app.sign(event, date(2026, 4, 14), ["Ayşe Bir"])
    desk = await app.at_desk()
    csv = (await desk.client.get(f"/projects/{app.project_id}/provinces.csv")).content.decode("utf-8-sig")
    assert ("Ankara;1;1;0" in csv, len(csv.splitlines())) == (True, 82)
    assert (await desk.get(f"/projects/{app.project_id}/provinces")).text.count("<progress") == 81


async def test_the_dashboard_and_the_year_cost_the_same_number_of_queries_for_one_event_and_thirty(
    app: App,
) -> None:
    top = await component(app, "1")
    counts = []
    for size in (1, 30):
        for n in range(size):
            await app.event(title=f"{size} {n}", component_id=top["id"])
        desk = await app.at_desk()
        for path in (
            f"/projects/{app.project_id}/dashboard",
            "/events/year?year=2026",
            "/events/month?year=2026&month=4",
        ):
            with app.counting() as seen:
                assert (await desk.client.get(path)).status_code == 200
            counts.append(len(seen))
    assert counts[:3] == counts[3:]
