"""What a spam filter makes of our mail: SpamAssassin with its local rules, all kinds in both languages in one go."""

import mailbox
import re
import shutil
import subprocess
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import col, update

from core.settings import Settings
from directory.accounts.access import Caller
from directory.people.models import Person
from events.messaging.templates.rules import OwnText
from events.messaging.templates.service import preview, readers
from notifications.delivery.mails import flattened
from notifications.outbox.models import Message
from tests.conftest import open_app, settings_for
from tests.events.messaging.test_campaigns import released
from tests.people import App
from tests.servers import do_without

MOST = 0.5
# As the server that receives it writes it: without it a filter takes mail for its own user's.
RECEIVED = (
    "Received: from mail.agency.gov.tr (mail.agency.gov.tr [93.184.216.34])\r\n"
    "\tby mx.example.net with ESMTPS id 4f1c2a; "
)


async def mails_of_every_kind(app: App) -> list[Message]:
    """What people get from the invitation to the end, one of them in Turkish, the other in English."""
    event = await app.event(answer_by="2026-03-20", title="Judicial cooperation")
    await app.name_people(await app.event(), ["Ayşe Bir", "Mehmet İki"])
    async with app.database.unit_of_work() as db:
        await db.exec(update(Person).where(col(Person.name) == "Ayşe Bir").values(language="tr"))
        await db.exec(update(Person).where(col(Person.name) == "Mehmet İki").values(language="en"))
    tokens = await app.invite(event, ["Ayşe Bir", "Mehmet İki"])
    await released(app, event)
    for token in tokens.values():
        await app.accept(token)
    plan = app.plan(venue="İzmir")
    del plan["project_id"]
    await app.api().put(f"/api/v1/events/{event['id']}", json=plan)
    await app.work()
    kept = await app.mails()
    caller = Caller(UUID(int=0), "", "en", {}, projects=frozenset({app.project_id}))
    async with app.database.reading() as db:
        for invitation, _, _ in (await readers(db, app.project_id))[:2]:
            for kind in OwnText:
                kept.append(
                    await preview(
                        db,
                        app.project_id,
                        kind,
                        caller,
                        app.fastapi.state.settings,
                        at=app.clock(),
                        invitation_id=invitation.id,
                    )
                )
    return kept


def scores(wires: dict[str, bytes], folder: Path, at: datetime) -> dict[str, tuple[float, str]]:
    """Score and rules of each mail."""
    if shutil.which("spamassassin") is None:
        do_without("SpamAssassin", "install the package spamassassin")
    box = b""
    for name, wire in wires.items():
        received = f"{RECEIVED}{format_datetime(at)}\r\nX-Kind: {name}\r\n".encode()
        body = re.sub(rb"(?m)^From ", b">From ", received + wire)
        box += b"From bounces@agency.gov.tr Mon Mar  2 08:00:00 2026\n" + body.replace(b"\r\n", b"\n") + b"\n\n"
    done = subprocess.run(
        ["spamassassin", "-L", "-x", "--mbox", "--cf", "use_bayes 0", "--cf", "report_safe 0"],
        input=box,
        capture_output=True,
        check=True,
        timeout=300,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8"},
    )
    (folder / "scored").write_bytes(done.stdout)
    found = {}
    for mail in mailbox.mbox(folder / "scored"):
        status = " ".join(str(mail["X-Spam-Status"]).split())
        score = re.search(r"score=(-?[\d.]+)", status)
        assert score
        found[str(mail["X-Kind"])] = float(score[1]), status
    return found


async def test_no_kind_of_mail_in_any_language_looks_like_spam(sqlite_url: str, tmp_path: Path) -> None:
    more: dict[str, Any] = {"public_url": "https://heyet.agency.gov.tr"}
    settings: Settings = settings_for(sqlite_url, tmp_path, **more)
    settings.mail_from = "heyet@agency.gov.tr"
    async for app in open_app(settings):
        wires = {}
        for number, mail in enumerate(await mails_of_every_kind(app)):
            wires[f"{mail.kind}/{mail.language}/{number}"] = flattened(mail, settings, at=app.clock())
        spam = b"Subject: VIAGRA MILLION DOLLARS!!!\r\n\r\nClick here: http://1.2.3.4/ money back guarantee\r\n"
        found = scores({**wires, "spam": spam}, tmp_path, app.clock())
    assert len(found) == len(wires) + 1 > 20
    assert [name for name, (score, _) in found.items() if score > MOST] == ["spam"], found
