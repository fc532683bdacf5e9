"""Batches where something comes between: answers, later steps, and steps that were taken back."""

from typing import Any
from uuid import UUID

import pytest

from events.invitations.invitations.service import invite_batch
from notifications.jobs import service as jobs
from notifications.outbox import service as outbox
from notifications.outbox.mails import MailContent, Paragraph
from notifications.outbox.rules import State
from notifications.outbox.service import new_message
from tests.notifications.test_batches import (
    batch_of,
    batches,
    moved,
    reminded,
    states,
    step,
    told_of_a_move,
    written_campaign,
)
from tests.people import App, address_of, names


async def cancelled(app: App, event: dict[str, Any], **told: str) -> None:
    given = {"reason": "Floods", **told}
    (await app.api().post(f"/api/v1/events/{event['id']}/cancellation", json=given)).raise_for_status()
    await app.work()


async def test_what_readers_were_to_be_told_of_a_cancellation_that_was_taken_back_is_not_told_of_the_next(
    app: App,
) -> None:
    event, _ = await app.accepted_event(["Ayşe Bir"])
    await cancelled(app, event, told_tr="Sel oldu.")
    first = await batch_of(app, event, "events/cancellation")
    (await app.api().post(f"/api/v1/events/{event['id']}/reinstatement", json={"reason": "x"})).raise_for_status()
    await app.work()
    await cancelled(app, event)
    (second, before) = [one for one in await batches(app, event) if one["kind"] == first["kind"]]
    desk = await app.at_desk()
    (mail,) = [m for m in await app.mails(first["kind"]) if m.state == "draft"]
    await desk.get(f"/mail/{mail.id}")
    assert (before["id"], "Sel oldu." in desk.page) == (first["id"], False)
    assert (second["status"], before["status"]) == ("waiting", "discarded")


@pytest.mark.parametrize("what", ["send", "discard"])
async def test_words_added_to_mails_that_went_one_by_one_are_not_added_to_later_ones(app: App, what: str) -> None:
    event, _, batch = await told_of_a_move(app, ["Ayşe Bir"])
    path = f"/api/v1/message-batches/{batch['id']}/added-words"
    await app.api().put(path, json={"added_tr": "Salon doluydu."})
    (mail,) = await app.mails("events/update")
    assert (await app.api().post(f"/api/v1/messages/{mail.id}/{what}")).status_code == 204
    await app.work()
    await moved(app, event, venue="Van")
    (later, before) = [one for one in await batches(app, event) if one["kind"] == "events/update"]
    assert (before["id"], later["counts"]) == (batch["id"], {"draft": 1})
    assert before["status"] == {"send": "sent", "discard": "discarded"}[what]


async def test_what_is_written_anew_joins_what_was_taken_back(app: App) -> None:
    app.fastapi.state.settings.recall_seconds = 60
    event, _, batch = await told_of_a_move(app, ["Ayşe Bir", "Can İki"])
    await step(app, batch, "send", count=2)
    await step(app, batch, "recall")
    await moved(app, event, venue="Van")
    again = await batch_of(app, event, "events/update")
    assert (again["id"], again["counts"], again["status"]) == (batch["id"], {"draft": 2}, "waiting")


@pytest.mark.parametrize("answered", [["Can İki"], ["Ayşe Bir", "Can İki"]])
async def test_a_page_that_named_more_than_are_to_get_it_sends_to_the_others(app: App, answered: list[str]) -> None:
    tokens, batch = await reminded(app, ["Ayşe Bir", "Can İki"])
    for name in answered:
        await app.accept(tokens[name])
    sent = await step(app, batch, "send", count=2)
    assert (sent.status_code, sent.json()) == (200, {"mails": 2 - len(answered)})
    assert set(await states(app, "events/reminder")) == set(tokens) - set(answered)


async def test_what_is_half_written_is_not_sent(app: App) -> None:
    event = await app.event()
    await app.name_people(event, names(60))
    await app.api().post(f"/api/v1/events/{event['id']}/invitations")
    # The job asks fifty at a time; here the first fifty are there, and it goes on.
    async with app.database.unit_of_work() as db:
        job = await jobs.claim(db, at=app.clock())
        await invite_batch(db, UUID(event["id"]), app.fastapi.state.settings, at=app.clock())
    batch = await batch_of(app, event, "events/invitation")
    refused = await step(app, batch, "send", count=50)
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "batch-being-written")
    assert job is not None
    app.clock.forward(seconds=30)
    await app.work()
    assert (await step(app, batch, "send", count=60)).json() == {"mails": 60}


async def campaign_of(app: App, event: dict[str, Any]) -> str:
    (campaign,) = (await app.api().get(f"/api/v1/events/{event['id']}/campaigns")).json()
    return str(campaign["state"])


async def test_bulk_mail_of_which_one_is_discarded_is_no_draft_until_all_are(app: App) -> None:
    event, _ = await app.accepted_event(["Ayşe Bir", "Can İki"])
    batch = await written_campaign(app, event)
    stood = []
    for mail in await app.mails(batch["kind"]):
        await app.api().post(f"/api/v1/messages/{mail.id}/discard")
        stood.append(await campaign_of(app, event))
    assert stood == ["written", "draft"]


async def test_bulk_mail_that_was_taken_back_and_discarded_is_a_draft_and_of_which_some_left_is_none(app: App) -> None:
    app.fastapi.state.settings.recall_seconds = 60
    event, _ = await app.accepted_event(["Ayşe Bir", "Can İki"])
    batch = await written_campaign(app, event)
    (campaign,) = (await app.api().get(f"/api/v1/events/{event['id']}/campaigns")).json()
    (await app.api().post(f"/api/v1/campaigns/{campaign['id']}/release")).raise_for_status()
    (await step(app, batch, "recall")).raise_for_status()
    await step(app, batch, "discard")
    assert await campaign_of(app, event) == "draft"
    (await app.api().post(f"/api/v1/campaigns/{campaign['id']}/writing")).raise_for_status()
    await app.work()
    first, second = [mail for mail in await app.mails(batch["kind"]) if mail.state == "draft"]
    (await app.api().post(f"/api/v1/messages/{first.id}/send")).raise_for_status()
    (await app.api().post(f"/api/v1/messages/{second.id}/discard")).raise_for_status()
    assert await campaign_of(app, event) != "draft"


async def added(app: App, people: list[str]) -> tuple[dict[str, Any], dict[str, str], dict[str, Any]]:
    """People put on the list with a place: the event, their invitations, and the confirmations that wait."""
    event = await app.event()
    await app.name_people(event, people)
    rows = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    ids = {row["name"]: row["invitation_id"] for row in rows}
    given = {"action": "add", "invitations": [*ids.values()]}
    (await app.api().post(f"/api/v1/events/{event['id']}/people/bulk", json=given)).raise_for_status()
    await app.work()
    return event, ids, await batch_of(app, event, "events/accepted")


@pytest.mark.parametrize("how", ["declined", "substituted"])
async def test_who_has_no_place_any_more_gets_no_confirmation(app: App, how: str) -> None:
    _, ids, batch = await added(app, ["Ayşe Bir", "Can İki"])
    path = f"/api/v1/invitations/{ids['Can İki']}"
    if how == "declined":
        answer = await app.api().post(
            f"{path}/answer", json={"answer": "declined", "how": "telephone", "reason": "Ill"}
        )
    else:
        answer = await app.api().post(f"{path}/substitution", json={"name": "Ece Üç", "address": "ece@example.org"})
    assert answer.is_success, answer.text
    assert (await step(app, batch, "send", count=2)).json() == {"mails": 1}
    await app.work()
    assert await states(app, "events/accepted") == {"Ayşe Bir": "sent"}


async def test_confirmations_of_a_former_day_are_not_sent(app: App) -> None:
    event, _, batch = await added(app, ["Ayşe Bir", "Can İki"])
    await moved(app, event, first_day="2026-04-15", last_day="2026-04-16")
    refused = await step(app, batch, "send", count=2)
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "batch-outdated")


async def test_who_reads_a_mail_for_a_reason_reads_the_words_added_to_it_too(app: App) -> None:
    _, _, batch = await told_of_a_move(app, ["Ayşe Bir"])
    path = f"/api/v1/message-batches/{batch['id']}/added-words"
    (await app.api().put(path, json={"added_tr": "Salon doluydu."})).raise_for_status()
    (mail,) = await app.mails("events/update")
    given = {"reason": "An audit"}
    read = await app.api("auditor").post(f"/api/v1/messages/{mail.id}/disclosure", json=given)
    assert "Salon doluydu." in read.json()["plain"]
    desk = await app.at_desk("auditor")
    await desk.get(f"/mail/{mail.id}")
    assert "Salon doluydu." in (await desk.send(f"/mail/{mail.id}/disclosure", given)).text


async def test_bulk_mail_that_went_by_itself_and_was_stopped_waits_as_a_batch_that_can_be_sent(app: App) -> None:
    event = await app.event()
    content = MailContent("Thanks", [Paragraph("Thank you.")], "tr")
    about = {"project_id": UUID(event["project_id"]), "about_id": UUID(event["id"]), "kind": "events/thanks"}
    async with app.database.unit_of_work() as db:
        mails = [
            new_message(
                content,
                dedupe_key=f"thanks:{name}",
                to_name=name,
                to_address=address_of(name),
                at=app.clock(),
                is_bulk=True,
                **about,
            )
            for name in names(13)
        ]
        for mail in mails[:11]:
            mail.state = State.failed
        await outbox.enqueue(db, mails)
        assert await outbox.stop_where_too_many_fail(db, mails[0])
    (batch,) = await batches(app, event)
    assert batch["counts"] == {"draft": 2}
    assert (await step(app, batch, "send", count=2)).json() == {"mails": 2}
