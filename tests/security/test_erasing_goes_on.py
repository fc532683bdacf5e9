"""Erasing finds all of a person and nothing of others, goes on past a fault, and what waits brings nobody back."""

import base64
import json
import subprocess
import sys
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from core.columns import vault
from core.mentions import Mention
from directory.people.models import Person
from directory.people.service import new_person
from events.calendars.shared_feeds.models import SharedFeed
from events.messaging.campaigns.models import Campaign
from events.nominations.public_registration.schemas import LostLink
from events.nominations.public_registration.service import ask_for_links
from events.privacy.erasure.service import erase_people
from notifications.inbound.models import InboundMail
from notifications.inbound.rules import Kind
from notifications.jobs.models import Job
from notifications.outbox.models import Message
from notifications.personal_data import _whole_mail
from tests.people import App

NAME, ADDRESS = "Zeynep Gizli", "zeynep.gizli@example.org"


async def erase(app: App, project_id: UUID | None = None, name: str = NAME) -> None:
    """Erase whom a project knows by this name; the job that does the rest is not run yet."""
    project_id = project_id or app.project_id
    async with app.database.unit_of_work() as db:
        wanted = select(Person.id).where(Person.project_id == project_id, Person.name == name)
        await erase_people(db, [(await db.exec(wanted)).one()], project_id, at=app.clock())


async def test_mail_to_an_address_of_theirs_is_emptied_whole_though_nothing_says_whose_it_is(
    app: App,
) -> None:
    await app.invite(await app.event(), [NAME])
    async with app.database.unit_of_work() as db:
        await db.exec(sa.update(Message).values(person_id=None))
        before = (await db.exec(select(Message))).all()
        assert [one for one in before if one.to_address == ADDRESS and one.plain and one.html]
    await erase(app)
    async with app.database.reading() as db:
        left = [
            (m.to_name, m.to_address, m.subject, m.plain, m.html, m.calendar, m.answer)
            for m in (await db.exec(select(Message).where(col(Message.id).in_([m.id for m in before])))).all()
        ]
    assert [one for one in left if any(one)] == []


async def test_erasing_in_one_project_leaves_mail_and_texts_of_the_installation_as_they_are(
    app: App,
) -> None:
    """Somebody of one project may name any address, that of another project's staff too."""
    other = await app.found("P-B", prefix="b-")
    visitor = app.stranger()
    await visitor.get("/sign-in/link")
    await visitor.send("/sign-in/link", {"address": "organiser@example.org"})
    unclaimed = InboundMail(
        digest="1" * 64,
        kind=Kind.other,
        sender="organiser@example.org",
        raw="organiser@example.org",
        received_at=app.clock(),
    )
    async with app.database.unit_of_work() as db:
        db.add(unclaimed)
        db.add(new_person(db, other, name="X Y", address="organiser@example.org"))
    await erase(app, other, "X Y")
    await app.work()
    async with app.database.reading() as db:
        mail = (await db.exec(select(Message).where(col(Message.project_id).is_(None)))).one()
        kept = (await db.exec(select(InboundMail))).one()
    assert (mail.to_address, bool(mail.plain)) == ("organiser@example.org", True)
    assert (kept.sender, kept.raw) == ("organiser@example.org", "organiser@example.org")


def received(raw: str, digest: str, project_id: UUID, at: datetime) -> InboundMail:
    return InboundMail(digest=digest * 64, kind=Kind.other, project_id=project_id, raw=raw, received_at=at, note="kept")


async def test_a_mail_that_no_parser_survives_is_dropped_and_stops_no_erasing(app: App) -> None:
    event = await app.event()
    await app.name_people(event, [NAME])
    hostile = "Subject: hi\r\nContent-Type: text/plain; a=" + "(" * 3000 + "\r\n\r\nhello\r\n"
    async with app.database.unit_of_work() as db:
        db.add(received(hostile, "1", app.project_id, app.clock()))
        db.add(Campaign(event_id=UUID(event["id"]), text_en=NAME, made_at=app.clock()))
    await erase(app)
    await app.work()
    assert await job_stages(app) == ["done"]
    async with app.database.reading() as db:
        assert (await db.exec(select(Campaign.text_en))).all() == ["–"]


async def job_stages(app: App) -> list[str]:
    async with app.database.reading() as db:
        return list((await db.exec(select(Job.stage).where(Job.name == "events.erase"))).all())


async def test_a_row_that_cannot_be_read_stops_no_other_and_erasing_is_pending_until_it_is_done(
    app: App,
) -> None:
    event = await app.event()
    await app.name_people(event, [NAME])
    async with app.database.unit_of_work() as db:
        db.add_all(
            [
                Campaign(event_id=UUID(event["id"]), text_en=NAME, made_at=app.clock()),
                SharedFeed(
                    kind="event", project_id=app.project_id, token_hash="2" * 64, made_at=app.clock(), label=NAME
                ),
            ]
        )
        broken = received(f"\r\n{NAME}", "1", app.project_id, app.clock())
        db.add_all([broken, received(f"\r\n{NAME}", "2", app.project_id, app.clock())])
        await db.flush()
        here = sa.update(InboundMail).where(col(InboundMail.id) == broken.id)
        await db.exec(here.values(raw=sa.literal("not a ciphertext", sa.Text())))
    await erase(app)
    for _ in range(10):
        await app.work()
        app.clock.forward(days=2)
    async with app.database.reading() as db:
        job = (await db.exec(select(Job).where(Job.name == "events.erase"))).one()
        assert (job.stage, job.payload["names"], job.attempts > 8) == ("waiting", [NAME], True)
        assert (await db.exec(select(Campaign.text_en))).all() == ["–"]
        assert (await db.exec(select(SharedFeed.label))).all() == ["–"]
        wholesome = select(InboundMail.raw).where(InboundMail.id != broken.id)
        assert (await db.exec(wholesome)).all() == [""]
    async with app.database.unit_of_work() as db:
        await db.exec(sa.update(InboundMail).values(raw=f"\r\n{NAME}"))
    await app.work()
    assert await job_stages(app) == ["done"]
    async with app.database.reading() as db:
        assert set((await db.exec(select(InboundMail.raw))).all()) == {""}


def b64(text: str) -> str:
    return base64.encodebytes(text.encode()).decode()


MENTION = Mention(["Ayşe Yılmaz"], ["ayse@example.org"])


@pytest.mark.parametrize(
    "raw",
    [
        "From: AYSE@example.org\r\n\r\nhello",
        "Subject: =?utf-8?B?QXnFn2UgWcSxbG1heg==?=\r\n\r\nhello",
        "Subject: =?utf-8?q?Ay=C5=9Fe?=\r\n =?utf-8?q?_Y=C4=B1lmaz?=\r\n\r\nhello",
        "Content-Transfer-Encoding: quoted-printable\r\n\r\nAy=C5=9Fe Y=C4=\r\n=B1lmaz",
        "Content-Transfer-Encoding: base64\r\n\r\n" + b64("hello " * 40 + "Ayşe Yılmaz"),
        "Content-Type: text/html\r\n\r\nAy<b>&#351;e</b> Y&#305;lmaz",
        "Content-Type: text/plain; charset=utf-7\r\n\r\nhello",
        "Content-Type: application/pdf\r\n\r\nhello",
        "Subject: =?utf-16?B?aGVsbG8=?=\r\n\r\nhello",
    ],
)
def test_a_mail_is_kept_only_if_it_shows_that_it_does_not_name_them(raw: str) -> None:
    assert _whole_mail(raw, MENTION) == ""


def test_a_mail_about_others_is_kept() -> None:
    raw = (
        'Subject: =?utf-8?B?VmVsaQ==?=\r\nContent-Type: text/plain; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n" + b64("Please help, Veli " * 20)
    )
    assert _whole_mail(raw, MENTION) == raw


def test_no_mail_keeps_erasing_busy() -> None:
    """Of the size that is kept; each of these took seconds to hours."""
    program = (
        "from core.mentions import Mention; from notifications.personal_data import _whole_mail as whole\n"
        "import resource; resource.setrlimit(resource.RLIMIT_CPU, (20, 20))\n"
        "m = Mention(['Ali Veli'], ['ali@example.org'])\n"
        "for part in ('; name*9*=', 'Ali' + ' \\r\\n ' * 40 + 'x', ' \\r\\n ', '(', '=?', '=?utf-8?q?', '<', "
        "'&#', 'QUJD\\n', '='):\n"
        "    whole(('Ali' + part * 262144)[:262144], m)\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize("is_old", [False, True])
async def test_a_waiting_application_brings_no_erased_person_back(app: App, is_old: bool) -> None:
    event = await app.event(confidentiality="public", admission="open")
    await app.invite(event, [NAME])
    asked = {"name": NAME, "address": ADDRESS.upper()}
    path = f"/api/v1/public/events/{event['code']}/registrations"
    assert (await app.stranger().client.post(path, json=asked)).is_success
    other = {"name": "Ali Veli", "address": "ali@example.org"}
    assert (await app.stranger().client.post(path, json=other)).is_success
    async with app.database.unit_of_work() as db:
        await ask_for_links(db, LostLink(address=ADDRESS), at=app.clock())
        for job in (await db.exec(select(Job).where(col(Job.stage) == "waiting"))).all():
            assert job.payload.get("address", ADDRESS) == ADDRESS
            job.due_at = app.clock() + timedelta(minutes=5)
            if is_old:
                job.payload = {
                    name: vault.encrypt(said if isinstance(said, str) else json.dumps(said))
                    for name, said in job.payload.items()
                }
    await erase(app)
    await app.work()
    app.clock.forward(minutes=6)
    await app.work()
    people = (await app.api().get("/api/v1/people")).json()["items"]
    assert [one["address"] for one in people if one["address"]] == ["ali@example.org"]
    async with app.database.reading() as db:
        left = (await db.exec(select(Job).where(Job.name == "events.send-links"))).all()
    assert left == []
