"""Mails to many: they wait as a batch that says why and to how many, and are changed, sent, taken back or discarded."""

from datetime import timedelta
from typing import Any

import pytest

from notifications.batches.rules import with_added
from tests.people import App, copied
from tests.servers import MailServer

OPENING = {"title": "Opening", "starts": "2026-04-14T09:30", "ends": "2026-04-14T10:30", "room": "Hall A"}


async def moved(app: App, event: dict[str, Any], *, tell: str = "true", **more: Any) -> None:
    plan = app.plan(**more)
    del plan["project_id"]
    answer = await app.api().put(f"/api/v1/events/{event['id']}?tell={tell}", json=plan)
    assert answer.status_code == 200, answer.text
    await app.work()


async def batches(app: App, event: dict[str, Any], role: str = "organiser") -> list[dict[str, Any]]:
    found = await app.api(role).get(f"/api/v1/message-batches?about_id={event['id']}")
    assert found.status_code == 200, found.text
    return list(found.json()["items"])


async def batch_of(app: App, event: dict[str, Any], kind: str) -> dict[str, Any]:
    (found,) = [one for one in await batches(app, event) if one["kind"] == kind]
    return found


async def step(app: App, batch: dict[str, Any], what: str, role: str = "organiser", **given: Any) -> Any:
    return await app.api(role).post(f"/api/v1/message-batches/{batch['id']}/{what}", json=given or None)


async def states(app: App, kind: str = "events/update") -> dict[str, str]:
    return {m.to_name: m.state.value for m in await app.mails(kind) if m.state != "cancelled"}


@copied
async def told_of_a_move(app: App, names: list[str]) -> tuple[dict[str, Any], dict[str, str], dict[str, Any]]:
    """An event whose people were invited and that then moved to İzmir: the batch that waits."""
    event, tokens = await app.invited_event(names)
    await moved(app, event, venue="İzmir")
    return event, tokens, await batch_of(app, event, "events/update")


async def test_a_move_writes_a_batch_that_says_why_and_to_how_many_and_sends_nothing(app: App) -> None:
    _, _, batch = await told_of_a_move(app, ["Ayşe Bir", "Can İki"])
    assert (batch["status"], batch["counts"], batch["reasons"]) == (
        "waiting",
        {"draft": 2},
        ["Days, place or time zone have changed."],
    )
    assert (batch["about"], batch["name"]) == ("Coordination meeting", "What has changed")


async def test_several_moves_before_it_is_sent_are_one_batch_and_one_mail_each(app: App) -> None:
    event, _, first = await told_of_a_move(app, ["Ayşe Bir", "Can İki"])
    await moved(app, event, venue="Van")
    batch = await batch_of(app, event, "events/update")
    assert (batch["id"], batch["counts"]) == (first["id"], {"draft": 2})


async def test_what_is_sent_reaches_everybody(mailing_app: App, mail_server: MailServer) -> None:
    _, _, batch = await told_of_a_move(mailing_app, ["Ayşe Bir", "Can İki"])
    before = len(mail_server.taken)
    assert (await step(mailing_app, batch, "send", count=2)).json() == {"mails": 2}
    await mailing_app.work()
    assert len(mail_server.taken) == before + 2


async def test_where_there_are_others_than_the_sender_was_told_none_is_sent(app: App) -> None:
    event, _, batch = await told_of_a_move(app, ["Ayşe Bir", "Can İki"])
    refused = await step(app, batch, "send", count=1)
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "batch-grown")
    assert "2" in refused.json()["title"]
    assert (await batch_of(app, event, "events/update"))["counts"] == {"draft": 2}


async def test_sending_twice_sends_once(app: App) -> None:
    _, _, batch = await told_of_a_move(app, ["Ayşe Bir", "Can İki"])
    await step(app, batch, "send", count=2)
    again = await step(app, batch, "send", count=2)
    assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (409, "nothing-to-release")


async def test_what_was_sent_can_be_taken_back_until_it_leaves(app: App) -> None:
    app.fastapi.state.settings.recall_seconds = 60
    _, _, batch = await told_of_a_move(app, ["Ayşe Bir", "Can İki"])
    await step(app, batch, "send", count=2)
    await app.work()
    assert set((await states(app)).values()) == {"queued"}
    desk = await app.at_desk()
    path = f"/mail/batches/{batch['id']}"
    assert "<dt>Sent</dt>" in (await desk.get(path)).text
    assert (await step(app, batch, "recall")).json() == {"mails": 2}
    # What waits again is not said to be sent.
    assert "<dt>Sent</dt>" not in (await desk.get(path)).text
    app.clock.now += timedelta(minutes=5)
    await app.work()
    assert set((await states(app)).values()) == {"draft"}
    await step(app, batch, "send", count=2)
    app.clock.now += timedelta(seconds=61)
    await app.work()
    assert set((await states(app)).values()) == {"sent"}
    late = await step(app, batch, "recall")
    assert (late.status_code, late.json()["type"].rpartition("/")[2]) == (409, "nothing-to-recall")


async def test_words_of_the_organiser_stand_after_the_greeting_in_the_readers_language_as_text(
    mailing_app: App, mail_server: MailServer
) -> None:
    _, _, batch = await told_of_a_move(mailing_app, ["Ayşe Bir", "Can İki"])
    words = {"added_tr": "Salon doluydu.\n\n<b>Özür dileriz.</b>", "added_en": "The hall was full."}
    path = f"/api/v1/message-batches/{batch['id']}/added-words"
    assert (await mailing_app.api().put(path, json=words)).status_code == 200
    await step(mailing_app, batch, "send", count=2)
    await mailing_app.work()
    _, mail = mail_server.taken[-1]
    plain, html = (part.get_content() for part in mail.walk() if part.get_content_type() in ("text/plain", "text/html"))
    greeting, first, second, *rest = plain.replace("\r\n", "\n").split("\n\n")
    assert (first, second) == ("Salon doluydu.", "<b>Özür dileriz.</b>")
    assert greeting.startswith("Sayın")
    assert "The hall was full." not in plain
    assert "&lt;b&gt;Özür dileriz.&lt;/b&gt;" in html
    assert html.index("Sayın") < html.index("Salon doluydu.") < html.index(rest[0][:20])


async def test_nothing_is_added_to_what_has_been_sent(app: App) -> None:
    _, _, batch = await told_of_a_move(app, ["Ayşe Bir"])
    await step(app, batch, "send")
    late = await app.api().put(f"/api/v1/message-batches/{batch['id']}/added-words", json={"added_en": "x"})
    assert (late.status_code, late.json()["type"].rpartition("/")[2]) == (409, "not-a-draft")


async def test_news_that_are_discarded_count_as_not_told(app: App) -> None:
    event, _, batch = await told_of_a_move(app, ["Ayşe Bir", "Can İki"])
    assert (await step(app, batch, "discard")).json() == {"mails": 2}
    await app.work()
    assert await states(app) == {}
    await moved(app, event, venue="Van")
    texts = [m.plain for m in await app.mails("events/update") if m.state == "draft"]
    assert [("Ankara yerine Van" in text, "İzmir" in text) for text in texts] == [(True, False)] * 2


async def test_invitations_that_are_discarded_leave_people_to_be_invited_and_are_written_again(app: App) -> None:
    event = await app.event()
    await app.name_people(event, ["Ayşe Bir", "Can İki"])
    for _ in range(2):
        asked = await app.api().post(f"/api/v1/events/{event['id']}/invitations")
        assert asked.status_code == 202, asked.text
        await app.work()
        (batch, *_) = await batches(app, event)
        assert batch["counts"] == {"draft": 2}
        await step(app, batch, "discard")
        rows = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
        assert {row["status"] for row in rows} == {"nominated"}


async def test_invitations_are_written_anew_where_the_event_moves_in_silence(app: App) -> None:
    event = await app.event()
    await app.name_people(event, ["Ayşe Bir"])
    await app.api().post(f"/api/v1/events/{event['id']}/invitations")
    await app.work()
    await moved(app, event, tell="false", venue="İzmir")
    (mail,) = [m for m in await app.mails("events/invitation") if m.state == "draft"]
    assert "İzmir" in mail.plain
    assert await app.mails("events/update") == []


async def test_mails_are_not_sent_while_they_are_being_written_anew(app: App) -> None:
    event, _, batch = await told_of_a_move(app, ["Ayşe Bir", "Can İki"])
    plan = app.plan(venue="Van")
    del plan["project_id"]
    await app.api().put(f"/api/v1/events/{event['id']}", json=plan)
    refused = await step(app, batch, "send", count=2)
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "batch-being-written")
    await app.work()
    assert (await step(app, batch, "send", count=2)).status_code == 200


async def written_campaign(app: App, event: dict[str, Any]) -> dict[str, Any]:
    text = {"subject_en": "News", "subject_tr": "Haber", "text_en": "{days}", "text_tr": "{days}"}
    made = await app.api().post(f"/api/v1/events/{event['id']}/campaigns", json=text)
    assert made.status_code == 201, made.text
    (await app.api().post(f"/api/v1/campaigns/{made.json()['id']}/writing")).raise_for_status()
    await app.work()
    (batch,) = [one for one in await batches(app, event) if one["kind"].startswith("events/campaign")]
    return batch


async def test_bulk_mail_about_what_has_moved_or_is_off_stops_and_says_so(app: App) -> None:
    event, _ = await app.accepted_event(["Ayşe Bir", "Can İki"])
    batch = await written_campaign(app, event)
    await moved(app, event, tell="false", first_day="2026-04-15", last_day="2026-04-16")
    stale = await step(app, batch, "send", count=2)
    assert (stale.status_code, stale.json()["type"].rpartition("/")[2]) == (409, "batch-outdated")
    assert stale.json()["title"].startswith("Time or place has changed")
    await app.api().post(f"/api/v1/events/{event['id']}/cancellation", json={"reason": "Floods"})
    off = await step(app, batch, "send", count=2)
    assert off.json()["title"].startswith("The event does not take place")
    assert {m.state.value for m in await app.mails(batch["kind"])} == {"draft"}


async def test_bulk_mail_that_is_discarded_can_be_written_again(app: App) -> None:
    event, _ = await app.accepted_event(["Ayşe Bir", "Can İki"])
    batch = await written_campaign(app, event)
    await step(app, batch, "discard")
    (campaign,) = (await app.api().get(f"/api/v1/events/{event['id']}/campaigns")).json()
    assert campaign["state"] == "draft"
    (await app.api().post(f"/api/v1/campaigns/{campaign['id']}/writing")).raise_for_status()
    await app.work()
    assert [m.state.value for m in await app.mails(batch["kind"])].count("draft") == 2


async def test_who_left_the_list_meanwhile_gets_none_and_is_named(app: App) -> None:
    event, _ = await app.accepted_event(["Ayşe Bir", "Can İki"])
    batch = await written_campaign(app, event)
    rows = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    gone = next(row for row in rows if row["name"] == "Can İki")
    path = f"/api/v1/invitations/{gone['invitation_id']}/withdrawal"
    (await app.api().post(path, json={"reason": "By mistake"})).raise_for_status()
    assert (await step(app, batch, "send")).json() == {"mails": 1}
    desk = await app.at_desk()
    await desk.get(f"/mail/batches/{batch['id']}")
    assert "No longer on the list" in desk.page


async def reminded(app: App, names: list[str]) -> tuple[dict[str, str], dict[str, Any]]:
    """People who were reminded to answer by a batch that waits: their links, and the batch."""
    event, tokens = await app.invited_event(names)
    rows = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    chosen = {"action": "remind", "invitations": [row["invitation_id"] for row in rows]}
    (await app.api().post(f"/api/v1/events/{event['id']}/people/bulk", json=chosen)).raise_for_status()
    await app.work()
    return tokens, await batch_of(app, event, "events/reminder")


async def test_who_answered_meanwhile_gets_no_reminder(app: App) -> None:
    tokens, batch = await reminded(app, ["Ayşe Bir", "Can İki"])
    await app.accept(tokens["Can İki"])
    assert (batch["counts"], (await step(app, batch, "send")).json()) == ({"draft": 2}, {"mails": 1})
    await app.work()
    assert await states(app, "events/reminder") == {"Ayşe Bir": "sent"}


async def test_one_mail_is_changed_sent_or_discarded_alone(mailing_app: App, mail_server: MailServer) -> None:
    _, _, batch = await told_of_a_move(mailing_app, ["Ayşe Bir", "Can İki"])
    first, second = await mailing_app.mails("events/update")
    path = f"/api/v1/messages/{first.id}"
    changed = await mailing_app.api().put(f"{path}/draft", json={"subject": "Moved", "added": "Only for you."})
    assert changed.status_code == 200, changed.text
    assert (await mailing_app.api().post(f"{path}/send")).status_code == 204
    await mailing_app.work()
    _, mail = mail_server.taken[-1]
    assert mail["Subject"] == "Moved"
    assert "Only for you." in mail.get_body(("plain",)).get_content()
    assert (await mailing_app.api().post(f"/api/v1/messages/{second.id}/discard")).status_code == 204
    late = await mailing_app.api().post(f"/api/v1/messages/{second.id}/send")
    assert (late.status_code, late.json()["type"].rpartition("/")[2]) == (409, "not-a-draft")
    found = (await mailing_app.api().get(f"/api/v1/message-batches/{batch['id']}")).json()
    assert found["counts"] == {"cancelled": 1, "sent": 1}


@pytest.mark.parametrize("what", ["send", "recall"])
async def test_who_plans_without_sending_writes_and_discards_only(app: App, what: str) -> None:
    event = await app.event()
    await app.invite(event, ["Ayşe Bir", "Can İki"])
    plan = app.plan(venue="İzmir")
    del plan["project_id"]
    assert (await app.api("assistant").put(f"/api/v1/events/{event['id']}", json=plan)).status_code == 200
    await app.work()
    batch = await batch_of(app, event, "events/update")
    assert (
        await step(app, batch, what, role="assistant", **({"count": 2} if what == "send" else {}))
    ).status_code == 403
    assert (await step(app, batch, "discard", role="assistant")).status_code == 200


async def test_whoever_reads_the_project_sees_batches_and_another_project_none(app: App) -> None:
    event, _, batch = await told_of_a_move(app, ["Ayşe Bir"])
    await app.found("P-B", prefix="b-")
    assert batch["id"] in [one["id"] for one in await batches(app, event, "auditor")]
    assert await batches(app, event, "b-organiser") == []
    for what in ("send", "recall", "discard"):
        assert (
            await step(app, batch, what, role="b-organiser", **({"count": 1} if what == "send" else {}))
        ).status_code == 404


async def test_the_page_of_a_step_leads_to_its_batch_and_from_there_it_is_sent(app: App) -> None:
    event = await app.event(sessions=[OPENING])
    await app.invite(event, ["Ayşe Bir", "Can İki"])
    desk = await app.at_desk()
    session = event["sessions"][0]["id"]
    await desk.get(f"/events/{event['id']}/sessions/{session}")
    assert "Save, 2 mails to send" in desk.page
    form = {"title": "Opening", "day": "2026-04-14", "starts": "11:00", "ends": "12:00", "kind": "content"}
    saved = await desk.send(f"/events/{event['id']}/sessions/{session}", form | {"room": "Hall B", "tell": "yes"})
    assert saved.headers["location"].startswith(f"/mail/batches?about={event['id']}&job=")
    await app.work()
    waiting = await desk.get(f"/mail/waiting?about={event['id']}")
    path = waiting.headers["location"]
    await desk.get(path)
    assert "Send 2 mails" in desk.page
    assert "A session has another time or room." in desk.page
    await desk.send(f"{path}/send", {"count": "2"})
    await app.work()
    assert set((await states(app)).values()) == {"sent"}


async def test_what_was_typed_is_shown_again_where_it_is_too_long(app: App) -> None:
    _, _, batch = await told_of_a_move(app, ["Ayşe Bir"])
    desk = await app.at_desk()
    await desk.get(f"/mail/batches/{batch['id']}")
    refused = await desk.send(f"/mail/batches/{batch['id']}/words", {"added_tr": "uzun " * 900, "added_en": ""})
    assert (refused.status_code, 'id="added_tr-wrong"' in refused.text, "uzun uzun" in refused.text) == (
        422,
        True,
        True,
    )


async def test_mail_is_found_by_its_recipient(app: App) -> None:
    event = await app.event()
    await app.invite(event, ["Ayşe Bir", "Can İki"])
    desk = await app.at_desk()
    await desk.get("/mail?q=can")
    assert ("Can İki" in desk.page, "Ayşe Bir" in desk.page) == (True, False)
    await desk.get("/mail?q=%25")
    assert "No messages" in desk.page


@pytest.mark.parametrize(
    ("sort", "first"), [("-when", "Can İki"), ("when", "Ayşe Bir"), ("to", "Ayşe Bir"), ("-to", "Can İki")]
)
async def test_mail_is_sorted_by_its_headings(sqlite_app: App, sort: str, first: str) -> None:
    event = await sqlite_app.event()
    await sqlite_app.invite(event, ["Ayşe Bir", "Can İki"])
    desk = await sqlite_app.at_desk()
    await desk.get(f"/mail?sort={sort}")
    names = ("Ayşe Bir", "Can İki")
    assert min(names, key=lambda name: desk.page.index(f">{name}</td>")) == first
    assert desk.page.count("aria-sort") == 2


async def test_the_list_of_batches_costs_the_same_number_of_queries_however_long_it_is(sqlite_app: App) -> None:
    counted = []
    desk = await sqlite_app.at_desk()
    for number in range(3):
        event = await sqlite_app.event(title=f"Meeting {number}")
        await sqlite_app.invite(event, ["Ayşe Bir"])
        await moved(sqlite_app, event, title=f"Meeting {number}", venue="İzmir")
        with sqlite_app.counting() as seen:
            await desk.get("/mail/batches")
        counted.append(len(seen))
    assert len(set(counted)) == 1


def test_a_mail_without_a_greeting_paragraph_keeps_its_html() -> None:
    assert with_added("Hello", "<div>Hello</div>", "More") == ("Hello\n\nMore\n\n", "<div>Hello</div>")


async def test_words_added_after_a_part_has_left_are_said_to_those_who_wait_only(
    mailing_app: App, mail_server: MailServer
) -> None:
    _, _, batch = await told_of_a_move(mailing_app, ["Ayşe Bir", "Can İki", "Deniz Üç"])
    path = f"/api/v1/message-batches/{batch['id']}/added-words"
    ids = {m.to_name: m.id for m in await mailing_app.mails("events/update")}

    async def add(words: str) -> None:
        assert (await mailing_app.api().put(path, json={"added_tr": words, "added_en": words})).status_code == 200

    async def shown(name: str) -> str:
        return (await (await mailing_app.at_desk()).get(f"/mail/{ids[name]}")).text

    await add("Birinci not.")
    assert (await mailing_app.api().post(f"/api/v1/messages/{ids['Ayşe Bir']}/send")).is_success
    await mailing_app.work()
    mailing_app.clock.now += timedelta(minutes=5)
    await add("İkinci not.")
    mailing_app.clock.now += timedelta(minutes=5)
    assert (await mailing_app.api().post(f"/api/v1/messages/{ids['Can İki']}/send")).is_success
    mailing_app.clock.now += timedelta(minutes=5)
    await add("Üçüncü not.")
    said = {}
    for name in ids:
        text = await shown(name)
        said[name] = next(one for one in ("Birinci", "İkinci", "Üçüncü") if f"{one} not." in text)
    assert said == {"Ayşe Bir": "Birinci", "Can İki": "İkinci", "Deniz Üç": "Üçüncü"}
    await step(mailing_app, batch, "send")
    await mailing_app.work()
    sent = [mail.get_body(("plain",)).get_content() for _, mail in mail_server.taken]
    assert [sum(f"{note} not." in text for text in sent) for note in ("Birinci", "İkinci", "Üçüncü")] == [1, 1, 1]


async def test_of_a_batch_that_was_discarded_one_reads_how_many_mails_it_had(app: App) -> None:
    _, _, batch = await told_of_a_move(app, ["Ayşe Bir", "Can İki"])
    await step(app, batch, "discard")
    found = (await app.api().get(f"/api/v1/message-batches/{batch['id']}")).json()
    assert (found["status"], found["counts"]) == ("discarded", {"cancelled": 2})
    desk = await app.at_desk()
    for page in (f"/mail/batches/{batch['id']}", "/mail/batches"):
        shown = " ".join((await desk.get(page)).text.split())
        assert "2 mails discarded" in shown, page
        assert "0 mails" not in shown, page
        assert "0 people" not in shown, page


async def test_names_in_braces_are_refused_where_nothing_fills_them_in(app: App) -> None:
    _, _, batch = await told_of_a_move(app, ["Ayşe Bir"])
    desk = await app.at_desk()
    await desk.get(f"/mail/batches/{batch['id']}")
    of_all = await desk.send(
        f"/mail/batches/{batch['id']}/words", {"added_tr": "Sayın {name}, geliniz.", "added_en": ""}
    )
    said = of_all.text.split('id="added_tr-wrong"')[1].split("</")[0]
    assert (of_all.status_code, "{name} would be sent as it stands" in said) == (422, True)
    (mail,) = [one for one in await app.mails("events/update") if one.state == "draft"]
    for field in ("subject", "added"):
        draft = {"subject": "Moved", "added": "", field: "For {name}"}
        of_one = await app.api().put(f"/api/v1/messages/{mail.id}/draft", json=draft)
        assert of_one.status_code == 422, field
