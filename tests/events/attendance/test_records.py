"""Who was there: what sources say is kept, and one rule says what counts."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.attendance.records.rules import (
    SIGNATURES,
    AttendanceSource,
    Half,
    Statement,
    attended,
    held_halves,
    judge,
)
from tests.people import App, problem_fields

DAY = date(2026, 4, 14)
STATEMENTS = st.lists(st.builds(Statement, st.sampled_from(AttendanceSource), st.booleans()), max_size=8)


@pytest.mark.parametrize(
    ("said", "counts", "is_disputed"),
    [
        ([], False, False),
        ([(AttendanceSource.check_in, True)], True, False),
        ([(AttendanceSource.sheet, True), (AttendanceSource.check_in, True)], True, False),
        # Funders count who signed: a desk that let somebody in does not replace the missing signature.
        ([(AttendanceSource.check_in, True), (AttendanceSource.scan, False)], False, True),
        ([(AttendanceSource.scan, False), (AttendanceSource.sheet, True)], True, True),
        # The same page read again says what the second reading says.
        ([(AttendanceSource.scan, True), (AttendanceSource.scan, False)], False, False),
        ([(AttendanceSource.sheet, True), (AttendanceSource.correction, False)], False, False),
        ([(AttendanceSource.correction, False), (AttendanceSource.scan, True)], False, True),
    ],
)
def test_what_counts_of_what_sources_say(
    said: list[tuple[AttendanceSource, bool]], counts: bool, is_disputed: bool
) -> None:
    judgement = judge([Statement(*one) for one in said])
    assert (judgement.is_present, judgement.is_disputed) == (counts, is_disputed)


@given(STATEMENTS)
def test_nobody_counts_whom_no_source_saw_and_agreement_is_no_dispute(said: list[Statement]) -> None:
    judgement = judge(said)
    if not any(one.is_present for one in said):
        assert not judgement.is_present
    if len({one.is_present for one in said}) < 2:
        assert not judgement.is_disputed
    corrections = [one for one in said if one.source is AttendanceSource.correction]
    if corrections:
        assert judgement.is_present == corrections[-1].is_present


@given(STATEMENTS, st.randoms())
def test_without_correction_the_order_in_which_sources_arrive_does_not_matter(
    said: list[Statement], random: Any
) -> None:
    once = list({one.source: one for one in said if one.source is not AttendanceSource.correction}.values())
    shuffled = random.sample(once, len(once))
    assert judge(once) == judge(shuffled)
    assert set(AttendanceSource) > SIGNATURES


def session(hour: float, until: float, is_attended: bool = True) -> tuple[datetime, datetime, bool]:
    # Istanbul is three hours ahead of UTC.
    start = datetime.combine(DAY, time(), UTC) - timedelta(hours=3)
    return start + timedelta(hours=hour), start + timedelta(hours=until), is_attended


@pytest.mark.parametrize(
    ("sessions", "held"),
    [
        ([], ["am", "pm"]),
        ([session(9, 12)], ["am"]),
        ([session(9, 13)], ["am"]),
        ([session(14, 17)], ["pm"]),
        ([session(9, 17)], ["am", "pm"]),
        ([session(12, 13)], ["am"]),
        ([session(12.5, 13)], ["pm"]),
        ([session(9, 12), session(13, 14, is_attended=False)], ["am"]),
        ([session(13, 19, is_attended=False)], []),
    ],
)
def test_half_days_are_held_when_a_session_falls_into_them(
    sessions: list[tuple[datetime, datetime, bool]], held: list[str]
) -> None:
    assert [half for _, half in held_halves([DAY], sessions, "Europe/Istanbul")] == held


@pytest.mark.parametrize(("present", "is_enough"), [(0, False), (3, False), (4, True), (5, True)])
def test_four_of_five_half_days_are_eighty_percent(present: int, is_enough: bool) -> None:
    held = [(DAY + timedelta(days=n), Half.morning) for n in range(5)]
    assert attended(held[:present], held, 80).is_enough is is_enough


def test_a_half_day_on_which_nothing_took_place_adds_nothing() -> None:
    held = [(DAY, Half.morning), (DAY, Half.afternoon)]
    assert attended([(DAY, Half.morning), (DAY + timedelta(days=1), Half.morning)], held, 80).present == 1


async def test_taking_back_what_counted_needs_a_reason_and_leaves_both_on_record(app: App) -> None:
    event, _ = await app.accepted_event(["Ayşe Bir"])
    id = (await app.registrations(event))["Ayşe Bir"]
    await app.sign(event, DAY)
    path = f"/api/v1/events/{event['id']}/attendance"
    body = {"day": str(DAY), "entries": [{"registration_id": id, "halves": ["am"]}]}
    refused = await app.api("desk").put(path, json=body)
    taken = await app.api("desk").put(path, json={**body, "reason": "Signed in the wrong row"})
    assert (list(problem_fields(refused)), taken.json()) == (["reason"], {"changed": 1})
    records = (await app.api("desk").get(f"{path}/{id}")).json()
    afternoon = [(one["source"], one["is_present"], one["reason"]) for one in records if one["half"] == "pm"]
    assert afternoon == [("sheet", True, ""), ("correction", False, "Signed in the wrong row")]
    (person,) = (await app.api("auditor").get(path)).json()
    assert ([one["half"] for one in person["present"]], person["percent"], person["is_enough"]) == (["am"], 25, False)


async def test_the_page_asks_for_the_reason_beside_its_field_and_loses_no_box(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir", "Mehmet İki"])
    ids = await sqlite_app.registrations(event)
    await sqlite_app.sign(event, DAY)
    desk = await sqlite_app.at_desk("desk")
    page = f"/events/{event['id']}/attendance"
    await desk.get(page)
    form = {"day": str(DAY), "shown[]": list(ids.values()), "signed[]": [f"{ids['Mehmet İki']}:am"]}
    again = await desk.send(page, form)
    assert again.status_code == 422
    assert again.text.count("checked") == 1
    assert 'aria-invalid="true"' in again.text
    await desk.send(page, {**form, "reason": "Yanlış satır"})
    assert "Yanlış satır" in (await desk.get(f"{page}/{ids['Ayşe Bir']}")).text


async def test_a_correction_counts_over_the_sheet_and_is_noted_with_who_and_why(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    id = (await sqlite_app.registrations(event))["Ayşe Bir"]
    await sqlite_app.sign(event, DAY)
    desk = await sqlite_app.at_desk("desk")
    page = f"/events/{event['id']}/attendance/{id}"
    await desk.get(page)
    missing = await desk.send(f"{page}/corrections", {"half_day": f"{DAY}/am", "is_present": "false", "reason": ""})
    assert (missing.status_code, 'aria-invalid="true"' in missing.text) == (422, True)
    await desk.send(f"{page}/corrections", {"half_day": f"{DAY}/am", "is_present": "false", "reason": "Left at nine"})
    rows = (await sqlite_app.api("finance").get(f"/api/v1/events/{event['id']}/attendance")).json()
    assert [one["half"] for one in rows[0]["present"]] == ["pm"]
    assert "Left at nine" in (await desk.get(page)).text


async def test_whoever_was_there_cannot_leave_by_link_and_stays_in_the_lists_whatever_the_organiser_does(
    app: App,
) -> None:
    event, tokens = await app.accepted_event(["Ayşe Bir", "Can İki"])
    await app.sign(event, DAY, ["Ayşe Bir"])
    guest, invitation = app.guest(tokens["Ayşe Bir"]), "/api/v1/invitation"
    instead = {"name": "Deniz Vekil", "address": "deniz@example.org"}
    refused = [
        await guest.post(f"{invitation}/decline", json={}, headers={"Accept-Language": "en"}),
        await guest.post(f"{invitation}/substitution", json=instead),
    ]
    assert [one.json()["type"].rpartition("/")[2] for one in refused] == ["attendance-recorded", "event-begun"]
    assert "signed or checked in" in (await page_in(app, tokens["Ayşe Bir"], "en"))
    page = await page_in(app, tokens["Ayşe Bir"], "tr")
    assert ("imzaladınız" in page, "/decline" in page, "/substitute" in page) == (True, False, False)
    # Without the use of their data nobody takes part; what was signed has to be kept.
    owner = await app.owner(tokens["Ayşe Bir"])
    consent = {"purpose": "data-use", "is_given": False}
    assert (await owner.post(f"{invitation}/consents", json=consent)).status_code == 204
    ids = {one["name"]: one["invitation_id"] for one in await people_of(app, event)}
    for id in ids.values():
        answer = await app.api().post(f"/api/v1/invitations/{id}/withdrawal", json={"reason": "By mistake"})
        assert answer.json()["status"] == "withdrawn"
    rows = (await app.api("auditor").get(f"/api/v1/events/{event['id']}/attendance")).json()
    assert [(one["name"], len(one["present"]), one["has_place"]) for one in rows] == [("Ayşe Bir", 2, False)]
    assert list(await app.registrations(event)) == ["Ayşe Bir"]


async def page_in(app: App, token: str, language: str) -> str:
    visitor = app.stranger()
    visitor.client.cookies.set("heyet_language", language)
    return (await visitor.get(f"/i/{token}")).text


async def people_of(app: App, event: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    return found


@pytest.mark.parametrize("role", ["finance", "auditor"])
async def test_finance_and_auditor_look_and_change_nothing(sqlite_app: App, role: str) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    id = (await sqlite_app.registrations(event))["Ayşe Bir"]
    path = f"/api/v1/events/{event['id']}/attendance"
    change = {"day": str(DAY), "half": "am", "is_present": True, "reason": "x"}
    assert (await sqlite_app.api(role).post(f"{path}/{id}/corrections", json=change)).status_code == 403
    reader = await sqlite_app.at_desk(role)
    page = (await reader.get(f"/events/{event['id']}/attendance")).text
    assert ("Ayşe Bir" in page, 'type="checkbox"' in page) == (True, False)


async def test_the_list_costs_the_same_queries_however_many_were_there(sqlite_app: App) -> None:
    counts = []
    for people in (["A One"], ["A One", "B Two", "C Three", "D Four"]):
        event, _ = await sqlite_app.accepted_event(people, title=f"{len(people)} people")
        await sqlite_app.sign(event, DAY)
        with sqlite_app.counting() as statements:
            await sqlite_app.api().get(f"/api/v1/events/{event['id']}/attendance")
        counts.append(len(statements))
    assert counts[0] == counts[1]


async def test_a_day_that_has_not_come_where_the_event_is_takes_no_attendance(app: App) -> None:
    """In Istanbul it is 14 April from 21:00 UTC on; what was recorded too early can be taken back."""
    event, _ = await app.accepted_event(["Ayşe Bir"])
    (id,) = (await app.registrations(event)).values()
    path = f"/api/v1/events/{event['id']}/attendance"
    body = {"day": "2026-04-14", "entries": [{"registration_id": id, "halves": ["am"]}]}
    app.clock.now = datetime(2026, 4, 13, 20, 59, tzinfo=UTC)
    corrected = {"day": "2026-04-14", "half": "pm", "is_present": True, "reason": "Seen"}
    early = [
        await app.api().put(path, json=body, headers={"Accept-Language": "en"}),
        await app.api().post(f"{path}/{id}/corrections", json=corrected, headers={"Accept-Language": "en"}),
    ]
    desk = await app.at_desk()
    await desk.get(path.removeprefix("/api/v1"))
    form = {"day": "2026-04-14", "shown[]": [id], "signed[]": [f"{id}:am"]}
    page = (await desk.send(path.removeprefix("/api/v1"), form)).text
    app.clock.now = datetime(2026, 4, 13, 21, tzinfo=UTC)
    today = await app.api().put(path, json=body)
    tomorrow = await app.api().put(path, json={**body, "day": "2026-04-15"})
    said = "14 April 2026 has not come yet: attendance is recorded from that day on."
    assert [problem_fields(one) for one in early] == [{"day": said}] * 2
    assert said in page
    assert (today.json(), tomorrow.status_code) == ({"changed": 1}, 422)


async def test_before_an_event_begins_nobody_is_said_to_be_below(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    (id,) = (await sqlite_app.registrations(event)).values()
    desk = await sqlite_app.at_desk()
    here = f"/events/{event['id']}/attendance"
    pages = [(await desk.get(path)).text for path in (here, f"{here}/{id}")]
    assert all("The event has not begun yet: it begins on 14 April 2026." in page for page in pages)
    assert not any(words in page for page in pages for words in ("below", "reaches it", "are needed"))
    sqlite_app.comes("2026-04-14")
    begun = (await (await sqlite_app.at_desk()).get(here)).text
    assert ("below" in begun, "0 of 1 person reaches it" in begun, "not begun" in begun) == (True, True, False)
