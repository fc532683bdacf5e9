"""The yes and the no: places, the waiting list, and what a participant tells."""

import asyncio
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from tests.events.story import live_through
from tests.people import App, names

DETAILS = {
    "passport_name": "Ayşe Yılmaz",
    "mobile": "+90 532 000 00 00",
    "diet": "vegetarian",
    "accessibility": "A ramp",
    "emergency_contact": "Mehmet, 0312 000 00 00",
    "agrees_data_use": True,
    "agrees_photographs": False,
}


async def statuses(app: App, event: dict[str, object]) -> dict[str, str]:
    people = await app.api().get(f"/api/v1/events/{event['id']}/people", params={"limit": 100})
    return {p["name"]: p["status"] for p in people.json()["items"]}


async def taken(app: App, event: dict[str, object]) -> int:
    count: int = (await app.api().get(f"/api/v1/events/{event['id']}")).json()["taken"]
    return count


async def decline(app: App, token: str, reason: str = "") -> None:
    answer = await app.guest(token).post("/api/v1/invitation/decline", json={"reason": reason})
    assert answer.status_code == 200, answer.text


async def test_a_yes_takes_a_place_and_is_confirmed_by_mail(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    tokens = await sqlite_app.invite(event, ["Ayşe Yılmaz"])
    answer = await sqlite_app.accept(tokens["Ayşe Yılmaz"])
    assert (answer["status"], answer["registration"], await taken(sqlite_app, event)) == (
        "accepted",
        "confirmed",
        1,
    )
    assert [m.to_name for m in await sqlite_app.mails("events/accepted")] == ["Ayşe Yılmaz"]


async def test_the_same_yes_twice_is_one_yes(app: App) -> None:
    event, tokens = await app.accepted_event(["Ayşe Yılmaz"])
    await app.accept(tokens["Ayşe Yılmaz"])
    assert (await taken(app, event), len(await app.mails("events/accepted"))) == (1, 1)


async def test_whoever_comes_after_the_last_place_waits_and_is_told_so(app: App) -> None:
    event, _ = await app.accepted_event(["Ayşe Yılmaz", "Mehmet Öz"], capacity=1)
    assert await statuses(app, event) == {"Ayşe Yılmaz": "accepted", "Mehmet Öz": "waiting"}
    assert [m.to_name for m in await app.mails("events/waiting")] == ["Mehmet Öz"]


async def test_a_place_given_back_goes_to_the_first_who_waits(app: App) -> None:
    event, tokens = await app.accepted_event(["Ayşe Bir", "Mehmet İki", "Oğuz Üç"], capacity=1)
    await decline(app, tokens["Ayşe Bir"], "A hearing")
    assert await statuses(app, event) == {
        "Ayşe Bir": "cancelled",
        "Mehmet İki": "accepted",
        "Oğuz Üç": "waiting",
    }
    assert [m.to_name for m in await app.mails("events/accepted")] == ["Ayşe Bir", "Mehmet İki"]


async def test_a_newcomer_does_not_overtake_who_waits(app: App) -> None:
    event, _ = await app.accepted_event(["Ayşe Bir", "Mehmet İki"], capacity=1)
    late = await app.invite(event, ["Zeynep Geç"])
    plan = app.plan(capacity=2)
    del plan["project_id"]
    await app.api().put(f"/api/v1/events/{event['id']}", json=plan)
    await app.accept(late["Zeynep Geç"])
    await app.work()
    assert (await statuses(app, event))["Mehmet İki"] == "accepted"
    assert (await statuses(app, event))["Zeynep Geç"] == "waiting"


async def test_a_person_may_say_no_and_yes_again(sqlite_app: App) -> None:
    event, tokens = await sqlite_app.accepted_event(["Ayşe Yılmaz"])
    await sqlite_app.guest(tokens["Ayşe Yılmaz"]).put("/api/v1/invitation/details", json=DETAILS)
    await decline(sqlite_app, tokens["Ayşe Yılmaz"])
    assert await taken(sqlite_app, event) == 0
    answer = await sqlite_app.accept(tokens["Ayşe Yılmaz"])
    assert (answer["registration"], answer["details_given"], await taken(sqlite_app, event)) == (
        "confirmed",
        True,
        1,
    )


async def test_answers_are_taken_until_the_deadlines_day_is_over_where_the_event_is(sqlite_app: App) -> None:
    event = await sqlite_app.event(answer_by="2026-03-10")
    tokens = await sqlite_app.invite(event, ["Ayşe Bir", "Mehmet İki"])
    sqlite_app.clock.now = sqlite_app.clock.now.replace(day=10, hour=20, minute=59)
    assert (await sqlite_app.accept(tokens["Ayşe Bir"]))["registration"] == "confirmed"
    sqlite_app.clock.forward(minutes=1)
    answer = await sqlite_app.guest(tokens["Mehmet İki"]).post("/api/v1/invitation/acceptance")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "answer-too-late")


async def test_answers_are_taken_from_the_day_on_which_they_open(sqlite_app: App) -> None:
    event = await sqlite_app.event(opens_on="2026-03-03")
    tokens = await sqlite_app.invite(event, ["Ayşe Bir"])
    early = await sqlite_app.guest(tokens["Ayşe Bir"]).post("/api/v1/invitation/acceptance")
    sqlite_app.clock.forward(hours=13)  # midnight in Istanbul
    assert (early.status_code, early.json()["type"].rpartition("/")[2]) == (409, "answer-too-early")
    assert (await sqlite_app.accept(tokens["Ayşe Bir"]))["registration"] == "confirmed"


async def test_the_personal_page_says_that_it_is_too_late_and_offers_no_button(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    tokens = await sqlite_app.invite(event, ["Ayşe Bir"])
    open_page = await sqlite_app.stranger().get(f"/i/{tokens['Ayşe Bir']}")
    sqlite_app.clock.now = sqlite_app.clock.now.replace(month=4, day=16)
    late_page = await sqlite_app.stranger().get(f"/i/{tokens['Ayşe Bir']}")
    late_yes = await sqlite_app.guest(tokens["Ayşe Bir"]).post("/api/v1/invitation/acceptance")
    assert ("/accept" in open_page.text, "/accept" in late_page.text, late_yes.status_code) == (
        True,
        False,
        409,
    )


async def test_nobody_accepts_a_cancelled_event(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    tokens = await sqlite_app.invite(event, ["Ayşe Yılmaz"])
    await sqlite_app.api().post(f"/api/v1/events/{event['id']}/cancellation", json={"reason": "No money."})
    answer = await sqlite_app.guest(tokens["Ayşe Yılmaz"]).post("/api/v1/invitation/acceptance")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "event-cancelled")


async def test_a_withdrawn_invitation_frees_its_place_ends_its_link_and_leaves_the_calendar(
    sqlite_app: App,
) -> None:
    event, tokens = await sqlite_app.accepted_event(["Ayşe Bir", "Mehmet İki"], capacity=1)
    people = await sqlite_app.api().get(f"/api/v1/events/{event['id']}/people")
    id = next(p["invitation_id"] for p in people.json()["items"] if p["name"] == "Ayşe Bir")
    desk = await sqlite_app.at_desk()
    await desk.get(f"/events/{event['id']}/people")
    await desk.send(f"/events/{event['id']}/people/{id}/withdraw", {"reason": "Named by mistake"})
    assert await statuses(sqlite_app, event) == {"Ayşe Bir": "withdrawn", "Mehmet İki": "accepted"}
    assert (await sqlite_app.stranger().get(f"/i/{tokens['Ayşe Bir']}")).status_code == 410
    assert [m.to_name for m in await sqlite_app.mails("events/cancellation")] == ["Ayşe Bir"]


async def test_who_is_named_anew_gets_an_entry_that_outranks_the_cancellation(app: App) -> None:
    event = await app.event()
    await app.invite(event, ["Ayşe Bir"])
    people = await app.api().get(f"/api/v1/events/{event['id']}/people")
    desk = await app.at_desk()
    await desk.get(f"/events/{event['id']}/people")
    path = f"/events/{event['id']}/people/{people.json()['items'][0]['invitation_id']}/withdraw"
    await desk.send(path, {"reason": "Named by mistake"})
    await app.invite(event, ["Ayşe Bir"])
    mails = sorted(await app.mails(about=event["id"]), key=lambda mail: mail.id)
    entries = [Calendar.from_ical(mail.calendar or "").walk("VEVENT")[0] for mail in mails]
    assert [mail.calendar_method for mail in mails] == ["REQUEST", "CANCEL", "REQUEST"]
    assert [int(entry["SEQUENCE"]) for entry in entries] == [0, 1, 2]


async def test_more_capacity_promotes_those_who_wait(app: App) -> None:
    event, _ = await app.accepted_event(names(4), capacity=2)
    plan = app.plan(capacity=3)
    del plan["project_id"]
    await app.api().put(f"/api/v1/events/{event['id']}", json=plan)
    await app.work()
    assert sorted((await statuses(app, event)).values()) == ["accepted"] * 3 + ["waiting"]


async def test_the_last_place_is_taken_once_however_many_reach_for_it(app: App) -> None:
    event, tokens = await app.invited_event(names(20), capacity=3)
    answers = await asyncio.gather(*(app.accept(token) for token in tokens.values()))
    assert sorted(a["registration"] for a in answers) == ["confirmed"] * 3 + ["waiting"] * 17
    assert await taken(app, event) == 3


async def test_places_and_people_agree_after_any_tumult(app: App) -> None:
    event = await app.event(capacity=4)
    tokens = list((await app.invite(event, names(12))).values())

    async def waver(number: int, token: str) -> None:
        for round in range(3):
            await app.accept(token)
            if (number + round) % 2:
                await decline(app, token)

    await asyncio.gather(*(waver(n, t) for n, t in enumerate(tokens)))
    await app.work()
    async with app.database.reading() as db:
        connection = await db.connection()
        rows = await connection.execute(sa.text("SELECT standing, count(*) FROM registration GROUP BY standing"))
        counts = {row[0]: row[1] for row in rows}
    assert counts["confirmed"] == await taken(app, event) == 4


async def test_one_person_has_one_active_registration_even_when_asked_at_once(app: App) -> None:
    event, tokens = await app.invited_event(["Ayşe Yılmaz"])
    await asyncio.gather(*(app.accept(tokens["Ayşe Yılmaz"]) for _ in range(8)))
    assert (await taken(app, event), len(await app.mails("events/accepted"))) == (1, 1)


async def test_what_a_participant_tells_is_encrypted_at_rest(app: App) -> None:
    _, tokens = await app.accepted_event(["Ayşe Yılmaz"])
    await app.guest(tokens["Ayşe Yılmaz"]).put("/api/v1/invitation/details", json=DETAILS)
    async with app.database.reading() as db:
        connection = await db.connection()
        row = (
            await connection.execute(sa.text("SELECT passport_name, mobile, diet, emergency_contact FROM registration"))
        ).one()
    assert all(value.startswith("gAAAA") for value in row)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"agrees_data_use": False}, "agrees_data_use"),
        ({"mobile": "call me"}, "mobile"),
        ({"passport_name": " "}, "passport_name"),
        ({"diet": "x" * 201}, "diet"),
        ({"passport_name": "A\u202eB"}, "passport_name"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_details_that_do_not_fit_are_named_and_not_kept(
    sqlite_app: App, change: dict[str, object], field: str
) -> None:
    _, tokens = await sqlite_app.accepted_event(["Ayşe Yılmaz"])
    guest = sqlite_app.guest(tokens["Ayşe Yılmaz"])
    answer = await guest.put("/api/v1/invitation/details", json={**DETAILS, **change})
    assert (answer.status_code, [e["field"] for e in answer.json()["errors"]]) == (422, [field])
    assert not (await guest.get("/api/v1/invitation")).json()["details_given"]


async def test_a_box_for_consent_that_is_not_ticked_is_asked_for_in_its_own_words(sqlite_app: App) -> None:
    _, tokens = await sqlite_app.accepted_event(["Ayşe Yılmaz"])
    visitor = sqlite_app.stranger()
    await visitor.get(f"/i/{tokens['Ayşe Yılmaz']}")
    told = {"passport_name": "AYSE YILMAZ", "mobile": "+90 532 000 00 00"}
    answer = await visitor.send(f"/i/{tokens['Ayşe Yılmaz']}/details", told)
    said = re.search(r'id="agrees_data_use-wrong">([^<]+)<', answer.text)
    assert said is not None
    assert said[1].startswith(("We cannot register you", "Bu verilerin"))


async def test_details_are_asked_of_those_who_accepted(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    tokens = await sqlite_app.invite(event, ["Ayşe Yılmaz"])
    answer = await sqlite_app.guest(tokens["Ayşe Yılmaz"]).put("/api/v1/invitation/details", json=DETAILS)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "not-registered")


async def test_the_personal_page_comes_back_with_what_was_typed(sqlite_app: App) -> None:
    _, tokens = await sqlite_app.accepted_event(["Ayşe Yılmaz"])
    visitor, path = sqlite_app.stranger(), f"/i/{tokens['Ayşe Yılmaz']}"
    await visitor.get(path)
    answer = await visitor.send(f"{path}/details", {"passport_name": "Ayşe", "mobile": "none", "diet": "No nuts"})
    assert (answer.status_code, 'value="No nuts"' in answer.text) == (422, True)
    assert "telefon" in answer.text  # the person's own language


async def test_a_guessed_link_opens_nothing_and_guessing_is_slowed_down(sqlite_app: App) -> None:
    visitor = sqlite_app.stranger()
    statuses = [(await visitor.get(f"/i/{'x' * 20}{n:04}")).status_code for n in range(61)]
    assert statuses == [404] * 60 + [429]


async def test_ten_thousand_requests_for_one_link_are_slowed_down(sqlite_app: App) -> None:
    _, tokens = await sqlite_app.accepted_event(["Ayşe Yılmaz"])
    visitor = sqlite_app.stranger()
    answers = [await visitor.client.get(f"/i/{tokens['Ayşe Yılmaz']}") for _ in range(250)]
    assert answers[0].status_code == 200
    assert (answers[-1].status_code, "retry-after" in answers[-1].headers) == (429, True)


async def test_a_link_outlives_the_event_by_sixty_days(sqlite_app: App) -> None:
    _, tokens = await sqlite_app.accepted_event(["Ayşe Yılmaz"])
    sqlite_app.clock.now = sqlite_app.clock.now.replace(month=6, day=14)
    assert (await sqlite_app.stranger().get(f"/i/{tokens['Ayşe Yılmaz']}")).status_code == 200
    sqlite_app.clock.forward(days=1)
    assert (await sqlite_app.stranger().get(f"/i/{tokens['Ayşe Yılmaz']}")).status_code == 410


@settings(max_examples=15)
@given(
    steps=st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["yes", "no"])), max_size=14),
    capacity=st.integers(1, 3),
)
def test_places_are_never_oversold_and_never_idle_while_somebody_waits(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, str]], capacity: int
) -> None:
    story = asyncio.run(live_through(sqlite_template, tmp_path_factory.mktemp("story"), steps, capacity))
    for free, confirmed, waiting, counted in story:
        assert counted == confirmed <= capacity
        assert not (free and waiting)
