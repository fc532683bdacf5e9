"""The whole way of a mail through Postfix and Dovecot: greylisted, delivered, returned, answered."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiosmtplib
import pytest
from icalendar import Calendar

from tests.conftest import open_app, settings_for
from tests.mail_system import MailSystem, mail_system
from tests.notifications.test_inbound import OURS, mail_of, reply, status_of
from tests.people import App
from tests.servers import free_port

AYSE, NOBODY = "ayse.bir@example.org", "Mehmet İki"


@pytest.fixture
def system() -> Iterator[MailSystem]:
    with mail_system(free_port(), [AYSE]) as started:
        yield started


@pytest.fixture
async def agency(sqlite_url: str, tmp_path: Path, system: MailSystem) -> AsyncIterator[App]:
    more = {"smtp_host": "127.0.0.1", "smtp_port": system.port, "smtp_security": "none", "smtp_timeout": 10}
    inbound = {"inbound_address": OURS, "inbound_port": system.inbound}
    async for app in open_app(settings_for(sqlite_url, tmp_path, **more, **inbound)):
        yield app


async def until(app: App, wanted: dict[str, str]) -> dict[str, str]:
    """The states of the invitations' mails, once they are what is wanted, or after half a minute."""
    for _ in range(150):
        await app.work()
        states = {m.to_name: m.state.value for m in await app.mails("events/invitation")}
        if states == wanted:
            break
        await asyncio.sleep(0.2)
    return states


async def send_again_until_taken(system: MailSystem, raw: bytes, to: str) -> None:
    """As Ayşe's own mail server does: whoever is greylisted comes again."""
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=system.port, start_tls=False) as there:
        for _ in range(20):
            try:
                await there.sendmail(AYSE, [to], raw)
            except aiosmtplib.SMTPRecipientsRefused:
                await asyncio.sleep(0.5)
            else:
                return


async def test_mail_is_greylisted_delivered_returned_and_answered_through_postfix_and_dovecot(
    agency: App, system: MailSystem
) -> None:
    event = await agency.event()
    await agency.invite(event, ["Ayşe Bir", NOBODY])
    first = await agency.mails("events/invitation")
    assert {(m.state.value, "reylist" in m.answer) for m in first} == {("queued", True)}

    await asyncio.sleep(1.5)
    agency.clock.forward(minutes=5)
    ends = {"Ayşe Bir": "sent", NOBODY: "failed"}
    assert await until(agency, ends) == ends

    (arrived,) = system.mails_of(AYSE, 1)
    own = next(m for m in first if m.to_name == "Ayşe Bir")
    assert (arrived["Message-ID"], arrived["Subject"]) == (f"<{own.id}@example.org>", own.subject)
    calendar = next(p for p in arrived.walk() if p.get_content_type() == "text/calendar")
    (entry,) = Calendar.from_ical(calendar.get_content()).walk("VEVENT")

    blocked = (await (await agency.at_desk()).get("/mail/suppressed")).text
    assert ("mehmet.iki@example.org" in blocked, AYSE in blocked) == (True, False)

    to = str(entry["ORGANIZER"]).lower().removeprefix("mailto:")
    await send_again_until_taken(system, mail_of(reply(str(entry["UID"]), "ACCEPTED")), to)
    for _ in range(150):
        await agency.work()
        if await status_of(agency, event) == "accepted":
            break
        await asyncio.sleep(0.2)
    assert await status_of(agency, event) == "accepted"
