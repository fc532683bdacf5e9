"""Writing to many people of an event: placeholders, samples, release, and what became of it."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.placeholders import blocks, filled
from tests.people import App, Visitor, names
from tests.servers import MailServer

TEXT = {
    "subject_tr": "{event} hakkında",
    "text_tr": "Sayın {name}, {days} tarihleri için yanıtınız: {answer}.",
    "subject_en": "About {event}",
    "text_en": "Your answer for {days}: {answer}.",
}


async def draft(app: App, event: dict[str, Any], **more: Any) -> Any:
    return await app.api().post(f"/api/v1/events/{event['id']}/campaigns", json={**TEXT, **more})


async def written(app: App, event: dict[str, Any], **more: Any) -> str:
    made = (await draft(app, event, **more)).json()["id"]
    answer = await app.api().post(f"/api/v1/campaigns/{made}/writing")
    assert answer.status_code == 202, answer.text
    await app.work()
    id: str = made
    return id


async def released(app: App, event: dict[str, Any], **more: Any) -> str:
    id = await written(app, event, **more)
    answer = await app.api().post(f"/api/v1/campaigns/{id}/release")
    assert answer.status_code == 200, answer.text
    await app.work()
    return id


async def counts(app: App, id: str) -> dict[str, int]:
    found: dict[str, int] = (await app.api().get(f"/api/v1/campaigns/{id}")).json()["counts"]
    return found


async def mails(app: App, id: str) -> dict[str, Any]:
    return {m.to_name: m for m in await app.mails(f"events/campaign:{id.replace('-', '')}")}


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition("/")[2]


async def test_everybody_who_passes_the_filter_gets_a_draft_that_waits_for_release(app: App) -> None:
    event, tokens = await app.invited_event(["Ayşe Bir", "Mehmet İki", "Oğuz Üç"])
    await app.accept(tokens["Ayşe Bir"])
    id = await written(app, event, wanted={"mark": "unanswered"})
    assert {n: m.state.value for n, m in (await mails(app, id)).items()} == {
        "Mehmet İki": "draft",
        "Oğuz Üç": "draft",
    }
    assert (await app.api().post(f"/api/v1/campaigns/{id}/release")).json() == {"count": 2}


async def test_each_text_is_filled_in_for_its_reader_and_links_their_own_page(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    id = await released(sqlite_app, event)
    mail = (await mails(sqlite_app, id))["Ayşe Bir"]
    assert mail.subject == "Coordination meeting hakkında"
    assert "Sayın Ayşe Bir, 14–15 Nisan 2026 tarihleri için yanıtınız: Kabul etti." in mail.plain
    assert "/i/" in mail.plain


async def test_a_name_with_braces_or_markup_stays_text(sqlite_app: App) -> None:
    event = await sqlite_app.event(title="{name} <b>{{7*7}}</b>")
    await sqlite_app.invite(event, ["Ayşe {event}"])
    id = await released(sqlite_app, event)
    mail = (await mails(sqlite_app, id))["Ayşe {event}"]
    assert mail.subject == "{name} <b>{{7*7}}</b> hakkında"
    assert "Sayın Ayşe {event}," in mail.plain
    assert "<b>" not in mail.html


async def test_a_sample_shows_the_mail_as_a_real_person_would_get_it_and_keeps_nothing(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    id = (await draft(sqlite_app, event)).json()["id"]
    seen = (await sqlite_app.api().get(f"/api/v1/campaigns/{id}/sample")).json()
    assert (seen["to_name"], seen["subject"]) == ("Ayşe Bir", "Coordination meeting hakkında")
    assert await mails(sqlite_app, id) == {}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text_en": "Dear {nmae}"}, "text_en"),
        ({"subject_tr": "{7*7}"}, ""),
        ({"subject_tr": "", "subject_en": ""}, "body"),
        ({"subject_en": "a\r\nBcc: x@y.org"}, "subject_en"),
        ({"wanted": {"mark": "odd"}}, "wanted.mark"),
    ],
)
async def test_texts_that_do_not_fit_are_pointed_at(sqlite_app: App, change: dict[str, Any], field: str) -> None:
    event = await sqlite_app.event()
    answer = await draft(sqlite_app, event, **change)
    if not field:
        assert answer.status_code == 201  # braces around anything but a word are text
        return
    assert (answer.status_code, [e["field"] for e in answer.json()["errors"]]) == (422, [field])


async def test_a_name_in_braces_that_stands_for_nothing_is_refused_with_those_that_do(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    answer = await draft(sqlite_app, event, text_tr="Sayın {ad} {ad_soyad}")
    (said,) = [one["message"] for one in answer.json()["errors"]]
    assert said == (
        "Nothing stands for {ad}, {ad_soyad}. "
        "These can be used: {name}, {position}, {event}, {days}, {place}, {deadline}, {answer}."
    )


async def test_a_value_that_is_missing_stops_the_writing(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    id = (await draft(sqlite_app, event, text_en="Until {deadline}.")).json()["id"]
    answer = await sqlite_app.api().post(f"/api/v1/campaigns/{id}/writing")
    assert (code(answer), await mails(sqlite_app, id)) == ((409, "value-missing"), {})


async def test_what_was_written_to_people_is_not_changed_nor_written_twice(app: App) -> None:
    event, _ = await app.accepted_event(["Ayşe Bir"])
    id = await written(app, event)
    again = await app.api().post(f"/api/v1/campaigns/{id}/writing")
    change = await app.api().put(f"/api/v1/campaigns/{id}", json=TEXT)
    assert (code(again), code(change)) == ((409, "campaign-written"),) * 2
    assert len(await mails(app, id)) == 1


async def test_nobody_to_write_to_is_said_so(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    id = (await draft(sqlite_app, event)).json()["id"]
    assert code(await sqlite_app.api().post(f"/api/v1/campaigns/{id}/writing")) == (
        409,
        "nobody-to-write-to",
    )


async def test_an_assistant_writes_and_only_an_organiser_lets_go(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    id = await written(sqlite_app, event)
    assert (await sqlite_app.api("assistant").post(f"/api/v1/campaigns/{id}/release")).status_code == 403


async def test_the_organiser_sees_how_many_were_reached_and_how_many_answered_since(app: App) -> None:
    event, tokens = await app.invited_event(["Ayşe Bir", "Mehmet İki"])
    id = await released(app, event)
    app.clock.forward(hours=1)
    await app.accept(tokens["Ayşe Bir"])
    seen = (await app.api().get(f"/api/v1/campaigns/{id}")).json()
    assert (seen["counts"], seen["answered"]) == ({"sent": 2}, 1)


async def test_those_it_did_not_reach_get_it_again_and_nobody_twice(mailing_app: App, mail_server: MailServer) -> None:
    event = await mailing_app.event()
    await mailing_app.invite(event, ["Ayşe Bir", "Mehmet İki"])
    mail_server.answers["ayse.bir@example.org"] = "550 5.7.1 not today"
    id = await released(mailing_app, event)
    assert await counts(mailing_app, id) == {"failed": 1, "sent": 1}
    mail_server.answers.clear()
    assert (await mailing_app.api().post(f"/api/v1/campaigns/{id}/retrial")).json() == {"count": 1}
    await mailing_app.work()
    again = await mailing_app.api().post(f"/api/v1/campaigns/{id}/retrial")
    to = [r[0] for r, m in mail_server.taken if "hakkında" in str(m["Subject"])]
    assert (sorted(to), code(again)) == (
        ["ayse.bir@example.org", "mehmet.iki@example.org"],
        (409, "nothing-to-send-again"),
    )


async def test_a_mailing_of_which_too_many_come_back_is_stopped_until_somebody_looks(
    mailing_app: App, mail_server: MailServer
) -> None:
    event = await mailing_app.event()
    people = names(40)
    await mailing_app.invite(event, people)
    for m in await mailing_app.mails("events/invitation"):
        mail_server.answers[m.to_address] = "552 5.2.2 mailbox full"
    id = await released(mailing_app, event)
    seen = await counts(mailing_app, id)
    assert seen["draft"] >= 1
    assert seen["failed"] + seen["draft"] == 40
    mail_server.answers.clear()
    assert (await mailing_app.api().post(f"/api/v1/campaigns/{id}/release")).json() == {"count": seen["draft"]}


async def test_materials_go_by_link_and_open_for_their_reader(sqlite_app: App) -> None:
    event, tokens = await sqlite_app.accepted_event(["Ayşe Bir"])
    files = {"file": ("law.pdf", b"%PDF-1.7 law", "application/pdf")}
    made = await sqlite_app.api().post(
        f"/api/v1/events/{event['id']}/materials", data={"title": "The law"}, files=files
    )
    id = await released(sqlite_app, event, materials=[made.json()["id"]])
    mail = (await mails(sqlite_app, id))["Ayşe Bir"]
    assert "The law: http" in mail.plain
    got = await sqlite_app.stranger().get(f"/i/{tokens['Ayşe Bir']}/materials/{made.json()['id']}")
    assert got.content == b"%PDF-1.7 law"


async def test_bulk_mail_ends_with_one_click_and_what_the_journey_needs_still_arrives(
    mailing_app: App, mail_server: MailServer
) -> None:
    event = await mailing_app.event()
    await mailing_app.invite(event, ["Ayşe Bir"])
    await released(mailing_app, event)
    # As a receiver gets it: neither folded nor encoded, in both headers.
    ((link,), raw) = re.findall(rb"\r\nList-Unsubscribe: <(\S+)>\r\n", mail_server.raw[-1]), mail_server.raw[-1]
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw
    assert b"\r\nX-Auto-Response-Suppress: OOF\r\n" in raw
    path = link.decode().partition("8000")[2]
    stranger = mailing_app.stranger()
    looked = await stranger.get(path)
    clicked = await stranger.client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert (looked.status_code, clicked.status_code) == (200, 200)
    before = len(mail_server.taken)
    id = await released(mailing_app, event)
    assert (await counts(mailing_app, id), len(mail_server.taken)) == ({"suppressed": 1}, before)
    plan = mailing_app.plan(venue="İzmir")
    del plan["project_id"]
    await mailing_app.api().put(f"/api/v1/events/{event['id']}", json=plan)
    await mailing_app.send_waiting(event)
    assert len(mail_server.taken) == before + 1


async def test_by_the_link_a_person_chooses_topics_and_the_language_of_mails(app: App) -> None:
    event, _ = await app.accepted_event(["Ayşe Bir"])
    id = await released(app, event)
    path = "/unsubscribe/" + (await mails(app, id))["Ayşe Bir"].plain.partition("/unsubscribe/")[2].split()[0]
    stranger = app.stranger()
    assert (await stranger.get(path)).text.split().count("checked") == 2
    await stranger.send(f"{path}/choices", {"topics[]": "thanks", "language": "en"})
    assert stranger.page.split().count("checked") == 1
    assert await counts(app, await released(app, event)) == {"suppressed": 1}
    await stranger.send(f"{path}/choices", {"topics[]": ["news", "thanks"], "language": "en"})
    again = await released(app, event)
    assert (await mails(app, again))["Ayşe Bir"].subject == "About Coordination meeting"
    assert (await stranger.send(f"{path}/choices", {"language": "xx"})).status_code == 422


async def test_a_changed_letter_in_the_link_ends_nothing(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    id = await released(sqlite_app, event)
    path = (await mails(sqlite_app, id))["Ayşe Bir"].plain.partition("/unsubscribe/")[2].split()[0]
    stranger = sqlite_app.stranger()
    # Not the last letter: some of its bits stand for nothing, and another one can mean the same.
    changed = f"{path[:-5]}{'y' if path[-5] == 'x' else 'x'}{path[-4:]}"
    assert (await stranger.client.post(f"/unsubscribe/{changed}")).status_code == 404
    assert (await stranger.get(f"/unsubscribe/{path}")).status_code == 200


async def test_an_address_that_is_not_there_gets_nothing_more_until_it_is_released(
    mailing_app: App, mail_server: MailServer
) -> None:
    mail_server.answers["ayse.bir@example.org"] = "550 5.1.1 no such user"
    event = await mailing_app.event()
    await mailing_app.invite(event, ["Ayşe Bir"])
    mail_server.answers.clear()
    id = await released(mailing_app, event)
    assert await counts(mailing_app, id) == {"suppressed": 1}
    desk = await mailing_app.at_desk()
    page = await desk.get("/mail/suppressed")
    path = page.text.partition('action="/mail/suppressed/')[2].partition('"')[0]
    await desk.send(f"/mail/suppressed/{path}")
    again = await released(mailing_app, event)
    assert await counts(mailing_app, again) == {"sent": 1}


async def test_the_page_takes_a_text_from_draft_to_release(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(names(3))
    desk: Visitor = await sqlite_app.at_desk()
    path = f"/events/{event['id']}/campaigns"
    await desk.get(path)
    wrong = await desk.send(path, {"subject_tr": "Merhaba", "text_tr": "Sayın {adi}"})
    assert (wrong.status_code, "Sayın {adi}" in wrong.text) == (422, True)
    await desk.send(path, {"subject_tr": "Merhaba", "text_tr": "Sayın {name}", "status": "accepted"})
    assert "3 people would get it." in desk.page
    here = desk.page.partition('action="/campaigns/')[2].partition("/")[0]
    await desk.send(f"/campaigns/{here}/test")
    await desk.send(f"/campaigns/{here}/write")
    await sqlite_app.work()
    await desk.get(f"/campaigns/{here}")
    await desk.send(f"/campaigns/{here}/release")
    await sqlite_app.work()
    assert (await counts(sqlite_app, here), len(await sqlite_app.mails("events/sample"))) == (
        {"sent": 3},
        1,
    )


@given(text=st.text(), value=st.text())
def test_a_value_is_put_in_as_it_is_and_not_looked_at_again(text: str, value: str) -> None:
    safe = text.replace("{", "").replace("}", "")
    assert filled(safe + "{name}" + safe, {"name": value}) == safe + value + safe


def test_empty_lines_divide_paragraphs_and_dashes_make_points() -> None:
    text = "One\nline.\n\n- first\n- second\n\nEnd."
    assert blocks(text) == ["One line.", "• first", "• second", "End."]


async def state_of(app: App, event: dict[str, Any], id: str) -> tuple[str, bool]:
    """As its own answer, the list and the page say it, which are one."""
    one = (await app.api().get(f"/api/v1/campaigns/{id}")).json()
    (listed,) = (await app.api().get(f"/api/v1/events/{event['id']}/campaigns")).json()
    assert (listed["state"], listed["released_at"]) == (one["state"], one["released_at"])
    page = (await (await app.at_desk()).get(f"/events/{event['id']}/campaigns")).text
    said = {"draft": "Draft", "written": "Waiting to be sent", "released": ">Sent<"}[one["state"]]
    assert said in page
    return one["state"], one["released_at"] is not None


async def test_its_state_is_that_of_its_mails_wherever_they_are_sent_taken_back_or_discarded(app: App) -> None:
    event = await app.event()
    await app.invite(event, ["Ayşe Bir", "Mehmet İki"])
    id = await written(app, event)
    assert await state_of(app, event, id) == ("written", False)
    (batch,) = [
        one
        for one in (await app.api().get("/api/v1/message-batches", params={"about_id": event["id"]})).json()["items"]
        if one["kind"].startswith("events/campaign")
    ]
    path = f"/api/v1/message-batches/{batch['id']}"
    app.fastapi.state.settings.recall_seconds = 60
    assert (await app.api().post(f"{path}/send", json={"count": 2})).is_success
    assert await state_of(app, event, id) == ("released", True)
    assert (await app.api().post(f"{path}/recall")).is_success
    assert await state_of(app, event, id) == ("written", False)
    # One alone is sent: the rest still waits, but nobody takes the text for unsent.
    one = next(iter((await mails(app, id)).values()))
    assert (await app.api().post(f"/api/v1/messages/{one.id}/send")).is_success
    assert await state_of(app, event, id) == ("released", True)
    assert (await app.api().post(f"{path}/discard")).is_success
    assert await state_of(app, event, id) == ("released", True)
    again = await app.api().put(f"/api/v1/campaigns/{id}", json=TEXT)
    assert code(again) == (409, "campaign-written")


async def test_a_text_that_is_discarded_whole_is_a_draft_again(app: App) -> None:
    event = await app.event()
    await app.invite(event, ["Ayşe Bir"])
    id = await written(app, event)
    rows = (await app.api().get("/api/v1/message-batches", params={"about_id": event["id"]})).json()["items"]
    batch = next(one["id"] for one in rows if one["kind"].startswith("events/campaign"))
    assert (await app.api().post(f"/api/v1/message-batches/{batch}/discard")).is_success
    assert await state_of(app, event, id) == ("draft", False)
    assert (await app.api().put(f"/api/v1/campaigns/{id}", json=TEXT)).is_success
