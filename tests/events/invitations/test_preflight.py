"""Before people are invited, their organiser sees what the invitation will and will not say."""

from html import unescape
from typing import Any

import pytest

from events.invitations.batch_checks.rules import DomainCount, mistyped_domains
from tests.people import App

SESSION = {"title": "Opening", "starts": "2026-04-14T09:30", "ends": "2026-04-14T10:30"}


async def findings(app: App, event: dict[str, Any]) -> dict[str, str]:
    found = await app.api().get(f"/api/v1/events/{event['id']}/invitations/preflight")
    assert found.status_code == 200, found.text
    return {one["code"]: one["text"] for one in found.json()}


async def test_nothing_is_said_of_an_event_that_has_everything(app: App) -> None:
    event = await app.event(sessions=[SESSION], answer_by="2026-04-01")
    await app.name_people(event, ["Ayşe Bir", "Can İki"])
    assert await findings(app, event) == {}


async def test_more_people_than_places_an_empty_programme_and_no_deadline_are_named(app: App) -> None:
    event = await app.event(capacity=1, venue="")
    await app.name_people(event, ["Ayşe Bir", "Can İki"])
    found = await findings(app, event)
    assert found.pop("capacity") == "To be invited: 2. Free places: 1."
    assert set(found) == {"programme", "place", "deadline"}


async def test_a_deadline_that_has_passed_is_named(app: App) -> None:
    event = await app.event(sessions=[SESSION], answer_by="2026-04-01")
    await app.name_people(event, ["Ayşe Bir"])
    app.clock.now = app.clock.now.replace(month=4, day=3)
    assert (await findings(app, event))["deadline"] == "The RSVP deadline has passed."


async def test_people_without_an_address_and_a_title_in_one_language_are_named(app: App) -> None:
    event = await app.event(sessions=[SESSION], answer_by="2026-04-01")
    lines = ["Name;Institution;Province;E-mail;Language", "Ayşe Bir;Court 1;Ankara;ayse@example.org;tr"]
    lines += ["John Smith;Court 2;Ankara;john@example.org;en", "Deniz Üç;Court 3;Ankara;;tr"]
    made = await app.upload(event, "\n".join(lines).encode())
    applied = await app.api().post(f"/api/v1/imports/{made['id']}/application", json={})
    assert applied.json()["added"] == 3
    found = await findings(app, event)
    assert found["address"] == "Without an e-mail address, and so without an invitation: 1."
    assert "language" in found


async def test_the_page_shows_them_beside_the_button(app: App) -> None:
    event = await app.event(capacity=1)
    await app.name_people(event, ["Ayşe Bir", "Can İki"])
    desk = await app.at_desk()
    await desk.get(f"/events/{event['id']}/people")
    assert "To be invited: 2. Free places: 1." in desk.page


async def invited_at(app: App, *domains: str) -> dict[str, Any]:
    """An event that has everything, with somebody at each of these domains on its list."""
    event = await app.event(sessions=[SESSION], answer_by="2026-04-01")
    lines = ["Name;Institution;Province;E-mail;Language"]
    lines += [f"Ayşe {chr(65 + n)};Court;Ankara;a{n}@{domain};tr" for n, domain in enumerate(domains)]
    made = await app.upload(event, "\n".join(lines).encode())
    assert (await app.api().post(f"/api/v1/imports/{made['id']}/application", json={})).json()["added"] == len(domains)
    return event


async def test_a_domain_that_is_a_letter_away_from_everybody_elses_is_named(app: App) -> None:
    event = await invited_at(app, "exmaple.org", "example.org", "example.org", "example.org")
    assert (await findings(app, event))["domain"] == (
        "Perhaps mistyped: @exmaple.org (people: 1). Others have @example.org."
    )
    desk, here = await app.at_desk(), f"/events/{event['id']}/people"
    link = f"{here}?status=nominated&q=@exmaple.org"
    assert link in unescape((await desk.get(here)).text)
    assert [name in (await desk.get(link)).text for name in ("Ayşe A", "Ayşe B")] == [True, False]


@pytest.mark.parametrize(
    ("domain", "like"),
    [
        ("adaletgov.tr", "adalet.gov.tr"),
        ("adalet.gob.tr", "adalet.gov.tr"),
        ("adalt.gov.tr", "adalet.gov.tr"),
        ("gmial.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("mail.com", None),
        ("iu.edu.tr", None),
        ("goc.gov.tr", None),
        ("hotmail.com", None),
    ],
)
def test_what_looks_mistyped(domain: str, like: str | None) -> None:
    common = [DomainCount("adalet.gov.tr", 9, 9), DomainCount("au.edu.tr", 9, 0), DomainCount("gib.gov.tr", 9, 9)]
    found = mistyped_domains([*common, DomainCount(domain, 1, 1)])
    assert [(one.domain, one.like) for one in found] == ([(domain, like)] if like else [])


@pytest.mark.parametrize(("people", "to_ask"), [(4, 4), (1, 0)])
def test_a_domain_that_many_have_or_that_is_asked_already_is_not_named(people: int, to_ask: int) -> None:
    assert mistyped_domains([DomainCount("example.org", 9, 9), DomainCount("exmaple.org", people, to_ask)]) == []
