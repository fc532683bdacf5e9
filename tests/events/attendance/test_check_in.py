"""Check-in: queues of several desks become one truth, whatever their order, their clocks and what was scanned."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.attendance.badge_codes.rules import CODE, code_digest, new_badge_code
from events.attendance.check_in.rules import Passage, merged, moment_of
from events.attendance.records.rules import Half, half_day_of
from tests.desks import link, minutes, on_the_day, open_desk, scan
from tests.people import App

NINE = datetime(2026, 4, 14, 6, 0, tzinfo=UTC)
PASSAGES = st.lists(
    st.builds(
        Passage,
        st.uuids(),
        st.booleans(),
        st.integers(0, 50).map(lambda n: NINE + minutes(n)),
        st.sampled_from(["A", "B"]),
    ),
    max_size=8,
    unique_by=lambda one: one.id,
)


@given(PASSAGES, st.randoms())
def test_passages_count_in_the_order_in_which_they_happened_not_in_which_they_arrived(
    passages: list[Passage], random: object
) -> None:
    assert merged(passages) == merged(random.sample(passages, len(passages)))  # type: ignore[attr-defined]
    ordered = sorted(passages, key=lambda one: (one.happened_at, one.id))
    taken = [one.is_entry for one in ordered if merged(passages)[one.id] is None]
    assert all(here != following for here, following in pairwise(taken))


@pytest.mark.parametrize(
    ("off", "offset", "happened", "is_unsure"),
    [
        # Three hours behind, and the device knows it.
        (timedelta(hours=-3), timedelta(hours=3), NINE, False),
        (timedelta(minutes=-4), None, NINE - minutes(4), False),
        (timedelta(minutes=-6), None, NINE - minutes(6), True),
        # What says that it will happen arrives now.
        (timedelta(hours=3), None, NINE, True),
        (timedelta(minutes=2), None, NINE, False),
    ],
)
def test_the_offset_mends_a_clock_that_is_off_and_without_one_five_minutes_are_believed(
    off: timedelta, offset: timedelta | None, happened: datetime, is_unsure: bool
) -> None:
    assert moment_of(NINE + off, offset, received_at=NINE) == (happened, is_unsure)


def test_who_comes_early_for_the_only_half_that_is_held_is_counted_there() -> None:
    day = NINE.date()
    assert half_day_of(NINE, "Europe/Istanbul", [(day, Half.afternoon)]) == (day, Half.afternoon)
    assert half_day_of(NINE, "Europe/Istanbul", []) == (day, Half.morning)


def test_a_code_is_typed_alike_on_turkish_english_and_german_keyboards() -> None:
    codes = {new_badge_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(CODE.fullmatch(code) and not set(code) & set("IYZ/-") for code in codes)
    assert code_digest(" hc1abc ") == code_digest("HC1ABC")


async def test_a_queue_sent_again_is_one_row_each_and_two_desks_merge_by_event_time(app: App) -> None:
    event, _ = await on_the_day(app, ["Ayşe Bir", "Mehmet İki"])
    first, second = await open_desk(app, event, "Desk A"), await open_desk(app, event, "Desk B")
    ayse = await first.digest_of("Ayşe Bir")
    app.clock.forward(minutes=30)
    later = [
        scan(NINE + minutes(12), digest=ayse),
        scan(NINE + minutes(13), digest=await first.digest_of("Mehmet İki")),
    ]
    assert await first.states(*later) == ["taken", "taken"]
    # Desk B was offline: it saw her before, and its queue comes after.
    assert await second.states(scan(NINE + minutes(2), digest=ayse)) == ["taken"]
    answers = [await first.send(*later) for _ in range(3)]
    assert answers[0] == answers[2]
    again = answers[0][0]
    assert (again["state"], again["since"], again["gate"]) == ("again", "2026-04-14T06:02:00Z", "Desk B")
    person = next(one for one in (await first.people())["people"] if one["digest"] == ayse)
    assert (person["state"], person["since"], person["gate"]) == ("in", "2026-04-14T06:02:00Z", "Desk B")
    ids = await app.registrations(event)
    records = (await app.api().get(f"/api/v1/events/{event['id']}/attendance/{ids['Ayşe Bir']}")).json()
    assert [(one["source"], one["half"], one["is_present"]) for one in records] == [("check-in", "am", True)] * 2
    assert [one["happened_at"] for one in records] == ["2026-04-14T06:12:00Z", "2026-04-14T06:02:00Z"]


async def test_the_same_queue_of_two_devices_at_once_counts_once(app: App) -> None:
    event, _ = await on_the_day(app, ["Ayşe Bir", "Mehmet İki", "Oğuz Üç"])
    first, second = await open_desk(app, event), await open_desk(app, event)
    queue = [scan(app.clock(), digest=one["digest"]) for one in (await first.people())["people"]]
    answers = await asyncio.gather(*(desk.states(*queue) for desk in (first, second) * 3))
    assert answers == [["taken"] * 3] * 6
    rows = (await app.api().get(f"/api/v1/events/{event['id']}/attendance")).json()
    assert [len(one["present"]) for one in rows] == [1, 1, 1]


async def test_one_bad_scan_stops_none_and_refused_ones_stay_in_the_event(sqlite_app: App) -> None:
    app = sqlite_app
    event, tokens = await on_the_day(app, ["Ayşe Bir", "Mehmet İki"])
    desk = await open_desk(app, event, "Main door")
    ayse, mehmet = await desk.digest_of("Ayşe Bir"), await desk.digest_of("Mehmet İki")
    foreign_event, _ = await app.accepted_event(["Oğuz Üç"], title="Another meeting")
    elsewhere = await (await open_desk(app, foreign_event)).digest_of("Oğuz Üç")
    left = await app.guest(tokens["Mehmet İki"]).post("/api/v1/invitation/decline", json={"reason": "ill"})
    assert left.status_code == 200
    queue = [
        scan(app.clock(), digest=elsewhere),
        {"nonce": "no uuid", "what": "ever"},
        scan(app.clock(), code="https://example.org/menu?table=4"),
        scan(app.clock(), digest=mehmet),
        scan(app.clock() - timedelta(days=3), digest=ayse),
        scan(app.clock(), walk_in={"name": "", "address": "no address"}),
        scan(app.clock(), digest=ayse),
    ]
    expected = ["unknown", "unknown", "unknown", "withdrawn", "closed", "unknown", "taken"]
    assert await desk.states(*queue) == expected
    page = (await (await app.at_desk("auditor")).get(f"/events/{event['id']}/check-in")).text
    assert [page.count(words) for words in ("Code not known", "Has no place any more", "does not take place then")] == [
        2,
        1,
        1,
    ]
    assert "Main door" in page
    states = {one["name"]: one["state"] for one in (await desk.people())["people"]}
    assert states == {"Ayşe Bir": "in", "Mehmet İki": "withdrawn"}


async def test_a_clock_off_by_hours_is_mended_by_its_offset_and_doubted_without(sqlite_app: App) -> None:
    event, _ = await on_the_day(sqlite_app, ["Ayşe Bir", "Mehmet İki"])
    desk = await open_desk(sqlite_app, event)
    ayse, mehmet = await desk.digest_of("Ayşe Bir"), await desk.digest_of("Mehmet İki")
    wrong = sqlite_app.clock() + timedelta(hours=9)
    offset = -9 * 3_600_000
    mended, doubted = await desk.send(
        scan(wrong, digest=ayse, offset=offset), scan(wrong - timedelta(days=900), digest=mehmet, offset=None)
    )
    assert (mended["state"], mended["at"], mended["is_time_unsure"]) == ("taken", "2026-04-14T06:00:00Z", False)
    assert (doubted["state"], doubted["at"], doubted["is_time_unsure"]) == ("taken", "2026-04-14T06:00:00Z", True)
    rows = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/attendance")).json()
    assert [one["present"][0]["half"] for one in rows] == ["am", "am"]


async def test_leaving_coming_back_and_undoing(sqlite_app: App) -> None:
    event, _ = await on_the_day(sqlite_app, ["Ayşe Bir"])
    desk = await open_desk(sqlite_app, event)
    ayse = await desk.digest_of("Ayşe Bir")
    sqlite_app.clock.forward(hours=2)
    entry, left = scan(NINE, digest=ayse), scan(NINE + minutes(20), digest=ayse, kind="out")
    back, mistake = scan(NINE + minutes(30), digest=ayse), scan(NINE + minutes(31), digest=ayse)
    assert await desk.states(entry, left, back, mistake) == ["taken", "taken", "taken", "again"]
    attendance = f"/api/v1/events/{event['id']}/attendance"
    for number, undone in enumerate((entry, back, mistake)):
        (answer,) = await desk.send(scan(NINE, kind="undo", undoes=undone["nonce"]))
        assert (answer["undone"], answer["name"]) == (True, "Ayşe Bir")
        (person,) = (await sqlite_app.api().get(attendance)).json()
        assert bool(person["present"]) is (number < 2)
    assert (await desk.states(scan(NINE, kind="undo", undoes=str(uuid4())))) == ["unknown"]


async def test_somebody_without_a_place_is_added_at_the_desk_and_a_gate_adds_nobody(app: App) -> None:
    event, _ = await on_the_day(app, ["Ayşe Bir"], capacity=1)
    desk, gate = await open_desk(app, event), await open_desk(app, event, role="gate")
    walk_in = {
        "name": "Zeynep Dört",
        "institution": "Ankara Barosu",
        "category": "observer",
        "address": "z@example.org",
    }
    assert await gate.states(scan(app.clock(), walk_in=walk_in)) == ["unknown"]
    known = scan(app.clock(), walk_in=walk_in)
    (answer,) = await desk.send(known)
    assert (answer["state"], answer["name"], answer["category"]) == ("taken", "Zeynep Dört", "observer")
    assert (await desk.send(known))[0]["digest"] == answer["digest"]
    # The same mailbox again is the same person.
    assert await desk.states(scan(app.clock(), walk_in={**walk_in, "name": "Z. Dört"})) == ["again"]
    people = (await desk.people())["people"]
    assert [(one["name"], one["institution"], one["state"]) for one in people] == [
        ("Ayşe Bir", "Court 0", "expected"),
        ("Zeynep Dört", "Ankara Barosu", "in"),
    ]
    rows = (await app.api().get(f"/api/v1/events/{event['id']}/attendance")).json()
    assert {one["name"]: len(one["present"]) for one in rows} == {"Ayşe Bir": 0, "Zeynep Dört": 1}
    assert await app.mails("events/answer", about=event["id"]) == await app.mails("events/answer")


async def test_a_session_and_the_half_day_are_checked_apart_and_count_as_one_half_day(sqlite_app: App) -> None:
    sessions = [{"title": "Workshop", "starts": "2026-04-14T09:00", "ends": "2026-04-14T11:00"}]
    event, _ = await on_the_day(sqlite_app, ["Ayşe Bir"], sessions=sessions)
    desk = await open_desk(sqlite_app, event)
    ayse, (workshop,) = await desk.digest_of("Ayşe Bir"), (await desk.people())["sessions"]
    whole = scan(sqlite_app.clock(), digest=ayse)
    inside = scan(sqlite_app.clock(), digest=ayse, session_id=workshop["id"])
    assert await desk.states(whole, inside, {**inside, "nonce": str(uuid4())}) == ["taken", "taken", "again"]
    (person,) = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/attendance")).json()
    assert [one["half"] for one in person["present"]] == ["am"]


async def test_the_list_tells_a_device_no_more_than_it_needs(sqlite_app: App) -> None:
    event, tokens = await on_the_day(sqlite_app, ["Ayşe Bir"])
    details = {
        "passport_name": "AYSE BIR",
        "mobile": "+90 532 000 00 00",
        "diet": "vegan",
        "agrees_data_use": True,
    }
    told = await (await sqlite_app.owner(tokens["Ayşe Bir"])).put("/api/v1/invitation/details", json=details)
    assert told.status_code == 200
    desk = await open_desk(sqlite_app, event)
    found = await desk.people()
    assert set(found["people"][0]) == {"digest", "name", "institution", "category", "state", "since", "gate"}
    text = str(found)
    assert not [told for told in ("example.org", "532 000", "vegan", "AYSE BIR", "HC1:") if told in text]


@pytest.mark.parametrize("people", [1, 4])
async def test_a_thousand_offline_scans_are_one_request_of_as_many_queries_as_few(sqlite_app: App, people: int) -> None:
    event, _ = await on_the_day(sqlite_app, [f"Person {n}" for n in range(people)])
    desk = await open_desk(sqlite_app, event)
    digests = [one["digest"] for one in (await desk.people())["people"]]
    sqlite_app.clock.forward(hours=1)
    queue = [scan(NINE + timedelta(seconds=n), digest=digests[n % people]) for n in range(250 * people)]
    with sqlite_app.counting() as statements:
        states = await desk.states(*queue)
    assert (states.count("taken"), states.count("again")) == (people, 249 * people)
    assert len(statements) <= 18
    refused = await desk.post(*[scan(NINE, digest=digests[0]) for _ in range(1001)])
    assert refused.status_code == 422


async def test_staff_who_record_attendance_may_send_scans_and_others_may_not(sqlite_app: App) -> None:
    event, _ = await on_the_day(sqlite_app, ["Ayşe Bir"])
    path = f"/api/v1/events/{event['id']}/check-in"
    (person,) = (await sqlite_app.api("desk").get(f"{path}/list")).json()["people"]
    body = {"scans": [scan(sqlite_app.clock(), digest=person["digest"])]}
    answers = {role: await sqlite_app.api(role).post(f"{path}/scans", json=body) for role in ("auditor", "desk")}
    assert (answers["auditor"].status_code, answers["desk"].json()["scans"][0]["state"]) == (403, "taken")


async def test_a_link_lets_in_so_many_devices_for_one_event_until_it_ends(app: App) -> None:
    event, _ = await on_the_day(app, ["Ayşe Bir"])
    other, _ = await app.accepted_event(["Oğuz Üç"], title="Another meeting")
    made = await link(app, event, most_devices=2)
    answers = await asyncio.gather(
        *(app.stranger().client.post("/api/v1/desk-devices", json={"token": made["token"]}) for _ in range(4))
    )
    assert sorted(one.status_code for one in answers) == [201, 201, 409, 409]
    device = next(one.json() for one in answers if one.status_code == 201)
    assert device["ends_at"] == "2026-04-16T09:00:00Z"
    client = app.guest(device["token"])
    there, elsewhere = (f"/api/v1/events/{one['id']}/check-in/list" for one in (event, other))
    assert [(await client.get(path)).status_code for path in (there, elsewhere)] == [200, 404]
    assert (await client.get(f"/api/v1/events/{event['id']}/attendance")).status_code == 401
    shown = (await app.api("desk").get(f"/api/v1/events/{event['id']}/desk-links")).json()
    assert [(one["made_by"], len(one["devices"]), one["withdrawn_at"]) for one in shown] == [("Elif Karaca", 2, None)]
    app.clock.now = datetime(2026, 4, 16, 9, 0, tzinfo=UTC)
    assert (await client.get(there)).status_code == 410
    assert (await app.stranger().get(made["address"])).status_code == 410


async def test_a_withdrawn_link_ends_on_all_its_devices(sqlite_app: App) -> None:
    event, _ = await on_the_day(sqlite_app, ["Ayşe Bir"])
    desk = await open_desk(sqlite_app, event)
    gone = await sqlite_app.api().post(f"/api/v1/desk-links/{desk.opened['link']}/withdrawal")
    assert gone.status_code == 204
    assert (await desk.post()).status_code == 410
    refused = await sqlite_app.guest("a" * 32).get(f"{desk.path}/list")
    assert refused.status_code == 410
