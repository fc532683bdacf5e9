"""The list of an event: finding people, acting on many, taking the list out."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.events.invitations.test_registrations import DETAILS
from tests.office import Office, pdf_pages
from tests.people import App, names


async def found(app: App, event: dict[str, Any], **wanted: Any) -> list[str]:
    answer = await app.api().get(f"/api/v1/events/{event['id']}/people", params={"limit": 100, **wanted})
    assert answer.status_code == 200, answer.text
    return [p["name"] for p in answer.json()["items"]]


async def ids(app: App, event: dict[str, Any]) -> list[str]:
    answer = await app.api().get(f"/api/v1/events/{event['id']}/people", params={"limit": 100})
    return [p["invitation_id"] for p in answer.json()["items"]]


async def bulk(app: App, event: dict[str, Any], action: str, who: list[str], **more: str) -> Any:
    path = f"/api/v1/events/{event['id']}/people/bulk"
    answer = await app.api().post(path, json={"action": action, "invitations": who, **more})
    await app.work()
    return answer


async def statuses(app: App, event: dict[str, Any]) -> dict[str, str]:
    answer = await app.api().get(f"/api/v1/events/{event['id']}/people", params={"limit": 100})
    return {p["name"]: p["status"] for p in answer.json()["items"]}


async def test_people_are_found_by_name_domain_and_institution(app: App) -> None:
    event = await app.event()
    await app.name_people(event, ["Ayşe Yılmaz", "Mehmet Öz"])
    assert await found(app, event, q="yilmaz") == ["Ayşe Yılmaz"]
    assert await found(app, event, q="@example.org") == ["Ayşe Yılmaz", "Mehmet Öz"]
    assert await found(app, event, q="court 1") == ["Mehmet Öz"]


async def test_people_are_found_by_what_is_missing(app: App) -> None:
    event, tokens = await app.invited_event(["Ayşe Bir", "Mehmet İki", "Oğuz Üç"])
    await app.accept(tokens["Ayşe Bir"])
    await app.guest(tokens["Ayşe Bir"]).put("/api/v1/invitation/details", json=DETAILS)
    await app.accept(tokens["Mehmet İki"])
    await app.stranger().get(f"/i/{tokens['Mehmet İki']}")
    assert await found(app, event, mark="missing") == ["Mehmet İki"]
    assert await found(app, event, mark="unanswered") == ["Oğuz Üç"]
    assert await found(app, event, mark="not-opened") == ["Oğuz Üç"]
    await app.stranger().get(f"/i/{tokens['Oğuz Üç']}")
    assert await found(app, event, mark="not-opened") == []


async def test_people_are_found_by_whether_they_signed_in(app: App) -> None:
    event, _ = await app.accepted_event(["Ayşe Bir", "Mehmet İki"])
    await app.sign(event, "2026-04-14", ["Ayşe Bir"])
    assert await found(app, event, mark="checked-in") == ["Ayşe Bir"]
    assert await found(app, event, mark="not-checked-in") == ["Mehmet İki"]
    await app.sign(event, "2026-04-15", ["Ayşe Bir"])
    assert await found(app, event, mark="certified") == []
    await app.issued(event)
    assert await found(app, event, mark="certified") == ["Ayşe Bir"]


async def test_people_whose_mail_was_refused_are_found(mailing_app: App, mail_server: Any) -> None:
    mail_server.answers = {"ayse.bir@example.org": "550 no such user"}
    event = await mailing_app.event()
    await mailing_app.name_people(event, ["Ayşe Bir", "Mehmet İki"])
    await mailing_app.api().post(f"/api/v1/events/{event['id']}/invitations")
    await mailing_app.work()
    await mailing_app.api().post(f"/api/v1/events/{event['id']}/messages/release")
    await mailing_app.work()
    assert await found(mailing_app, event, mark="bounced") == ["Ayşe Bir"]


async def test_an_unknown_filter_is_refused(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    answer = await sqlite_app.api().get(f"/api/v1/events/{event['id']}/people", params={"mark": "odd"})
    assert answer.status_code == 422


async def test_some_are_invited_and_others_are_added_with_a_place(app: App) -> None:
    event = await app.event()
    await app.name_people(event, names(4))
    who = await ids(app, event)
    await bulk(app, event, "invite", who[:2])
    await bulk(app, event, "add", who[2:])
    assert sorted((await statuses(app, event)).values()) == ["accepted", "accepted", "invited", "invited"]
    assert [m.state.value for m in await app.mails("events/invitation")] == ["draft", "draft"]
    added = await app.mails("events/accepted")
    assert [(m.state.value, m.calendar is not None) for m in added] == [("draft", True)] * 2


async def test_who_is_added_to_a_full_event_waits(sqlite_app: App) -> None:
    event = await sqlite_app.event(capacity=1)
    await sqlite_app.name_people(event, names(2))
    await bulk(sqlite_app, event, "add", await ids(sqlite_app, event))
    assert sorted((await statuses(sqlite_app, event)).values()) == ["accepted", "waiting"]


async def test_only_those_who_have_not_answered_are_reminded_and_each_once(app: App) -> None:
    event, tokens = await app.invited_event(["Ayşe Bir", "Mehmet İki"], answer_by="2026-04-01")
    await app.accept(tokens["Ayşe Bir"])
    await bulk(app, event, "remind", await ids(app, event))
    await app.work()
    assert [m.to_name for m in await app.mails("events/reminder")] == ["Mehmet İki"]


async def test_who_has_not_told_us_everything_is_asked_for_it(app: App) -> None:
    event, tokens = await app.accepted_event(["Ayşe Bir", "Mehmet İki"])
    await app.guest(tokens["Ayşe Bir"]).put("/api/v1/invitation/details", json=DETAILS)
    await bulk(app, event, "ask-missing", await ids(app, event))
    assert [m.to_name for m in await app.mails("events/missing")] == ["Mehmet İki"]


async def test_many_are_taken_back_with_a_reason_and_told(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(names(30))
    who = await ids(sqlite_app, event)
    without = await bulk(sqlite_app, event, "withdraw", who)
    answer = await bulk(sqlite_app, event, "withdraw", who, reason="The venue burnt down")
    job = await sqlite_app.api().get(f"/api/v1/jobs/{answer.json()['id']}")
    assert (without.status_code, answer.status_code) == (422, 202)
    assert (job.json()["stage"], job.json()["done"]) == ("done", 30)
    assert set((await statuses(sqlite_app, event)).values()) == {"withdrawn"}
    assert len(await sqlite_app.mails("events/cancellation")) == 30


async def test_the_preview_says_whom_a_step_touches_and_who_is_told(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    tokens = await sqlite_app.invite(event, ["Ayşe Bir", "Mehmet İki"])
    await sqlite_app.accept(tokens["Ayşe Bir"])
    path = f"/api/v1/events/{event['id']}/people/bulk/preview"
    given = {"action": "remind", "invitations": await ids(sqlite_app, event)}
    answer = await sqlite_app.api().post(path, json=given)
    assert answer.json() == {"touched": 1, "told": 1, "untouched": 1, "moving_up": 0}
    assert await sqlite_app.mails("events/reminder") == []


async def test_the_preview_says_that_invitations_publish_a_draft(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await sqlite_app.name_people(event, ["Ayşe Bir"])
    desk = await sqlite_app.at_desk()
    await desk.get(f"/events/{event['id']}/people")
    page = f"/events/{event['id']}/people/bulk/preview"
    said = [(await desk.send(page, {"action": action, "all": "yes"})).text for action in ("invite", "withdraw")]
    assert ["The event is published with its invitations." in one for one in said] == [True, False]


@pytest.mark.parametrize("hours", [0, 48])
async def test_the_preview_says_how_many_who_wait_get_the_places_that_a_withdrawal_frees(
    sqlite_app: App, hours: int
) -> None:
    event, _ = await sqlite_app.accepted_event(names(6), capacity=3, offer_hours=hours)
    await sqlite_app.work()
    path = f"/api/v1/events/{event['id']}/people"
    accepted = (await sqlite_app.api().get(path, params={"status": "accepted"})).json()["items"]
    confirmed = [one["invitation_id"] for one in accepted]
    desk = await sqlite_app.at_desk()
    await desk.get(f"/events/{event['id']}/people")
    page = f"/events/{event['id']}/people/bulk/preview"
    said = (await desk.send(page, {"action": "withdraw", "ids": " ".join(confirmed[:2])})).text
    assert "Up to 2 people who wait get a free place by this." in said
    assert ("Their mails go at once" in said, "Their mails wait until you send them." in said) == (
        hours > 0,
        hours == 0,
    )
    kind = "events/offered" if hours else "events/accepted"
    before = len(await sqlite_app.mails(kind))
    await bulk(sqlite_app, event, "withdraw", confirmed[:2], reason="x")
    await sqlite_app.work()
    news = (await sqlite_app.mails(kind))[before:]
    assert [mail.state for mail in news] == ["sent" if hours else "draft"] * 2


async def test_a_step_that_touches_nobody_is_said_so(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    answer = await bulk(sqlite_app, event, "remind", await ids(sqlite_app, event))
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "nobody-touched")


async def test_another_events_people_are_not_touched(sqlite_app: App) -> None:
    mine, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    other = await sqlite_app.event(title="Another")
    answer = await bulk(sqlite_app, other, "withdraw", await ids(sqlite_app, mine), reason="x")
    assert answer.status_code == 409
    assert await statuses(sqlite_app, mine) == {"Ayşe Bir": "accepted"}


async def test_the_page_acts_on_all_that_the_filter_finds_after_showing_whom(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await sqlite_app.invite(event, names(60))
    desk = await sqlite_app.at_desk()
    await desk.get(f"/events/{event['id']}/people?mark=unanswered")
    page = await desk.send(
        f"/events/{event['id']}/people/bulk/preview?mark=unanswered", {"action": "remind", "all": "yes"}
    )
    assert "60 people are affected." in page.text
    chosen = page.text.partition('name="ids" value="')[2].partition('"')[0]
    await desk.send(f"/events/{event['id']}/people/bulk", {"action": "remind", "ids": chosen})
    await sqlite_app.work()
    assert len(await sqlite_app.mails("events/reminder")) == 60


async def test_nobody_ticked_comes_back_with_a_message(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    desk = await sqlite_app.at_desk()
    await desk.get(f"/events/{event['id']}/people")
    answer = await desk.send(f"/events/{event['id']}/people/bulk/preview", {"action": "remind"})
    assert (answer.status_code, 'id="invitations-wrong"' in answer.text) == (422, True)


async def test_chosen_columns_are_remembered(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    desk = await sqlite_app.at_desk()
    await desk.get(f"/events/{event['id']}/people")
    await desk.send(f"/events/{event['id']}/people/columns", {"columns[]": ["province", "mail"]})
    again = await (await sqlite_app.at_desk()).get(f"/events/{event['id']}/people")
    heads = again.text.partition("<thead>")[2].partition("</thead>")[0]
    assert ("Province" in heads, "E-mail" in heads) == (True, False)


async def test_days_of_the_list_are_written_out_as_they_were_where_the_event_is(sqlite_app: App) -> None:
    event, tokens = await sqlite_app.invited_event(["Ayşe Bir"], zone="Europe/Istanbul")
    # A quarter past one in the night of the second, there.
    sqlite_app.clock.now = datetime(2026, 3, 1, 22, 15, tzinfo=UTC)
    await sqlite_app.accept(tokens["Ayşe Bir"])
    desk = await sqlite_app.at_desk()
    await desk.get(f"/events/{event['id']}/people")
    await desk.send(f"/events/{event['id']}/people/columns", {"columns[]": ["answered-at"]})
    assert ">2 Mar 2026</td>" in (await desk.get(f"/events/{event['id']}/people")).text
    taken_out = await sqlite_app.api().get(f"/api/v1/events/{event['id']}/people.csv")
    assert "02.03.2026" in taken_out.text or "2026-03-02" in taken_out.text


@pytest.mark.parametrize(("ending", "shown"), [("csv", "'=1+1"), ("xlsx", "=1+1")])
async def test_the_list_is_taken_out_as_it_is_seen_with_answers_and_without_formulas(
    app: App, office: Office, ending: str, shown: str
) -> None:
    event = await app.event()
    id = "0197f3d2-0000-7000-8000-000000000001"
    asked = {"questions": [{"id": id, "kind": "text", "label_en": "Room"}]}
    await app.api().put(f"/api/v1/events/{event['id']}/questions", json=asked)
    tokens = await app.invite(event, ["Ayşe Bir", "Mehmet İki"])
    await app.accept(tokens["Ayşe Bir"])
    await app.guest(tokens["Ayşe Bir"]).put("/api/v1/invitation/answers", json={"answers": {id: "=1+1"}})
    path = f"/api/v1/events/{event['id']}/people.{ending}"
    answer = await app.api().get(path, params={"status": "accepted", "with_answers": True})
    heads, *people = office.computed(answer.content, ending).worksheets[0].iter_rows(values_only=True)
    assert heads[:2] == ("Name", "Position")
    assert [(person[0], person[-1]) for person in people] == [("Ayşe Bir", shown)]
    page = await (await app.at_desk()).get(f"/events/{event['id']}/people")
    assert "List of people exported" in page.text


async def test_one_person_is_seen_from_all_sides(sqlite_app: App) -> None:
    event, tokens = await sqlite_app.accepted_event(["Ayşe Bir"])
    await sqlite_app.guest(tokens["Ayşe Bir"]).put("/api/v1/invitation/details", json=DETAILS)
    await sqlite_app.sign(event, "2026-04-14")
    path = f"/events/{event['id']}/people/{(await ids(sqlite_app, event))[0]}"
    page = (await (await sqlite_app.at_desk()).get(path)).text
    assert all(text in page for text in ("+90 532 000 00 00", "vegetarian", "morning", "Details given", "Sent"))
    auditor = (await (await sqlite_app.at_desk("auditor")).get(path)).text
    assert "+90 532 000 00 00" not in auditor


async def test_the_history_of_a_person_keeps_other_projects_to_themselves(sqlite_app: App) -> None:
    _, tokens = await sqlite_app.accepted_event(["Ayşe Bir"])
    await sqlite_app.guest(tokens["Ayşe Bir"]).post("/api/v1/invitation/decline", json={"reason": "A secret hearing"})
    other = await sqlite_app.found("P-OTHER", prefix="other-")
    plan = sqlite_app.plan(project_id=str(other))
    theirs = (await sqlite_app.api("other-organiser").post("/api/v1/events", json=plan)).json()
    files = {"file": ("l.csv", "Name;E-mail\nAyşe Bir;ayse.bir@example.org".encode(), "text/csv")}
    made = await sqlite_app.api("other-organiser").post(f"/api/v1/events/{theirs['id']}/imports", files=files)
    await sqlite_app.api("other-organiser").post(f"/api/v1/imports/{made.json()['id']}/application", json={})
    people = await sqlite_app.api("other-organiser").get(f"/api/v1/events/{theirs['id']}/people")
    person = people.json()["items"][0]["person_id"]
    page = await (await sqlite_app.at_desk("other-organiser")).get(f"/people/{person}")
    assert ("Nominated" in page.text, "A secret hearing" in page.text) == (True, False)


async def test_the_list_that_is_handed_out_tells_who_takes_part_and_nothing_by_which_they_are_reached(
    sqlite_app: App,
) -> None:
    app = sqlite_app
    event, tokens = await app.accepted_event(["Ayşe Bir", "Mehmet İki"])
    await (await app.owner(tokens["Ayşe Bir"])).put("/api/v1/invitation/details", json=DETAILS)
    desk = await app.at_desk()
    page = (await desk.get(f"/events/{event['id']}/people")).text
    assert f"/events/{event['id']}/participants.pdf?names_only=true" in page
    whole, names_alone = [
        "".join(pdf_pages((await desk.get(f"/events/{event['id']}/participants.pdf{query}")).content))
        for query in ("", "?names_only=true")
    ]
    for text in (whole, names_alone):
        assert "Ayşe Bir" in text
        assert "Mehmet İki" in text
        assert "@" not in text
        assert DETAILS["mobile"] not in text
    assert ("Institution" in whole, "Institution" in names_alone) == (True, False)


async def test_the_list_is_sorted_by_what_its_heading_says_and_whoever_has_none_stands_last(app: App) -> None:
    event = await app.event()
    lines = ["Name;Institution;Province;E-mail", "Ayşe Bir;Van Barosu;Van;a@example.org"]
    lines += ["Çetin İki;Ankara Barosu;Ankara;c@example.org", "Bora Üç;;;b@example.org"]
    made = await app.upload(event, "\n".join(lines).encode())
    await app.api().post(f"/api/v1/imports/{made['id']}/application", json={})
    path = f"/events/{event['id']}/people"

    async def names(sort: str) -> list[str]:
        rows = (await app.api().get(f"/api/v1{path}?sort={sort}")).json()["items"]
        return [row["name"].split()[0] for row in rows]

    assert await names("name") == ["Ayşe", "Bora", "Çetin"]
    assert await names("-name") == ["Çetin", "Bora", "Ayşe"]
    assert await names("institution") == ["Çetin", "Ayşe", "Bora"]
    assert await names("-institution") == ["Ayşe", "Çetin", "Bora"]
    assert await names("province") == ["Çetin", "Ayşe", "Bora"]
    assert await names("answered-at") == ["Ayşe", "Bora", "Çetin"]
    assert (await app.api().get(f"/api/v1{path}?sort=phone")).status_code == 422
    page = (await (await app.at_desk()).get(f"{path}?q=e&sort=-institution")).text
    assert 'aria-sort="descending"' in page
    assert f'href="{path}?q=e&amp;sort=institution"' in page
    assert page.index("Ayşe Bir") < page.index("Çetin İki")


async def test_a_list_with_nobody_says_what_to_do_and_offers_no_filter(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    desk = await sqlite_app.at_desk()
    here = f"/events/{event['id']}/people"
    page = (await desk.get(here)).text
    assert ("Nobody here yet" in page, 'href="#text"' in page) == (True, True)
    assert ('aria-label="Find in this list"' in page, 'name="mark"' in page) == (False, False)
    await sqlite_app.name_people(event, ["Ayşe Bir"])
    page = (await desk.get(f"{here}?q=nobody")).text
    assert ("Nobody like that" in page, 'aria-label="Find in this list"' in page) == (True, True)


@pytest.mark.parametrize(
    ("path", "empty", "asked"),
    [
        ("/people", "Nobody here yet", "?q=x"),
        ("/institutions", "No institution yet", "?q=x"),
        ("/events", "No event yet", "?q=x"),
        ("/mail", "No messages", "?q=x"),
    ],
)
async def test_lists_that_are_empty_offer_no_filter_until_they_were_asked_for_something(
    sqlite_app: App, path: str, empty: str, asked: str
) -> None:
    desk = await sqlite_app.at_desk()
    main = (await desk.get(path)).text.split("<main")[1]
    assert (empty in main, 'role="search"' in main) == (True, False)
    assert 'role="search"' in (await desk.get(path + asked)).text.split("<main")[1]


async def test_who_is_invited_already_is_not_added_and_it_is_said_where_to_record_their_answer(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await sqlite_app.invite(event, ["Ayşe Bir"])
    desk = await sqlite_app.at_desk()
    await desk.get(f"/events/{event['id']}/people")
    seen = (await desk.send(f"/events/{event['id']}/people/bulk/preview", {"all": "yes", "action": "add"})).text
    assert "Nobody is affected." in seen
    assert "“Record an answer”" in seen
    assert f'href="/events/{event["id"]}/people?status=invited"' in seen
    other = (await desk.send(f"/events/{event['id']}/people/bulk/preview", {"all": "yes", "action": "remind"})).text
    assert "Record an answer" not in other
