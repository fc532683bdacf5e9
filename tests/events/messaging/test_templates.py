"""A project says its mails in its own words, and sees them as a real person would read them."""

import asyncio
from typing import Any

import pytest

from directory.projects.models import Project
from tests.events.messaging.test_campaigns import code
from tests.people import App

OWN = {
    "subject_tr": "Sizi bekliyoruz: {event}",
    "text_tr": "Kıymetli {name},\n\n{days} tarihlerinde aramızda olun.",
}


async def says(app: App, kind: str, **words: str) -> Any:
    return await app.api().put(f"/api/v1/projects/{app.project_id}/texts/{kind}", json=words)


async def invited(app: App, **more: Any) -> Any:
    await app.invite(await app.event(**more), ["Ayşe Bir"])
    return (await app.mails("events/invitation"))[-1]


async def test_an_invitation_begins_with_the_projects_own_words_and_keeps_what_follows(sqlite_app: App) -> None:
    assert (await says(sqlite_app, "invitation", **OWN)).status_code == 200
    mail = await invited(sqlite_app, answer_by="2026-04-01")
    assert mail.subject == "Sizi bekliyoruz: Coordination meeting"
    assert "Kıymetli Ayşe Bir," in mail.plain
    assert "14–15 Nisan 2026 tarihlerinde aramızda olun." in mail.plain
    assert "davet ediyor" not in mail.plain
    assert "1 Nisan 2026" in mail.plain
    assert "/i/" in mail.plain


async def test_a_reader_of_another_language_gets_our_words(sqlite_app: App) -> None:
    await says(sqlite_app, "invitation", text_en="Only in English, dear {name}.")
    assert "Only in English" not in (await invited(sqlite_app)).plain


async def test_words_that_speak_of_what_the_event_lacks_are_not_used(sqlite_app: App) -> None:
    await says(sqlite_app, "invitation", text_tr="Lütfen {deadline} tarihine kadar yanıtlayın.")
    mail = await invited(sqlite_app)
    assert "tarihine kadar" not in mail.plain
    assert "{" not in mail.plain


async def test_a_hidden_events_title_does_not_get_into_the_subject(sqlite_app: App) -> None:
    await says(sqlite_app, "invitation", **OWN)
    mail = await invited(sqlite_app, title="Case team", confidentiality="hidden")
    assert "Case team" not in mail.subject
    assert mail.subject.startswith("Sizi bekliyoruz: P-TEST")


async def test_words_are_text_and_nothing_else(sqlite_app: App) -> None:
    await says(sqlite_app, "invitation", text_tr="<script>alert(1)</script> {{ 7*7 }} {name}")
    mail = await invited(sqlite_app)
    assert "<script>" not in mail.html
    assert "{{ 7*7 }} Ayşe Bir" in mail.plain


@pytest.mark.parametrize(
    "words",
    [{"text_tr": "{passport}"}, {"subject_tr": "a\r\nBcc: x@example.org"}, {"subject_en": "x" * 201}, {"else": "x"}],
)
async def test_words_that_do_not_fit_are_refused(sqlite_app: App, words: dict[str, str]) -> None:
    answer = await says(sqlite_app, "invitation", **words)
    assert answer.status_code == 422
    assert (await says(sqlite_app, "nothing", **OWN)).status_code == 422


async def test_emptied_words_give_way_to_ours(sqlite_app: App) -> None:
    await says(sqlite_app, "invitation", **OWN)
    await says(sqlite_app, "invitation")
    assert (await sqlite_app.api().get(f"/api/v1/projects/{sqlite_app.project_id}/texts")).json() == {}
    assert "Kıymetli" not in (await invited(sqlite_app)).plain


@pytest.mark.parametrize(
    "kind", ["invitation", "reminder", "missing", "accepted", "waiting", "update", "cancellation", "before", "after"]
)
async def test_every_mail_can_be_said_in_own_words_and_seen_before(sqlite_app: App, kind: str) -> None:
    app = sqlite_app
    here = f"/api/v1/projects/{app.project_id}/texts/{kind}/preview"
    assert code(await app.api().get(here)) == (409, "nobody-to-show")
    await invited(app)
    await says(app, kind, **OWN)
    shown = (await app.api().get(here)).json()
    assert (shown["to_name"], shown["subject"]) == ("Ayşe Bir", "Sizi bekliyoruz: Coordination meeting")
    assert "aramızda olun" in shown["plain"]
    assert "/i/…" in shown["plain"] or kind == "cancellation"


async def test_a_preview_keeps_nothing(app: App) -> None:
    event = await app.event()
    await app.invite(event, ["Ayşe Bir"])
    before = len(await app.mails("events/accepted"))
    await app.api().get(f"/api/v1/projects/{app.project_id}/texts/accepted/preview")
    people = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    assert (len(await app.mails("events/accepted")), people[0]["status"]) == (before, "invited")


async def test_two_who_write_two_texts_at_once_do_not_undo_each_other(app: App) -> None:
    kinds = ("invitation", "reminder", "before", "after")
    await asyncio.gather(*(says(app, kind, **OWN) for kind in kinds))
    kept = (await app.api().get(f"/api/v1/projects/{app.project_id}/texts")).json()
    assert set(kept) == set(kinds)


async def test_the_page_keeps_what_was_typed_and_shows_the_mail(sqlite_app: App) -> None:
    app = sqlite_app
    await invited(app)
    desk = await app.at_desk()
    here = f"/projects/{app.project_id}/texts"
    assert "own template" not in (await desk.get(here)).text
    await desk.get(f"{here}/reminder")
    again = await desk.send(f"{here}/reminder", {"text_tr": "{wrong} thing"})
    assert again.status_code == 422
    assert "{wrong} thing" in again.text
    await desk.send(f"{here}/reminder", OWN)
    assert "aramızda olun" in (await desk.get(f"{here}/reminder/html")).text
    assert "own template" in (await desk.get(here)).text


async def test_another_projects_words_are_not_shown(sqlite_app: App) -> None:
    other = await sqlite_app.found("P-OTHER", prefix="other-")
    assert (await sqlite_app.api().get(f"/api/v1/projects/{other}/texts")).status_code == 404


async def event_says(app: App, event: Any, kind: str, **words: str) -> Any:
    return await app.api().put(f"/api/v1/events/{event['id']}/texts/{kind}", json=words)


async def test_words_of_an_event_come_before_those_of_its_project_and_concern_no_other(app: App) -> None:
    await says(app, "invitation", **OWN)
    event = await app.event()
    assert (await event_says(app, event, "invitation", text_tr="Bu toplantı farklı.")).status_code == 200
    await app.invite(event, ["Ayşe Bir"])
    own, other = (await app.mails("events/invitation"))[-1], await invited(app, title="Another")
    assert ("Bu toplantı farklı." in own.plain, "Kıymetli" in own.plain) == (True, False)
    # What the event does not say is said as its project says it.
    assert own.subject == "Sizi bekliyoruz: Coordination meeting"
    assert ("Bu toplantı farklı." in other.plain, "Kıymetli" in other.plain) == (False, True)


async def test_a_copy_of_the_event_keeps_its_words(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await event_says(sqlite_app, event, "invitation", text_tr="Bu toplantı farklı.")
    path = f"/api/v1/events/{event['id']}/copies"
    (copy,) = (await sqlite_app.api().post(path, json={"copies": [{"first_day": "2026-06-01"}]})).json()
    found = await sqlite_app.api().get(f"/api/v1/events/{copy['id']}/texts")
    assert found.json()["invitation"]["text_tr"] == "Bu toplantı farklı."


async def test_the_page_shows_whose_words_are_used_and_keeps_what_was_typed(sqlite_app: App) -> None:
    await says(sqlite_app, "invitation", **OWN)
    event = await sqlite_app.event()
    desk = await sqlite_app.at_desk()
    await desk.get(f"/events/{event['id']}/texts")
    assert "the project’s template" in desk.page
    await desk.get(f"/events/{event['id']}/texts/invitation")
    assert "Sizi bekliyoruz: {event}" in desk.page
    refused = await desk.send(f"/events/{event['id']}/texts/invitation", {"text_tr": "Sayın {nobody}"})
    assert (refused.status_code, "Sayın {nobody}" in refused.text) == (422, True)
    await desk.send(f"/events/{event['id']}/texts/invitation", {"text_tr": "Bu toplantı farklı."})
    assert "Bu toplantı farklı." in desk.page


async def test_words_that_would_not_be_taken_any_more_are_shown_as_they_were_kept(app: App) -> None:
    async with app.database.unit_of_work() as db:
        project = await db.get_one(Project, app.project_id)
        project.texts = {"invitation": {"text_tr": "Sayın {someone_unknown}"}}
    found = await app.api().get(f"/api/v1/projects/{app.project_id}/texts")
    assert (found.status_code, found.json()["invitation"]["text_tr"]) == (200, "Sayın {someone_unknown}")
