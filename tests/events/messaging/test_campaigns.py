"""Writing to many people of an event: placeholders, samples, release, and what became of it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.placeholders import blocks, filled
from tests.people import House, Visitor, names
from tests.servers import MailServer

TEXT = {
    "subject_tr": "{event} hakkında",
    "text_tr": "Sayın {name}, {days} tarihleri için yanıtınız: {answer}.",
    "subject_en": "About {event}",
    "text_en": "Your answer for {days}: {answer}.",
}


async def draft(house: House, event: dict[str, Any], **more: Any) -> Any:
    return await house.api().post(f"/api/v1/events/{event['id']}/campaigns", json={**TEXT, **more})


async def written(house: House, event: dict[str, Any], **more: Any) -> str:
    made = (await draft(house, event, **more)).json()["id"]
    answer = await house.api().post(f"/api/v1/campaigns/{made}/writing")
    assert answer.status_code == 202, answer.text
    await house.work()
    id: str = made
    return id


async def released(house: House, event: dict[str, Any], **more: Any) -> str:
    id = await written(house, event, **more)
    answer = await house.api().post(f"/api/v1/campaigns/{id}/release")
    assert answer.status_code == 200, answer.text
    await house.work()
    return id


async def counts(house: House, id: str) -> dict[str, int]:
    found: dict[str, int] = (await house.api().get(f"/api/v1/campaigns/{id}")).json()["counts"]
    return found


async def mails(house: House, id: str) -> dict[str, Any]:
    return {m.to_name: m for m in await house.mails(f"events/campaign:{id.replace('-', '')}")}


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition("/")[2]


async def test_everybody_who_passes_the_filter_gets_a_draft_that_waits_for_release(house: House) -> None:
    event = await house.event()
    tokens = await house.invite(event, ["Ayşe Bir", "Mehmet İki", "Oğuz Üç"])
    await house.accept(tokens["Ayşe Bir"])
    id = await written(house, event, wanted={"mark": "unanswered"})
    assert {n: m.state.value for n, m in (await mails(house, id)).items()} == {
        "Mehmet İki": "draft",
        "Oğuz Üç": "draft",
    }
    assert (await house.api().post(f"/api/v1/campaigns/{id}/release")).json() == {"count": 2}


async def test_each_text_is_filled_in_for_its_reader_and_links_their_own_page(house: House) -> None:
    event, _ = await house.accepted_event(["Ayşe Bir"])
    id = await released(house, event)
    mail = (await mails(house, id))["Ayşe Bir"]
    assert mail.subject == "Coordination meeting hakkında"
    assert "Sayın Ayşe Bir, 14–15 Nis 2026 tarihleri için yanıtınız: Kabul etti." in mail.plain
    assert "/i/" in mail.plain


async def test_a_name_with_braces_or_markup_stays_text(sqlite_house: House) -> None:
    event = await sqlite_house.event(title="{name} <b>{{7*7}}</b>")
    await sqlite_house.invite(event, ["Ayşe {event}"])
    id = await released(sqlite_house, event)
    mail = (await mails(sqlite_house, id))["Ayşe {event}"]
    assert mail.subject == "{name} <b>{{7*7}}</b> hakkında"
    assert "Sayın Ayşe {event}," in mail.plain
    assert "<b>" not in mail.html


async def test_a_sample_shows_the_mail_as_a_real_person_would_get_it_and_keeps_nothing(house: House) -> None:
    event, _ = await house.accepted_event(["Ayşe Bir"])
    id = (await draft(house, event)).json()["id"]
    seen = (await house.api().get(f"/api/v1/campaigns/{id}/sample")).json()
    assert (seen["to_name"], seen["subject"]) == ("Ayşe Bir", "Coordination meeting hakkında")
    assert await mails(house, id) == {}


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
async def test_texts_that_do_not_fit_are_pointed_at(sqlite_house: House, change: dict[str, Any], field: str) -> None:
    event = await sqlite_house.event()
    answer = await draft(sqlite_house, event, **change)
    if not field:
        assert answer.status_code == 201  # braces around anything but a word are text
        return
    assert (answer.status_code, [e["field"] for e in answer.json()["errors"]]) == (422, [field])


async def test_a_value_that_is_missing_stops_the_writing(house: House) -> None:
    event, _ = await house.accepted_event(["Ayşe Bir"])
    id = (await draft(house, event, text_en="Until {deadline}.")).json()["id"]
    answer = await house.api().post(f"/api/v1/campaigns/{id}/writing")
    assert (code(answer), await mails(house, id)) == ((409, "value-missing"), {})


async def test_what_was_written_to_people_is_not_changed_nor_written_twice(house: House) -> None:
    event, _ = await house.accepted_event(["Ayşe Bir"])
    id = await written(house, event)
    again = await house.api().post(f"/api/v1/campaigns/{id}/writing")
    change = await house.api().put(f"/api/v1/campaigns/{id}", json=TEXT)
    assert (code(again), code(change)) == ((409, "campaign-written"),) * 2
    assert len(await mails(house, id)) == 1


async def test_nobody_to_write_to_is_said_so(sqlite_house: House) -> None:
    event = await sqlite_house.event()
    id = (await draft(sqlite_house, event)).json()["id"]
    assert code(await sqlite_house.api().post(f"/api/v1/campaigns/{id}/writing")) == (
        409,
        "nobody-to-write-to",
    )


async def test_an_assistant_writes_and_only_an_organiser_lets_go(sqlite_house: House) -> None:
    event, _ = await sqlite_house.accepted_event(["Ayşe Bir"])
    id = await written(sqlite_house, event)
    assert (await sqlite_house.api("assistant").post(f"/api/v1/campaigns/{id}/release")).status_code == 403


async def test_the_organiser_sees_how_many_were_reached_and_how_many_answered_since(house: House) -> None:
    event = await house.event()
    tokens = await house.invite(event, ["Ayşe Bir", "Mehmet İki"])
    id = await released(house, event)
    house.clock.forward(hours=1)
    await house.accept(tokens["Ayşe Bir"])
    seen = (await house.api().get(f"/api/v1/campaigns/{id}")).json()
    assert (seen["counts"], seen["answered"]) == ({"sent": 2}, 1)


async def test_those_it_did_not_reach_get_it_again_and_nobody_twice(
    mailing_house: House, mail_server: MailServer
) -> None:
    event = await mailing_house.event()
    await mailing_house.invite(event, ["Ayşe Bir", "Mehmet İki"])
    mail_server.answers["ayse.bir@example.org"] = "550 5.7.1 not today"
    id = await released(mailing_house, event)
    assert await counts(mailing_house, id) == {"failed": 1, "sent": 1}
    mail_server.answers.clear()
    assert (await mailing_house.api().post(f"/api/v1/campaigns/{id}/retrial")).json() == {"count": 1}
    await mailing_house.work()
    again = await mailing_house.api().post(f"/api/v1/campaigns/{id}/retrial")
    to = [r[0] for r, m in mail_server.taken if "hakkında" in str(m["Subject"])]
    assert (sorted(to), code(again)) == (
        ["ayse.bir@example.org", "mehmet.iki@example.org"],
        (409, "nothing-to-send-again"),
    )


async def test_a_mailing_of_which_too_many_come_back_is_stopped_until_somebody_looks(
    mailing_house: House, mail_server: MailServer
) -> None:
    event = await mailing_house.event()
    people = names(40)
    await mailing_house.invite(event, people)
    for m in await mailing_house.mails("events/invitation"):
        mail_server.answers[m.to_address] = "554 5.7.1 looks like spam"
    id = await released(mailing_house, event)
    seen = await counts(mailing_house, id)
    assert seen["draft"] >= 1
    assert seen["failed"] + seen["draft"] == 40
    mail_server.answers.clear()
    assert (await mailing_house.api().post(f"/api/v1/campaigns/{id}/release")).json() == {"count": seen["draft"]}


async def test_materials_go_by_link_and_open_for_their_reader(sqlite_house: House) -> None:
    event, tokens = await sqlite_house.accepted_event(["Ayşe Bir"])
    files = {"file": ("law.pdf", b"%PDF-1.7 law", "application/pdf")}
    made = await sqlite_house.api().post(
        f"/api/v1/events/{event['id']}/materials", data={"title": "The law"}, files=files
    )
    id = await released(sqlite_house, event, materials=[made.json()["id"]])
    mail = (await mails(sqlite_house, id))["Ayşe Bir"]
    assert "The law: http" in mail.plain
    got = await sqlite_house.stranger().get(f"/i/{tokens['Ayşe Bir']}/materials/{made.json()['id']}")
    assert got.content == b"%PDF-1.7 law"


async def test_bulk_mail_ends_with_one_click_and_what_the_journey_needs_still_arrives(
    mailing_house: House, mail_server: MailServer
) -> None:
    event = await mailing_house.event()
    await mailing_house.invite(event, ["Ayşe Bir"])
    await released(mailing_house, event)
    wire = mail_server.taken[-1][1]
    link = str(wire["List-Unsubscribe"]).strip("<>")
    assert str(wire["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click"
    path = link.partition("8000")[2]
    stranger = mailing_house.stranger()
    looked = await stranger.get(path)
    clicked = await stranger.client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert (looked.status_code, clicked.status_code) == (200, 200)
    before = len(mail_server.taken)
    id = await released(mailing_house, event)
    assert (await counts(mailing_house, id), len(mail_server.taken)) == ({"suppressed": 1}, before)
    plan = mailing_house.plan(venue="İzmir")
    del plan["project_id"]
    await mailing_house.api().put(f"/api/v1/events/{event['id']}", json=plan)
    await mailing_house.work()
    assert len(mail_server.taken) == before + 1


async def test_by_the_link_a_person_chooses_topics_and_the_language_of_mails(house: House) -> None:
    event, _ = await house.accepted_event(["Ayşe Bir"])
    id = await released(house, event)
    path = "/unsubscribe/" + (await mails(house, id))["Ayşe Bir"].plain.partition("/unsubscribe/")[2].split()[0]
    stranger = house.stranger()
    assert (await stranger.get(path)).text.count(" checked") == 2
    await stranger.send(f"{path}/choices", {"topics[]": "thanks", "language": "en"})
    assert stranger.page.count(" checked") == 1
    assert await counts(house, await released(house, event)) == {"suppressed": 1}
    await stranger.send(f"{path}/choices", {"topics[]": ["news", "thanks"], "language": "en"})
    again = await released(house, event)
    assert (await mails(house, again))["Ayşe Bir"].subject == "About Coordination meeting"
    assert (await stranger.send(f"{path}/choices", {"language": "xx"})).status_code == 422


async def test_a_changed_letter_in_the_link_ends_nothing(sqlite_house: House) -> None:
    event, _ = await sqlite_house.accepted_event(["Ayşe Bir"])
    id = await released(sqlite_house, event)
    path = (await mails(sqlite_house, id))["Ayşe Bir"].plain.partition("/unsubscribe/")[2].split()[0]
    stranger = sqlite_house.stranger()
    # Not the last letter: some of its bits stand for nothing, and another one can mean the same.
    changed = f"{path[:-5]}{'y' if path[-5] == 'x' else 'x'}{path[-4:]}"
    assert (await stranger.client.post(f"/unsubscribe/{changed}")).status_code == 404
    assert (await stranger.get(f"/unsubscribe/{path}")).status_code == 200


async def test_an_address_that_is_not_there_gets_nothing_more_until_it_is_released(
    mailing_house: House, mail_server: MailServer
) -> None:
    mail_server.answers["ayse.bir@example.org"] = "550 5.1.1 no such user"
    event = await mailing_house.event()
    await mailing_house.invite(event, ["Ayşe Bir"])
    mail_server.answers.clear()
    id = await released(mailing_house, event)
    assert await counts(mailing_house, id) == {"suppressed": 1}
    desk = await mailing_house.at_desk()
    page = await desk.get("/mail/suppressed")
    path = page.text.partition('action="/mail/suppressed/')[2].partition('"')[0]
    await desk.send(f"/mail/suppressed/{path}")
    again = await released(mailing_house, event)
    assert await counts(mailing_house, again) == {"sent": 1}


async def test_the_page_takes_a_text_from_draft_to_release(sqlite_house: House) -> None:
    event, _ = await sqlite_house.accepted_event(names(3))
    desk: Visitor = await sqlite_house.at_desk()
    path = f"/events/{event['id']}/campaigns"
    await desk.get(path)
    wrong = await desk.send(path, {"subject_tr": "Merhaba", "text_tr": "Sayın {adi}"})
    assert (wrong.status_code, "Sayın {adi}" in wrong.text) == (422, True)
    await desk.send(path, {"subject_tr": "Merhaba", "text_tr": "Sayın {name}", "status": "accepted"})
    assert "3 people would get it." in desk.page
    here = desk.page.partition('action="/campaigns/')[2].partition("/")[0]
    await desk.send(f"/campaigns/{here}/test")
    await desk.send(f"/campaigns/{here}/write")
    await sqlite_house.work()
    await desk.get(f"/campaigns/{here}")
    await desk.send(f"/campaigns/{here}/release")
    await sqlite_house.work()
    assert (await counts(sqlite_house, here), len(await sqlite_house.mails("events/sample"))) == (
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
