"""Bulk mail that cannot be sent as it was written: the way on from its own page."""

from typing import Any

from tests.events.messaging.test_campaigns import TEXT, code, mails, written
from tests.notifications.test_batches import moved
from tests.people import App


async def stale(app: App) -> tuple[dict[str, Any], str]:
    """An event that moved after a text was written to its two people."""
    event = await app.event()
    await app.invite(event, ["Ayşe Bir", "Mehmet İki"])
    id = await written(app, event)
    await moved(app, event, tell="false", first_day="2026-04-15", last_day="2026-04-16")
    return event, id


async def state_of(app: App, id: str) -> str:
    found: str = (await app.api().get(f"/api/v1/campaigns/{id}")).json()["state"]
    return found


async def test_from_its_own_page_bulk_mail_is_discarded_and_written_again_with_its_text(app: App) -> None:
    _, id = await stale(app)
    staff, path = await app.at_desk(), f"/campaigns/{id}"
    await staff.get(path)
    refused = await staff.send(f"{path}/release")
    assert refused.status_code == 409
    # What is written can be read there, and one button leads on.
    assert TEXT["text_tr"] in refused.text
    assert f'action="{path}/discard"' in refused.text
    assert "Discard and write again" in refused.text
    assert (await staff.send(f"{path}/discard")).status_code == 303
    assert f">{TEXT['text_tr']}</textarea>" in " ".join(staff.page.split()).replace("> ", ">")
    assert "Your text is kept" in staff.page
    assert await state_of(app, id) == "draft"
    await staff.send(f"{path}/write")
    await app.work()
    assert (await staff.send(f"{path}/release")).status_code == 303
    await app.work()
    sent = [one for one in (await mails(app, id)).values() if one.state == "sent"]
    assert len(sent) == 2
    assert all("15–16 Nisan 2026" in one.plain for one in sent)


async def test_a_program_discards_bulk_mail_as_well_and_nothing_twice(sqlite_app: App) -> None:
    _, id = await stale(sqlite_app)
    path = f"/api/v1/campaigns/{id}/discard"
    assert (await sqlite_app.api("auditor").post(path)).status_code == 403
    assert (await sqlite_app.api().post(path)).json() == {"count": 2}
    assert code(await sqlite_app.api().post(path)) == (409, "nothing-to-release")


async def test_bulk_mail_that_is_still_being_written_is_not_discarded(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await sqlite_app.invite(event, ["Ayşe Bir"])
    made = (await sqlite_app.api().post(f"/api/v1/events/{event['id']}/campaigns", json=TEXT)).json()["id"]
    assert (await sqlite_app.api().post(f"/api/v1/campaigns/{made}/writing")).status_code == 202
    answer = await sqlite_app.api().post(f"/api/v1/campaigns/{made}/discard")
    assert code(answer) == (409, "batch-being-written")


async def test_of_bulk_mail_that_has_left_in_part_the_rest_is_discarded(sqlite_app: App) -> None:
    event, _ = await stale(sqlite_app)
    fresh = await written(sqlite_app, event)
    first = next(iter((await mails(sqlite_app, fresh)).values()))
    assert (await sqlite_app.api().post(f"/api/v1/messages/{first.id}/send")).is_success
    staff, path = await sqlite_app.at_desk(), f"/campaigns/{fresh}"
    assert "Discard the rest" in (await staff.get(path)).text
    await staff.send(f"{path}/discard")
    assert "Nobody gets the rest." in staff.page
    assert await state_of(sqlite_app, fresh) == "released"
