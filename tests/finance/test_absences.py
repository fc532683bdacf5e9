"""When people were away: told by themselves, entered for one or for many, and what per diems make of it."""

from typing import Any
from uuid import UUID

import pytest

from directory.accounts.models import Account
from directory.accounts.rules import Role
from directory.accounts.service import grant
from finance.absences.service import absences_of
from tests.finance.test_payees import visit
from tests.people import App, problem_fields

MINE = "/api/v1/invitation/payment/absence"
# The event is on 14 and 15 April 2026.
GIVEN = {
    "leaves_day": "2026-04-14",
    "leaves_clock": "07:30",
    "returns_day": "2026-04-15",
    "returns_clock": "20:00",
    "zone": "Europe/Istanbul",
}


def path_of(event: dict[str, Any]) -> str:
    return f"/api/v1/events/{event['id']}/absences"


async def test_people_say_when_they_were_away_as_an_instant_with_its_zone(app: App) -> None:
    event, tokens, of = await visit(app, ["Ayşe Bir"])
    guest = await app.owner(tokens["Ayşe Bir"])
    assert (await guest.get(MINE)).json() is None
    told = await guest.put(MINE, json=GIVEN | {"returns_zone": "Europe/Vienna"})
    assert told.status_code == 200, told.text
    assert (told.json()["leaves_at"], told.json()["returns_at"]) == ("2026-04-14T04:30:00Z", "2026-04-15T18:00:00Z")
    assert (told.json()["hours"], told.json()["told"]) == ("37.50", True)
    (row,) = (await app.api("auditor").get(path_of(event))).json()["items"]
    assert (row["name"], row["absence"]["leaves"]) == ("Ayşe Bir", "2026-04-14T07:30")
    async with app.database.reading() as db:
        (kept,) = (await absences_of(db, UUID(event["id"]))).values()
    assert (str(kept.registration_id), kept.away.returns.zone) == (of["Ayşe Bir"], "Europe/Vienna")


async def test_the_same_is_entered_for_several_after_a_look_and_replaces_only_when_asked(app: App) -> None:
    event, tokens, of = await visit(app, ["Ayşe Bir", "Mehmet İki", "Zehra Üç"])
    guest = await app.owner(tokens["Ayşe Bir"])
    await guest.put(MINE, json=GIVEN | {"leaves_clock": "05:00"})
    path, organiser = path_of(event), app.api("organiser")
    await organiser.put(f"{path}/{of['Mehmet İki']}", json=GIVEN)
    plan = await organiser.post(f"{path}/preview", json=GIVEN)
    assert plan.json() == {"people": 3, "new": 1, "replaced": 0, "told": 1, "kept": 2}
    replacing = await organiser.post(f"{path}/preview", json=GIVEN | {"replaces": True})
    assert replacing.json() == {"people": 3, "new": 1, "replaced": 2, "told": 1, "kept": 0}
    assert [one["absence"] is None for one in (await organiser.get(path)).json()["items"]] == [False, False, True]
    assert (await organiser.post(path, json=GIVEN)).json() == plan.json()
    told = {one["name"]: one["absence"] for one in (await organiser.get(path)).json()["items"]}
    assert {name: (one["leaves"][-5:], one["told"]) for name, one in told.items()} == {
        "Ayşe Bir": ("05:00", True),
        "Mehmet İki": ("07:30", False),
        "Zehra Üç": ("07:30", False),
    }
    one = GIVEN | {"replaces": True, "registrations": [of["Ayşe Bir"]], "leaves_clock": "06:00"}
    assert (await organiser.post(path, json=one)).json()["replaced"] == 1
    assert (await guest.get(MINE)).json()["leaves"] == "2026-04-14T06:00"
    assert (await organiser.delete(f"{path}/{of['Ayşe Bir']}")).status_code == 204
    assert (await guest.get(MINE)).json() is None
    for role in ("auditor", "assistant"):
        assert (await app.api(role).post(path, json=GIVEN)).status_code == 403


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"returns_day": "2026-04-14", "returns_clock": "07:30"}, "returns_day"),
        ({"returns_day": "2026-04-13"}, "returns_day"),
        # 07:30 in Istanbul is 06:30 in Vienna: back after half an hour, or half an hour before it left.
        ({"returns_day": "2026-04-14", "returns_clock": "06:00", "returns_zone": "Europe/Vienna"}, "returns_day"),
        ({"leaves_day": "2026-03-29", "leaves_clock": "02:30", "zone": "Europe/Vienna"}, "leaves_clock"),
        ({"leaves_day": "2026-03-13"}, "leaves_day"),
        ({"leaves_day": "2026-04-20", "returns_day": "2026-04-21"}, "leaves_day"),
        ({"leaves_day": "2026-04-01", "returns_day": "2026-04-02"}, "returns_day"),
        ({"returns_day": "2026-05-20"}, "returns_day"),
        ({"leaves_clock": ""}, "leaves_clock"),
        ({"leaves_clock": None}, "leaves_clock"),
        ({"returns_clock": "25:00"}, "returns_clock"),
        ({"zone": "Mars/Base"}, "zone"),
        ({"registrations": []}, "registrations"),
        ({"registrations": ["00000000-0000-0000-0000-000000000000"]}, "registrations"),
    ],
    ids=str,
)
async def test_what_cannot_be_is_said_beside_its_field(sqlite_app: App, given: dict[str, Any], field: str) -> None:
    event, tokens, of = await visit(sqlite_app, ["Ayşe Bir"])
    answers = [await sqlite_app.api().post(path_of(event), json=GIVEN | given)]
    if "registrations" not in given:
        answers.append(await sqlite_app.api().put(f"{path_of(event)}/{of['Ayşe Bir']}", json=GIVEN | given))
        answers.append(await (await sqlite_app.owner(tokens["Ayşe Bir"])).put(MINE, json=GIVEN | given))
    for answer in answers:
        assert (answer.status_code, list(problem_fields(answer))) == (422, [field]), answer.text
    assert (await sqlite_app.api().get(path_of(event))).json()["items"][0]["absence"] is None


async def test_an_hour_that_a_clock_shows_twice_is_told_with_its_offset(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"], first_day="2026-10-25", last_day="2026-10-25")
    of = await sqlite_app.registrations(event)
    path = f"{path_of(event)}/{of['Ayşe Bir']}"
    given = GIVEN | {"leaves_day": "2026-10-25", "leaves_clock": "02:30", "returns_day": "2026-10-25"}
    given["zone"] = "Europe/Vienna"
    refused = await sqlite_app.api().put(path, json=given)
    assert (refused.status_code, list(problem_fields(refused))) == (422, ["leaves_clock"])
    second = await sqlite_app.api().put(path, json=given | {"leaves_clock": "02:30+01:00"})
    assert second.json()["leaves_at"] == "2026-10-25T01:30:00Z"
    text = (await (await sqlite_app.at_desk()).get(path.removeprefix("/api/v1"))).text
    assert 'value="02:30+01:00"' in text


async def paid_by(
    app: App, rule_set: str, *rows: str, country: str = "AT", zone: str = "Europe/Vienna"
) -> dict[str, Any]:
    """A visit on 14 and 15 April that a project pays by that rule set."""
    event, _ = await app.accepted_event(
        ["Ayşe Bir"], kind="study-visit", country=country, zone=zone, last_day="2026-04-15"
    )
    finance = app.api("finance")
    given = {"home": rule_set, "abroad": rule_set, "official_days": 7}
    answer = await finance.put(f"/api/v1/projects/{app.project_id}/pay-rules", json=given)
    assert answer.status_code == 200, answer.text
    said = {"heads": "country;amount;partial;currency;valid_from;source"} if rule_set == "de_bmf" else {}
    made = await app.pending_rates(*rows, rule_set=rule_set, **said)
    assert made.is_success, made.text
    await finance.post(f"/api/v1/rate-tables/{made.json()['id']}/in-force")
    return event


async def nights(app: App, event: dict[str, Any], first: str, last: str, **more: Any) -> None:
    given = {"check_in": first, "check_out": last, "country": "AT", "city": "Vienna"} | more
    answer = await app.api().post(f"/api/v1/events/{event['id']}/stays", json=given)
    assert answer.status_code == 201, answer.text


async def lines(app: App, event: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    sheets = (await app.api("finance").get(f"/api/v1/events/{event['id']}/per-diem")).json()
    return [
        (line["day"][-2:], line["amount"], line["reason"])
        for sheet in sheets
        for person in sheet["people"]
        for line in person["lines"]
    ]


async def test_a_meeting_at_home_is_paid_by_the_hours_that_somebody_was_away(app: App) -> None:
    """Nobody flies: a bed alone leaves the whole open until somebody says the times."""
    event = await paid_by(app, "tr_6245", "TR;;900;TRY;2024-01-01;Table H", country="TR", zone="Europe/Istanbul")
    await nights(app, event, "2026-04-14", "2026-04-15", country="TR", city="Van")
    (sheet,) = (await app.api("finance").get(f"/api/v1/events/{event['id']}/per-diem")).json()
    assert [one["missing"] for one in sheet["people"][0]["open"]] == ["absence"]
    of = await app.registrations(event)
    await app.api().put(f"{path_of(event)}/{of['Ayşe Bir']}", json=GIVEN | {"leaves_clock": "14:00"})
    # Lunch of the first day is missed; dinner and the night count, and the whole of the second but its night.
    assert await lines(app, event) == [("14", "600.00", ""), ("15", "600.00", "")]
    await app.api().put(f"{path_of(event)}/{of['Ayşe Bir']}", json=GIVEN | {"returns_clock": "18:59"})
    assert await lines(app, event) == [("14", "900.00", ""), ("15", "300.00", "")]


async def test_private_nights_pay_nothing_wherever_they_are_entered(app: App) -> None:
    event = await paid_by(app, "eu_external", "AT;;240;EUR;2024-01-01;List of 2024")
    await nights(app, event, "2026-04-13", "2026-04-15")
    await nights(app, event, "2026-04-15", "2026-04-17", is_personal=True)
    assert await lines(app, event) == [
        ("13", "240.00", ""),
        ("14", "240.00", ""),
        ("15", "0.00", "personal"),
        ("16", "0.00", "personal"),
    ]
    of = await app.registrations(event)
    grid = f"/api/v1/events/{event['id']}/stays/nights"
    one = {"registration_id": of["Ayşe Bir"], "nights": ["2026-04-15"]}
    place = {"country": "AT", "city": "Vienna", "is_bed_provided": False, "has_breakfast": False}
    assert (await app.api().post(grid, json={"people": [one], **place})).status_code == 200
    # The night that is not private any more joins those before it and not those after.
    stays = (await app.api().get(f"/api/v1/events/{event['id']}/stays")).json()
    assert [(one["check_in"], one["check_out"], one["is_personal"]) for one in stays] == [
        ("2026-04-13", "2026-04-16", False),
        ("2026-04-16", "2026-04-17", True),
    ]
    assert [amount for _, amount, _ in await lines(app, event)] == ["240.00", "240.00", "240.00", "0.00"]


async def test_rule_sets_of_days_cut_private_nights_off_both_ends(app: App) -> None:
    event = await paid_by(app, "de_bmf", "AT;50;33;EUR;2024-01-01;BMF 2026", country="AT", zone="Europe/Vienna")
    of = await app.registrations(event)
    away = GIVEN | {"leaves_day": "2026-04-11", "returns_day": "2026-04-17"}
    await app.api().put(f"{path_of(event)}/{of['Ayşe Bir']}", json=away)
    await nights(app, event, "2026-04-11", "2026-04-17")
    assert [amount for _, amount, _ in await lines(app, event)] == ["33.00", *["50.00"] * 5, "33.00"]
    await nights(app, event, "2026-04-11", "2026-04-13", is_personal=True)
    await nights(app, event, "2026-04-13", "2026-04-15")
    await nights(app, event, "2026-04-15", "2026-04-17", is_personal=True)
    found = {day: amount for day, amount, _ in await lines(app, event)}
    assert found == {
        **dict.fromkeys(["11", "12", "16", "17"], "0.00"),
        "13": "33.00",
        "14": "50.00",
        "15": "33.00",
    }


async def test_private_nights_at_home_are_cut_off_both_ends_too(sqlite_app: App) -> None:
    app = sqlite_app
    event = await paid_by(app, "tr_6245", "TR;;900;TRY;2024-01-01;Table H", country="TR", zone="Europe/Istanbul")
    of = await app.registrations(event)
    away = GIVEN | {"leaves_day": "2026-04-12", "returns_day": "2026-04-16", "returns_clock": "20:00"}
    await app.api().put(f"{path_of(event)}/{of['Ayşe Bir']}", json=away)
    for first, last, private in (("12", "14", True), ("14", "15", False), ("15", "16", True)):
        await nights(app, event, f"2026-04-{first}", f"2026-04-{last}", country="TR", city="Van", is_personal=private)
    paid = {day: amount for day, amount, _ in await lines(app, event) if amount != "0.00"}
    assert paid == {"14": "900.00", "15": "600.00"}


async def test_what_is_approved_is_told_no_otherwise_by_the_person(app: App) -> None:
    event, tokens = await app.accepted_event(["Ayşe Bir"], kind="study-visit", country="AT", last_day="2026-04-15")
    await app.rates("AT;;240;EUR;2024-01-01;List of 2024")
    await nights(app, event, "2026-04-14", "2026-04-15")
    for day in ("2026-04-14", "2026-04-15"):
        await app.sign(event, day)
    guest = await app.owner(tokens["Ayşe Bir"])
    assert (await guest.put(MINE, json=GIVEN)).status_code == 200
    (sheet,) = (await app.api().post(f"/api/v1/events/{event['id']}/per-diem/submission")).json()
    assert (await guest.put(MINE, json=GIVEN)).status_code == 200
    assert (await app.api("approver").post(f"/api/v1/per-diem-sheets/{sheet['id']}/approval")).status_code == 200
    refused = await guest.put(MINE, json=GIVEN)
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "already-approved")


@pytest.mark.parametrize("entered", ["absence", "private nights"])
async def test_whoever_entered_times_or_private_nights_approves_no_sheet(sqlite_app: App, entered: str) -> None:
    app = sqlite_app
    async with app.database.unit_of_work() as db:
        await grant(db, await db.get_one(Account, app.accounts["approver"]), app.project_id, Role.organiser)
    event, _ = await app.accepted_event(["Ayşe Bir"], kind="study-visit", country="AT", last_day="2026-04-15")
    await app.rates("AT;;240;EUR;2024-01-01;List of 2024")
    await nights(app, event, "2026-04-14", "2026-04-15")
    for day in ("2026-04-14", "2026-04-15"):
        await app.sign(event, day)
    of = await app.registrations(event)
    if entered == "absence":
        answer = await app.api("approver").put(f"{path_of(event)}/{of['Ayşe Bir']}", json=GIVEN)
    else:
        one = {"registration_id": of["Ayşe Bir"], "nights": ["2026-04-15"]}
        given = {"people": [one], "country": "AT", "is_personal": True}
        answer = await app.api("approver").post(f"/api/v1/events/{event['id']}/stays/nights", json=given)
    assert answer.status_code == 200, answer.text
    (sheet,) = (await app.api().post(f"/api/v1/events/{event['id']}/per-diem/submission")).json()
    refused = await app.api("approver").post(f"/api/v1/per-diem-sheets/{sheet['id']}/approval")
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (403, "entered-it")


async def test_by_pages(app: App) -> None:
    event, tokens, of = await visit(app, ["Ayşe Bir", "Mehmet İki"])
    here, desk = f"/events/{event['id']}/absences", await app.at_desk()
    assert 'value="2026-04-14"' in (await desk.get(here)).text
    none = await desk.send(f"{here}/preview", GIVEN | {"whom": "chosen"})
    assert (none.status_code, 'id="registrations-wrong"' in none.text) == (422, True)
    looked = await desk.send(f"{here}/preview", GIVEN | {"whom": "chosen", "registrations[]": [of["Ayşe Bir"]]})
    assert ("Enter this absence?" in looked.text, "07:30" in looked.text) == (True, True)
    await desk.send(here, GIVEN | {"whom": "all"})
    assert ("Entered: 2." in desk.page, desk.page.count("07:30") >= 2) == (True, True)
    mine = f"{here}/{of['Ayşe Bir']}"
    assert 'value="07:30"' in (await desk.get(mine)).text
    wrong = await desk.send(mine, GIVEN | {"returns_day": "2026-04-13"})
    assert (wrong.status_code, 'id="returns_day-wrong"' in wrong.text) == (422, True)
    await desk.send(mine, GIVEN | {"leaves_clock": "05.15"})
    assert "05:15" in desk.page
    await desk.send(f"{mine}/remove")
    assert "05:15" not in desk.page
    visitor = await app.owners_browser(tokens["Ayşe Bir"])
    page = f"/i/{tokens['Ayşe Bir']}/payment"
    assert "Gidiş ve dönüşüm" in (await visitor.get(page)).text
    await visitor.get(f"{page}/absence")
    wrong = await visitor.send(f"{page}/absence", GIVEN | {"leaves_clock": "early"})
    assert (wrong.status_code, 'value="early"' in wrong.text) == (422, True)
    await visitor.send(f"{page}/absence", GIVEN | {"leaves_clock": "0645"})
    assert "06:45" in visitor.page


async def test_the_night_grid_marks_private_nights(sqlite_app: App) -> None:
    event, _, of = await visit(sqlite_app, ["Ayşe Bir"])
    desk, here = await sqlite_app.at_desk(), f"/events/{event['id']}/stays"
    await desk.get(here)
    cells = [f"{of['Ayşe Bir']}:2026-04-14"]
    await desk.send(f"{here}/nights", {"act": "enter", "country": "AT", "cells[]": cells})
    assert "private</span>" not in desk.page
    await desk.send(f"{here}/nights", {"act": "enter", "country": "AT", "is_personal": "yes", "cells[]": cells})
    assert ("private</span>" in desk.page, "Private nights entered" in desk.page) == (True, True)


@pytest.mark.parametrize("day", [13, 14])
async def test_before_the_event_people_are_asked_of_what_is_still_to_come(sqlite_app: App, day: int) -> None:
    _, tokens, _ = await visit(sqlite_app, ["Ayşe Bir"])
    sqlite_app.clock.now = sqlite_app.clock.now.replace(month=4, day=day)
    browser, is_ahead = await sqlite_app.owners_browser(tokens["Ayşe Bir"]), day == 13
    asked = {
        "tr": ("Ne zaman ayrılacaksınız, ne zaman döneceksiniz?", "Ne zaman ayrıldınız, ne zaman döndünüz?"),
        "en": ("When will you leave, when will you be back?", "When did you leave, when were you back?"),
    }
    for language, (ahead, over) in asked.items():
        for path in ("payment", "payment/absence"):
            await browser.get(f"/i/{tokens['Ayşe Bir']}/{path}")
            await browser.send("/language", {"language": language})
            page = (await browser.get(f"/i/{tokens['Ayşe Bir']}/{path}")).text
            assert (ahead in page, over in page) == (is_ahead, not is_ahead), (language, path)
