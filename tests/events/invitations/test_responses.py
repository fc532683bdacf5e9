"""What may be said to an invitation, and what becomes of the place."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from directory.people.models import Person, PersonAddress
from events.invitations.offers.rules import after_working_hours
from events.invitations.waiting_list.rules import Chance, chance
from tests.people import LINK, App, names, problem_fields

ISTANBUL = ZoneInfo("Europe/Istanbul")


async def say(app: App, token: str, what: str, **given: Any) -> Any:
    return await app.guest(token).post(f"/api/v1/invitation/{what}", json=given)


async def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition("/")[2]


async def roster(app: App, event: dict[str, Any]) -> dict[str, dict[str, Any]]:
    people = await app.api().get(f"/api/v1/events/{event['id']}/people", params={"limit": 100})
    return {p["name"]: p for p in people.json()["items"]}


async def status(app: App, event: dict[str, Any], name: str) -> str:
    found: str = (await roster(app, event))[name]["status"]
    return found


async def taken(app: App, event: dict[str, Any]) -> int:
    count: int = (await app.api().get(f"/api/v1/events/{event['id']}")).json()["taken"]
    return count


async def test_a_maybe_is_noted_and_keeps_no_place(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    tokens = await sqlite_app.invite(event, ["Ayşe Bir"])
    answer = await say(sqlite_app, tokens["Ayşe Bir"], "tentative")
    assert (answer.json()["status"], await taken(sqlite_app, event)) == ("tentative", 0)
    assert len(await sqlite_app.mails("events/tentative")) == 1
    assert (await sqlite_app.accept(tokens["Ayşe Bir"]))["registration"] == "confirmed"


async def test_a_secretary_answers_and_planners_alone_see_who_it_was(app: App) -> None:
    event, tokens = await app.invited_event(["Ayşe Bir"])
    await say(app, tokens["Ayşe Bir"], "acceptance", answered_by="Fatma Sekreter")
    row = (await roster(app, event))["Ayşe Bir"]
    history = f"/people/{row['person_id']}"
    page = f"/events/{event['id']}/people/{row['invitation_id']}"
    desk, auditor = await app.at_desk(), await app.at_desk("auditor")
    assert "somebody on their behalf" in (await desk.get(history)).text
    assert "Fatma Sekreter" in (await desk.get(page)).text
    for path in (history, page):
        assert "Fatma Sekreter" not in (await auditor.get(path)).text


async def test_guests_take_places_too_and_a_party_waits_together(app: App) -> None:
    event, tokens = await app.invited_event(["Ayşe Bir", "Mehmet İki", "Oğuz Üç"], capacity=4, guests_allowed=2)
    first = await say(app, tokens["Ayşe Bir"], "acceptance", guests=1)
    party = await say(app, tokens["Mehmet İki"], "acceptance", guests=2)
    alone = await say(app, tokens["Oğuz Üç"], "acceptance")
    got = [a.json()["registration"] for a in (first, party, alone)]
    assert (got, await taken(app, event)) == (["confirmed", "waiting", "confirmed"], 3)
    await say(app, tokens["Ayşe Bir"], "decline")
    assert (await status(app, event, "Mehmet İki"), await taken(app, event)) == ("accepted", 4)


async def test_more_guests_than_the_event_allows_are_refused(sqlite_app: App) -> None:
    event = await sqlite_app.event(guests_allowed=1)
    tokens = await sqlite_app.invite(event, ["Ayşe Bir"])
    answer = await say(sqlite_app, tokens["Ayşe Bir"], "acceptance", guests=2)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "guests")
    assert await taken(sqlite_app, event) == 0


async def test_whoever_waits_may_leave_the_list(sqlite_app: App) -> None:
    event, tokens = await sqlite_app.accepted_event(["Ayşe Bir", "Mehmet İki"], capacity=1)
    await say(sqlite_app, tokens["Mehmet İki"], "decline")
    await say(sqlite_app, tokens["Ayşe Bir"], "decline")
    assert (await status(sqlite_app, event, "Mehmet İki"), await taken(sqlite_app, event)) == ("cancelled", 0)


async def test_a_free_place_is_kept_for_the_first_who_waits_while_working_hours_last(app: App) -> None:
    event, tokens = await app.accepted_event(["Ayşe Bir", "Mehmet İki", "Oğuz Üç"], capacity=1, offer_hours=8)
    await say(app, tokens["Ayşe Bir"], "decline")
    offer = (await app.guest(tokens["Mehmet İki"]).get("/api/v1/invitation")).json()
    assert (offer["status"], await taken(app, event)) == ("offered", 1)
    # Offered on Monday at eleven in Istanbul: eight working hours later it is Tuesday at eleven.
    assert datetime.fromisoformat(offer["offered_until"]) == datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
    assert (await app.accept(tokens["Mehmet İki"]))["registration"] == "confirmed"


async def test_a_place_abroad_is_kept_over_a_public_holiday_there(sqlite_app: App) -> None:
    abroad = {"country": "BG", "zone": "Europe/Sofia"}
    _, tokens = await sqlite_app.accepted_event(["Ayşe Bir", "Mehmet İki"], capacity=1, offer_hours=8, **abroad)
    await say(sqlite_app, tokens["Ayşe Bir"], "decline")
    offer = (await sqlite_app.guest(tokens["Mehmet İki"]).get("/api/v1/invitation")).json()
    # Tuesday, the 3rd of March, is the national day of Bulgaria.
    assert datetime.fromisoformat(offer["offered_until"]) == datetime(2026, 3, 4, 8, 0, tzinfo=UTC)


async def test_an_offer_that_nobody_takes_goes_on_to_the_next(app: App) -> None:
    event, tokens = await app.accepted_event(["Ayşe Bir", "Mehmet İki", "Oğuz Üç"], capacity=1, offer_hours=8)
    await say(app, tokens["Ayşe Bir"], "decline")
    app.clock.forward(hours=24)
    late = await say(app, tokens["Mehmet İki"], "acceptance")
    await app.work()
    people = await roster(app, event)
    assert await code(late) == (409, "offer-over")
    assert [people[n]["status"] for n in ("Mehmet İki", "Oğuz Üç")] == ["expired", "offered"]
    assert [m.to_name for m in await app.mails("events/expired")] == ["Mehmet İki"]


async def test_an_offered_place_is_nobody_elses(app: App) -> None:
    event, tokens = await app.accepted_event(["Ayşe Bir", "Mehmet İki"], capacity=1, offer_hours=8)
    late = await app.invite(event, ["Zeynep Geç"])
    await say(app, tokens["Ayşe Bir"], "decline")
    assert (await app.accept(late["Zeynep Geç"]))["registration"] == "waiting"
    assert await status(app, event, "Mehmet İki") == "offered"


async def test_a_place_changes_hands_in_one_step(app: App) -> None:
    event, tokens = await app.accepted_event(["Ayşe Bir", "Mehmet İki"], capacity=1)
    answer = await say(app, tokens["Ayşe Bir"], "substitution", name="Deniz Vekil", address="deniz@example.org")
    people = await roster(app, event)
    assert (answer.json(), await taken(app, event)) == (
        {"status": "accepted", "registration": "confirmed", "proposal": None},
        1,
    )
    assert {n: p["status"] for n, p in people.items()} == {
        "Ayşe Bir": "substituted",
        "Deniz Vekil": "accepted",
        "Mehmet İki": "waiting",
    }
    told = await app.mails("events/substitute:accepted")
    assert [m.to_address for m in told] == ["deniz@example.org"]
    assert [m.to_name for m in await app.mails("events/cancellation")] == ["Ayşe Bir"]
    link = LINK.search(told[0].plain)
    assert link is not None
    assert (await app.guest(link.group(1)).get("/api/v1/invitation")).json()["registration"] == "confirmed"


async def test_a_substitute_takes_over_the_spot_on_the_waiting_list(app: App) -> None:
    event, tokens = await app.invited_event(["Ayşe Bir", "Mehmet İki", "Oğuz Üç"], capacity=1)
    for token in tokens.values():
        await app.accept(token)
        app.clock.forward(minutes=1)
    await say(app, tokens["Mehmet İki"], "substitution", name="Deniz Vekil", address="deniz@example.org")
    await say(app, tokens["Ayşe Bir"], "decline")
    assert await status(app, event, "Deniz Vekil") == "accepted"
    assert await status(app, event, "Oğuz Üç") == "waiting"


async def test_who_is_on_the_list_cannot_be_named_and_nobody_learns_why(sqlite_app: App) -> None:
    event, tokens = await sqlite_app.accepted_event(["Ayşe Bir", "Mehmet İki"])
    answer = await say(sqlite_app, tokens["Ayşe Bir"], "substitution", name="M", address="mehmet.iki@example.org")
    assert await code(answer) == (409, "cannot-be-named")
    assert "Mehmet" not in answer.text
    assert await status(sqlite_app, event, "Ayşe Bir") == "accepted"


async def test_the_organiser_learns_who_is_on_the_list_already(app: App) -> None:
    event, tokens = await app.accepted_event(["Ayşe Bir", "Mehmet İki"], substitution="approval")
    id = (await roster(app, event))["Ayşe Bir"]["invitation_id"]
    given = {"name": "M", "address": "mehmet.iki@example.org"}
    at_once = await app.api().post(
        f"/api/v1/invitations/{id}/substitution", json=given, headers={"Accept-Language": "en"}
    )
    await say(app, tokens["Ayşe Bir"], "substitution", **given)
    desk = await app.at_desk()
    await desk.get(f"/events/{event['id']}/people/{id}")
    approved = await desk.send(f"/events/{event['id']}/people/{id}/substitute/decide", {"is_approved": "true"})
    said = "mehmet.iki@example.org belongs to Mehmet İki, who is on the list of this event already."
    assert (at_once.status_code, problem_fields(at_once)) == (409, {"address": said})
    assert said in approved.text


async def test_nobody_is_their_own_substitute(app: App) -> None:
    event, tokens = await app.accepted_event(["Ayşe Bir"], substitution="approval")
    own = {"name": "Deniz Vekil", "address": "AYSE.BIR@example.org"}
    answer = await say(app, tokens["Ayşe Bir"], "substitution", **own)
    id = (await roster(app, event))["Ayşe Bir"]["invitation_id"]
    by_staff = await app.api().post(f"/api/v1/invitations/{id}/substitution", json=own)
    assert (await code(answer), await code(by_staff)) == ((409, "own-address"),) * 2
    assert await status(app, event, "Ayşe Bir") == "accepted"


@pytest.mark.parametrize("is_asked", [True, False])
async def test_nobody_is_their_own_substitute_by_another_address_of_theirs(sqlite_app: App, is_asked: bool) -> None:
    app = sqlite_app
    if is_asked:
        event, tokens = await app.accepted_event(["Ayşe Bir"], substitution="approval")
    else:
        event, tokens = await app.event(), {}
        await app.name_people(event, ["Ayşe Bir"])
    async with app.database.unit_of_work() as db:
        person = (await db.exec(select(Person).where(Person.name == "Ayşe Bir"))).one()
        other = {"address": "ayse@home.example", "address_key": "ayse@home.example"}
        db.add(PersonAddress(project_id=app.project_id, person_id=person.id, **other))
    own = {"name": "Ayşe", "address": "ayse@home.example"}
    id = (await roster(app, event))["Ayşe Bir"]["invitation_id"]
    answers = [await app.api().post(f"/api/v1/invitations/{id}/substitution", json=own)]
    answers += [await say(app, token, "substitution", **own) for token in tokens.values()]
    assert [await code(one) for one in answers] == [(409, "own-address")] * len(answers)
    assert await status(app, event, "Ayşe Bir") == ("accepted" if is_asked else "nominated")


async def test_names_are_fixed_after_their_day_for_participants_but_not_for_the_organiser(
    app: App,
) -> None:
    event, tokens = await app.accepted_event(["Ayşe Bir"], names_freeze_on="2026-03-10")
    app.clock.now = app.clock.now.replace(day=10, hour=21)  # midnight in Istanbul
    given = {"name": "Deniz Vekil", "address": "deniz@example.org"}
    answer = await say(app, tokens["Ayşe Bir"], "substitution", **given)
    page = await app.stranger().get(f"/i/{tokens['Ayşe Bir']}")
    assert (await code(answer), "/substitute" in page.text) == ((409, "names-frozen"), False)
    id = (await roster(app, event))["Ayşe Bir"]["invitation_id"]
    answer = await app.api().post(f"/api/v1/invitations/{id}/substitution", json=given)
    assert answer.json()["status"] == "accepted"


async def test_two_who_hand_over_to_the_same_person_at_once_leave_one_place_with_each(app: App) -> None:
    event, tokens = await app.accepted_event(["Ayşe Bir", "Mehmet İki"], capacity=2)
    answers = await asyncio.gather(
        *(say(app, token, "substitution", name="Deniz Vekil", address="deniz@example.org") for token in tokens.values())
    )
    assert sorted(a.status_code for a in answers) == [200, 409]
    assert await taken(app, event) == 2


@pytest.mark.parametrize(
    ("before", "step", "given"),
    [
        ("substitution", "acceptance", {}),
        ("substitution", "tentative", {}),
        ("substitution", "decline", {}),
        ("acceptance", "tentative", {}),
        ("decline", "substitution", {"name": "Can Üç", "address": "can@example.org"}),
    ],
)
async def test_a_step_that_is_not_drawn_is_refused_with_the_state_and_what_is_possible(
    sqlite_app: App, before: str, step: str, given: dict[str, str]
) -> None:
    event = await sqlite_app.event()
    tokens = await sqlite_app.invite(event, ["Ayşe Bir"])
    named = {"name": "Deniz Vekil", "address": "deniz@example.org"} if before == "substitution" else {}
    await say(sqlite_app, tokens["Ayşe Bir"], before, **named)
    status_before = await status(sqlite_app, event, "Ayşe Bir")
    answer = await say(sqlite_app, tokens["Ayşe Bir"], step, **given)
    assert await code(answer) == (409, "not-that-answer")
    assert status_before in answer.json()["title"]
    assert await status(sqlite_app, event, "Ayşe Bir") == status_before


async def test_who_is_put_ahead_gets_the_next_place_and_the_reason_is_kept(app: App) -> None:
    event, tokens = await app.accepted_event(["Ayşe Bir", "Mehmet İki", "Oğuz Üç"], capacity=1)
    last = (await roster(app, event))["Oğuz Üç"]
    path = f"/api/v1/invitations/{last['invitation_id']}/priority"
    assert (await app.api().put(path, json={"reason": ""})).status_code == 422
    answer = await app.api().put(path, json={"reason": "Chairs the working group"})
    assert answer.status_code == 200
    await say(app, tokens["Ayşe Bir"], "decline")
    assert await status(app, event, "Oğuz Üç") == "accepted"
    history = (await (await app.at_desk()).get(f"/people/{last['person_id']}")).text
    assert "Chairs the working group" in history


async def test_the_organiser_sees_who_waits_in_order_and_with_what_chance(app: App) -> None:
    event, tokens = await app.invited_event(["Ayşe Bir", "Mehmet İki", "Oğuz Üç"], capacity=1)
    for token in tokens.values():
        await app.accept(token)
        app.clock.forward(minutes=1)
    waits = (await app.api().get(f"/api/v1/events/{event['id']}/waiting-list")).json()
    assert [(w["position"], w["name"], w["chance"]) for w in waits] == [
        (1, "Mehmet İki", "possible"),
        (2, "Oğuz Üç", "unlikely"),
    ]


async def test_priority_is_for_those_who_wait(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    id = (await roster(sqlite_app, event))["Ayşe Bir"]["invitation_id"]
    answer = await sqlite_app.api().put(f"/api/v1/invitations/{id}/priority", json={"reason": "x"})
    assert await code(answer) == (409, "not-waiting")


async def test_an_invitation_is_taken_back_through_the_api_and_its_place_is_free(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir", "Mehmet İki"], capacity=1)
    id = (await roster(sqlite_app, event))["Ayşe Bir"]["invitation_id"]
    answer = await sqlite_app.api().post(f"/api/v1/invitations/{id}/withdrawal", json={"reason": "By mistake"})
    assert answer.json() == {"status": "withdrawn", "registration": None}
    assert await status(sqlite_app, event, "Mehmet İki") == "accepted"


async def test_the_personal_page_offers_what_is_possible_and_nothing_else(sqlite_app: App) -> None:
    event = await sqlite_app.event(capacity=1)
    tokens = await sqlite_app.invite(event, names(2))
    first, second = tokens.values()
    visitor = sqlite_app.stranger()
    asked = (await visitor.get(f"/i/{first}")).text
    assert all(f"/i/{first}/{step}" in asked for step in ("accept", "tentative", "decline", "substitute"))
    await visitor.send(f"/i/{first}/tentative")
    assert "/tentative" not in visitor.page
    await visitor.send(f"/i/{first}/accept")
    assert ("/accept" in visitor.page, "/decline" in visitor.page) == (False, True)
    await sqlite_app.accept(second)
    assert "/accept" not in (await visitor.get(f"/i/{second}")).text


async def test_a_substitution_form_comes_back_with_what_was_typed(sqlite_app: App) -> None:
    _, tokens = await sqlite_app.accepted_event(["Ayşe Bir"])
    visitor, token = sqlite_app.stranger(), tokens["Ayşe Bir"]
    await visitor.get(f"/i/{token}")
    answer = await visitor.send(f"/i/{token}/substitute", {"name": "Deniz Vekil", "address": "deniz@@x"})
    assert (answer.status_code, 'value="Deniz Vekil"' in answer.text) == (422, True)


moments = st.integers(0, 366 * 24 * 60).map(lambda m: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=m))


@given(at=moments, hours=st.integers(1, 80))
def test_an_offer_ends_on_a_working_day_between_nine_and_five(at: datetime, hours: int) -> None:
    until = after_working_hours(hours, "Europe/Istanbul", "TR", at=at)
    clock = until.astimezone(ISTANBUL)
    assert until >= at + timedelta(hours=hours)
    assert clock.weekday() < 5
    assert 9 <= clock.hour + clock.minute / 60 + clock.second / 3600 <= 17 + 1 / 3600


@given(at=moments, hours=st.integers(1, 40))
def test_more_hours_never_end_an_offer_earlier(at: datetime, hours: int) -> None:
    ends = [after_working_hours(h, "Europe/Istanbul", "AT", at=at) for h in (hours, hours + 1)]
    assert ends[0] < ends[1]


async def test_a_place_is_kept_over_a_public_holiday_of_where_the_person_works(sqlite_app: App) -> None:
    _, tokens = await sqlite_app.accepted_event(["Ayşe Bir", "Mehmet İki"], capacity=1, offer_hours=8)
    for court in (await sqlite_app.api().get("/api/v1/institutions?q=court")).json()["items"]:
        body = {"name": court["name"], "country": "BG"}
        assert (await sqlite_app.api().put(f"/api/v1/institutions/{court['id']}", json=body)).status_code == 200
    await say(sqlite_app, tokens["Ayşe Bir"], "decline")
    offer = (await sqlite_app.guest(tokens["Mehmet İki"]).get("/api/v1/invitation")).json()
    assert datetime.fromisoformat(offer["offered_until"]) == datetime(2026, 3, 4, 8, 0, tzinfo=UTC)


def istanbul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ISTANBUL)


@pytest.mark.parametrize(
    ("what", "host", "made", "hours", "until"),
    [
        ("a weekend", "TR", "2026-03-06 16:00", 4, "2026-03-09 12:00"),
        ("the Republic’s day and the afternoon before", "TR", "2026-10-28 09:00", 8, "2026-10-30 13:00"),
        ("the eve of a feast, the feast, a weekend in it", "TR", "2026-03-19 12:00", 2, "2026-03-23 10:00"),
        ("a whole feast before a weekend", "TR", "2026-05-25 16:00", 6, "2026-06-01 10:00"),
        ("the national day of Austria, for an event there", "AT", "2026-10-23 16:00", 2, "2026-10-27 10:00"),
        ("the national day of Austria, for an event at home", "TR", "2026-10-23 16:00", 2, "2026-10-26 10:00"),
        ("a day off in Türkiye, for an event in Austria", "AT", "2026-04-22 16:00", 2, "2026-04-24 10:00"),
        ("no half holiday of the host", "GR", "2026-12-23 16:00", 6, "2026-12-24 14:00"),
        ("a host that nobody knows", "ZZ", "2026-04-22 16:00", 2, "2026-04-24 10:00"),
    ],
)
def test_an_offer_lasts_over(what: str, host: str, made: str, hours: int, until: str) -> None:
    assert after_working_hours(hours, "Europe/Istanbul", host, at=istanbul(made)) == istanbul(until)


@pytest.mark.parametrize(
    ("position", "confirmed", "before", "expected"),
    [
        (1, 30, (2, 20), Chance.likely),
        (4, 30, (2, 20), Chance.possible),
        (8, 30, (2, 20), Chance.unlikely),
        (3, 30, (0, 0), Chance.likely),
        (1, 30, (0, 40), Chance.possible),
    ],
)
def test_the_chance_of_who_waits_is_judged_by_how_many_gave_their_place_back_before(
    position: int, confirmed: int, before: tuple[int, int], expected: Chance
) -> None:
    assert chance(position, confirmed, *before) is expected
