"""Steps of an event as a whole: states, copies, series, postponing."""

import asyncio
import re
from typing import Any

import pytest
from icalendar import Calendar

from tests.people import App, problem_fields

OPENING = {"title": "Opening", "starts": "2026-04-14T09:30", "ends": "2026-04-14T10:30", "room": "Main hall"}
CLOSING = {"title": "Closing", "starts": "2026-04-15T15:00", "ends": "2026-04-15T16:00"}
STAY = {"check_in": "2026-04-14", "check_out": "2026-04-15", "country": "TR"}


async def step(app: App, event: dict[str, Any], state: str, **headers: str) -> Any:
    return await app.api().post(f"/api/v1/events/{event['id']}/state", json={"state": state}, headers=headers)


async def get(app: App, event: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await app.api().get(f"/api/v1/events/{event['id']}")).json()
    return found


async def test_an_event_goes_from_draft_to_archive_and_then_stays_as_it_is(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    assert event["state"] == "draft"
    for state in ("published", "confirmed", "held", "reported", "archived"):
        assert (await step(sqlite_app, event, state)).json()["state"] == state
    plan = sqlite_app.plan(title="Another")
    del plan["project_id"]
    answer = await sqlite_app.api().put(f"/api/v1/events/{event['id']}", json=plan)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "event-archived")


async def test_a_step_that_is_not_drawn_says_what_is_possible(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    answer = await step(sqlite_app, event, "reported")
    assert (answer.status_code, "published" in answer.json()["title"]) == (409, True)


async def test_inviting_publishes_a_draft(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await sqlite_app.invite(event, ["Ayşe Yılmaz"])
    assert (await get(sqlite_app, event))["state"] == "published"


async def test_of_two_who_change_an_event_the_second_is_shown_what_the_first_saved(app: App) -> None:
    event = await app.event()
    seen = await app.api().get(f"/api/v1/events/{event['id']}")
    plan = app.plan(venue="İzmir")
    del plan["project_id"]
    match = {"If-Match": seen.headers["etag"]}
    first = await app.api().put(f"/api/v1/events/{event['id']}", json=plan, headers=match)
    second = await app.api().put(f"/api/v1/events/{event['id']}", json={**plan, "venue": "Bursa"}, headers=match)
    assert (first.status_code, second.status_code, second.json()["type"].rpartition("/")[2]) == (
        200,
        412,
        "lost-update",
    )
    again = await app.api().put(
        f"/api/v1/events/{event['id']}",
        json={**plan, "venue": "Bursa"},
        headers={"If-Match": first.headers["etag"]},
    )
    assert again.json()["venue"] == "Bursa"


@pytest.mark.parametrize("header", ['"x"', "r1", '"r1", "r2"', "garbage"])
async def test_an_if_match_that_nobody_gave_out_matches_nothing(sqlite_app: App, header: str) -> None:
    event = await sqlite_app.event()
    assert (await step(sqlite_app, event, "published", **{"If-Match": header})).status_code == 412


async def test_the_page_shows_both_versions_and_saves_the_second_time(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    mine, other = await sqlite_app.at_desk(), await sqlite_app.at_desk("assistant")
    form = {k: v for k, v in sqlite_app.plan().items() if k != "project_id"} | {
        "zone": "Europe/Istanbul",
        "country": "TR",
    }
    for visitor in (mine, other):
        await visitor.get(f"/events/{event['id']}/edit")
    await other.send(f"/events/{event['id']}/edit", {**form, "venue": "İzmir", "revision": "0"})
    refused = await mine.send(f"/events/{event['id']}/edit", {**form, "venue": "Bursa", "revision": "0"})
    assert (refused.status_code, 'value="Bursa"' in refused.text, "Saved meanwhile: İzmir" in refused.text) == (
        412,
        True,
        True,
    )
    await mine.send(f"/events/{event['id']}/edit", {**form, "venue": "Bursa", "revision": "1"})
    assert (await get(sqlite_app, event))["venue"] == "Bursa"


async def test_a_copy_moves_agenda_deadline_and_speakers_to_its_own_days(app: App) -> None:
    event = await app.event(sessions=[OPENING, CLOSING], answer_by="2026-04-01", zone="Europe/Vienna")
    await app.name_people(event, ["Ayşe Yılmaz"])
    people = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    sessions = (await get(app, event))["sessions"]
    await app.api().put(
        f"/api/v1/sessions/{sessions[0]['id']}/people",
        json={"people": [{"person_id": people[0]["person_id"]}]},
    )
    answer = await app.api().post(
        f"/api/v1/events/{event['id']}/copies", json={"copies": [{"first_day": "2026-12-01", "venue": "Van"}]}
    )
    (copy,) = answer.json()
    detail = await get(app, copy)
    roles = (await app.api().get(f"/api/v1/events/{copy['id']}/session-people")).json()
    assert (copy["state"], copy["last_day"], copy["answer_by"], copy["venue"], copy["taken"]) == (
        "draft",
        "2026-12-02",
        "2026-11-18",
        "Van",
        0,
    )
    assert [s["starts_at"] for s in detail["sessions"]] == ["2026-12-01T08:30:00Z", "2026-12-02T14:00:00Z"]
    assert [p["name"] for s in roles for p in s["people"]] == ["Ayşe Yılmaz"]
    assert (await app.api().get(f"/api/v1/events/{copy['id']}/people")).json()["total"] == 0


async def test_several_copies_are_a_series_with_the_original(app: App) -> None:
    event = await app.event(title="Regional workshop")
    copies = [
        {"first_day": f"2026-05-{day:02}", "venue": city} for day, city in ((4, "Van"), (11, "İzmir"), (18, "Bursa"))
    ]
    made = (await app.api().post(f"/api/v1/events/{event['id']}/copies", json={"copies": copies})).json()
    series = {one["series_id"] for one in made} | {(await get(app, event))["series_id"]}
    assert (len(made), len(series), None in series) == (3, 1, False)
    page = await (await app.at_desk()).get(f"/events/{event['id']}/copy")
    assert page.text.count("Regional workshop</a> ·") == 4


async def test_a_copy_on_the_same_days_is_refused_and_nothing_is_planned(app: App) -> None:
    event = await app.event()
    copies = [{"first_day": "2026-05-04"}, {"first_day": event["first_day"]}]
    answer = await app.api().post(f"/api/v1/events/{event['id']}/copies", json={"copies": copies})
    assert (answer.status_code, (await app.api().get("/api/v1/events")).json()["total"]) == (409, 1)


async def test_the_copy_page_says_what_is_missing_and_then_plans(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    desk = await sqlite_app.at_desk()
    await desk.get(f"/events/{event['id']}/copy")
    refused = await desk.send(f"/events/{event['id']}/copy", {"copies.0.title": "Typed"})
    assert (refused.status_code, 'value="Typed"' in refused.text) == (422, True)
    await desk.send(f"/events/{event['id']}/copy", {"copies.0.first_day": "2026-06-01", "copies.0.title": "In June"})
    assert "In June" in desk.page
    assert "The event is planned. Nobody is invited yet." in desk.page


async def test_a_copy_of_the_same_title_and_days_is_said_beside_its_own_line(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    desk = await sqlite_app.at_desk()
    await desk.get(f"/events/{event['id']}/copy")
    lines = {"copies.0.first_day": "2026-06-01", "copies.2.first_day": event["first_day"], "copies.2.venue": "Bursa"}
    refused = await desk.send(f"/events/{event['id']}/copy", lines)
    # An empty line was between the two: what was typed moves up.
    said = re.search(r'id="copies\.1\.first_day-wrong">([^<]+)<', refused.text)
    assert said is not None
    # Once above the form, where it leads to the field, and once beside the field.
    assert refused.text.count(said[1]) == 2
    assert 'href="#copies.1.first_day"' in refused.text
    assert said[1].startswith("Another event has this title on these days already.")
    assert (refused.status_code, 'name="copies.1.venue" value="Bursa"' in " ".join(refused.text.split())) == (409, True)


async def test_the_check_list_names_everyone_and_everything_and_changes_nothing(app: App) -> None:
    event, tokens = await app.invited_event(["Ayşe Bir", "Mehmet İki", "Zeynep Üç"], capacity=1, sessions=[OPENING])
    for name in ("Ayşe Bir", "Mehmet İki"):
        await app.accept(tokens[name])
    await app.name_people(event, ["Oğuz Dört"])
    await app.api().post(f"/api/v1/events/{event['id']}/stays", json=STAY)
    before = await get(app, event)
    found = (await app.api().get(f"/api/v1/events/{event['id']}/postponement")).json()["concerns"]
    assert {c["what"]: c["count"] for c in found} == {
        "Nominated": 1,
        "Invited": 1,
        "Accepted": 1,
        "Waiting list": 1,
        "Sessions that move along": 1,
        "Queued": 2,
        "Nights in hotels that move along; the hotels have to be told": 1,
    }
    assert await get(app, event) == before


async def test_postponing_moves_all_of_it_in_one_step_and_tells_everybody_concerned(app: App) -> None:
    event, _ = await app.accepted_event(
        ["Ayşe Bir", "Mehmet İki"], capacity=1, sessions=[OPENING], answer_by="2026-04-01"
    )
    await app.api().post(f"/api/v1/events/{event['id']}/stays", json=STAY)
    body = {"first_day": "2026-11-10", "reason": "The minister is ill."}
    moved = (await app.api().post(f"/api/v1/events/{event['id']}/postponement", json=body)).json()
    await app.work()
    detail = await get(app, event)
    assert (moved["first_day"], moved["last_day"], moved["answer_by"]) == (
        "2026-11-10",
        "2026-11-11",
        "2026-10-28",
    )
    assert detail["sessions"][0]["starts_at"] == "2026-11-10T06:30:00Z"
    updates = await app.mails("events/update")
    assert sorted(m.to_name for m in updates) == ["Ayşe Bir", "Mehmet İki"]
    assert Calendar.from_ical(updates[0].calendar or "").walk("VEVENT")[0]["SEQUENCE"] == 1
    (draft,) = (await app.api().get(f"/api/v1/events/{event['id']}/per-diem")).json()
    assert {line["day"] for person in draft["people"] for line in [*person["lines"], *person["open"]]} == {"2026-11-10"}


async def test_postponed_without_a_day_nobody_accepts_until_there_is_one(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    tokens = await sqlite_app.invite(event, ["Ayşe Bir"])
    await sqlite_app.api().post(f"/api/v1/events/{event['id']}/postponement", json={"reason": "No hall."})
    refused = await sqlite_app.guest(tokens["Ayşe Bir"]).post("/api/v1/invitation/acceptance")
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "event-postponed")
    body = {"first_day": "2026-05-12", "reason": "A hall was found."}
    again = await sqlite_app.api().post(f"/api/v1/events/{event['id']}/postponement", json=body)
    assert again.json()["state"] == "published"
    assert (await sqlite_app.accept(tokens["Ayşe Bir"]))["registration"] == "confirmed"


async def test_postponing_to_the_days_it_has_is_refused_beside_the_field(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    body = {"first_day": event["first_day"], "reason": "A slip"}
    answer = await sqlite_app.api().post(f"/api/v1/events/{event['id']}/postponement", json=body)
    assert (answer.status_code, list(problem_fields(answer))) == (422, ["first_day"])


async def test_two_who_postpone_at_once_move_it_once_each_and_the_agenda_stays_whole(app: App) -> None:
    event = await app.event(sessions=[OPENING, CLOSING])
    path = f"/api/v1/events/{event['id']}/postponement"
    await asyncio.gather(
        *(app.api().post(path, json={"first_day": f"2026-05-{day}", "reason": "x"}) for day in (12, 19))
    )
    detail = await get(app, event)
    first = int(detail["first_day"][-2:])
    assert [s["starts_at"][8:10] for s in detail["sessions"]] == [f"{first:02}", f"{first + 1:02}"]


async def test_a_title_in_the_readers_language_is_on_page_mail_and_feed(sqlite_app: App) -> None:
    event = await sqlite_app.event(
        title="Meeting", title_tr="Toplantı", description="See you", description_tr="Görüşürüz"
    )
    tokens = await sqlite_app.invite(event, ["Ayşe Yılmaz"])
    (mail,) = await sqlite_app.mails("events/invitation")
    page = await sqlite_app.stranger().get(f"/i/{tokens['Ayşe Yılmaz']}")
    assert (mail.subject, "Toplantı" in page.text) == ("Davet: Toplantı", True)


async def test_the_title_of_a_hidden_event_stays_out_of_the_subject(sqlite_app: App) -> None:
    event = await sqlite_app.event(title="Shelters for victims", confidentiality="hidden")
    await sqlite_app.invite(event, ["Ayşe Yılmaz"])
    (mail,) = await sqlite_app.mails("events/invitation")
    assert "Shelters" not in mail.subject
    assert "Shelters" not in str(Calendar.from_ical(mail.calendar or "").walk("VEVENT")[0]["SUMMARY"])
    assert "Shelters" in mail.plain


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"languages": ["xx"]}, "languages.0"),
        ({"online_url": "javascript:alert(1)"}, "online_url"),
        ({"map_url": "ftp://x"}, "map_url"),
        ({"contact_address": "nobody"}, "contact_address"),
        ({"component_id": "018f5b5e-0000-7000-8000-000000000001"}, "component_id"),
        ({"opens_on": "2026-04-10", "answer_by": "2026-04-01"}, "answer_by"),
        ({"confidentiality": "secret"}, "confidentiality"),
    ],
)
async def test_what_is_said_about_an_event_has_to_fit(sqlite_app: App, change: dict[str, object], field: str) -> None:
    answer = await sqlite_app.api().post("/api/v1/events", json=sqlite_app.plan(**change))
    assert (answer.status_code, any(f.startswith(field) for f in problem_fields(answer))) == (422, True)


async def postponed(app: App, event: dict[str, Any], **given: Any) -> None:
    path = f"/api/v1/events/{event['id']}/postponement"
    answer = await app.api().post(path, json={"first_day": "2026-05-05", "reason": "The hall is closed.", **given})
    assert answer.status_code == 200, answer.text
    await app.work()


async def test_a_postponement_is_a_mail_of_its_own_with_the_reason_that_readers_are_told(app: App) -> None:
    event, _ = await app.accepted_event(["Ayşe Bir"])
    await postponed(app, event, told_tr="Salon onarımda.")
    (batch,) = [
        one
        for one in (await app.api().get(f"/api/v1/message-batches?about_id={event['id']}")).json()["items"]
        if one["kind"] == "events/update"
    ]
    assert batch["reasons"] == ["The event is postponed."]
    desk = await app.at_desk()
    (mail,) = await app.mails("events/update")
    await desk.get(f"/mail/{mail.id}")
    assert mail.subject.startswith("Ertelendi:")
    assert "Salon onarımda." in desk.page
    assert "The hall is closed." not in mail.plain + desk.page.partition("<iframe")[2]


async def test_an_earlier_day_is_no_postponement(app: App) -> None:
    event, _ = await app.accepted_event(["Ayşe Bir"])
    await postponed(app, event, first_day="2026-04-07")
    (mail,) = await app.mails("events/update")
    assert mail.subject.startswith("Yeni tarih:")


async def test_everybody_is_asked_again_where_that_is_wished_also_who_had_declined(app: App) -> None:
    event, tokens = await app.invited_event(["Ayşe Bir", "Can İki", "Deniz Üç"], capacity=1, answer_by="2026-04-01")
    await app.accept(tokens["Ayşe Bir"])
    await app.accept(tokens["Can İki"])
    await app.guest(tokens["Deniz Üç"]).post("/api/v1/invitation/decline", json={})
    await postponed(app, event, asks_again=True)
    rows = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    assert {row["name"]: row["status"] for row in rows} == dict.fromkeys(tokens, "invited")
    assert (await app.api().get(f"/api/v1/events/{event['id']}")).json()["taken"] == 0
    mails = await app.mails("events/update")
    assert len(mails) == 3
    assert all("Yeni tarihin size uygun olup olmadığını" in mail.plain for mail in mails)
    # Whoever is first has the place now.
    assert (await app.accept(tokens["Can İki"]))["status"] == "accepted"
    assert (await app.accept(tokens["Ayşe Bir"]))["status"] == "waiting"


async def test_who_was_put_on_the_list_with_a_place_is_asked_again_too(app: App) -> None:
    event = await app.event()
    await app.name_people(event, ["Ayşe Bir"])
    (row,) = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    added = {"action": "add", "invitations": [row["invitation_id"]]}
    (await app.api().post(f"/api/v1/events/{event['id']}/people/bulk", json=added)).raise_for_status()
    await app.send_waiting(event)
    await postponed(app, event, asks_again=True)
    (row,) = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    assert (row["status"], (await app.api().get(f"/api/v1/events/{event['id']}")).json()["taken"]) == ("invited", 0)
    (mail,) = await app.mails("events/update")
    assert "Yeni tarihin size uygun olup olmadığını" in mail.plain


async def test_the_reason_of_a_no_to_the_former_day_is_gone_once_all_are_asked_again(app: App) -> None:
    event, tokens = await app.invited_event(["Ayşe Bir"])
    await app.guest(tokens["Ayşe Bir"]).post("/api/v1/invitation/decline", json={"reason": "A wedding."})
    await postponed(app, event, asks_again=True)
    (row,) = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    desk = await app.at_desk()
    await desk.get(f"/events/{event['id']}/people/{row['invitation_id']}")
    assert ("Ayşe Bir" in desk.page, "A wedding." in desk.page) == (True, False)


async def test_without_that_a_yes_stays_a_yes(app: App) -> None:
    event, _ = await app.accepted_event(["Ayşe Bir"])
    await postponed(app, event)
    rows = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    assert [row["status"] for row in rows] == ["accepted"]


async def test_the_invitation_has_its_button_before_the_programme_which_stands_by_day(app: App) -> None:
    sessions = [
        {"title": "Opening", "starts": "2026-04-14T09:30", "ends": "2026-04-14T10:30"},
        {"title": "Closing", "starts": "2026-04-15T09:30", "ends": "2026-04-15T10:30"},
    ]
    event = await app.event(sessions=sessions)
    await app.invite(event, ["Ayşe Bir"])
    (mail,) = await app.mails("events/invitation")
    for text in (mail.plain, mail.html):
        places = [
            text.index(part) for part in ("/i/", "Salı, 14 Nisan 2026", "Opening", "Çarşamba, 15 Nisan", "Closing")
        ]
        assert places == sorted(places)
