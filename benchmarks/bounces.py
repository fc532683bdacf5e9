"""How mail that comes back is understood: `python -m benchmarks bounces FOLDER…`, with `--names` for each that is not.

Any folder of mails does: one mail a file whatever it is called, mbox files, maildirs. Every mail is handed in as if it
had come to the signed address of a message to whom it names, and settles in a real database. What it should have been
is said by, in this order: the Action fields of the mail, an `index.json` beside it (a list of `file` and `expected`,
each of these with `action`, `reason` and `hard`), and flufl.bounce. Where none knows, only *recognised* is counted.
"""

import asyncio
import email
import json
import mailbox
import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message as Mail
from pathlib import Path
from typing import Any

from flufl.bounce import all_failures
from sqlmodel import select

from core.ids import new_id
from core.signed_addresses import About, address_about, key_of
from core.text import address_key
from migrations import run as migrations
from notifications.inbound.rules import Kind, NotTaken, Wire
from notifications.inbound.service import read, receive
from notifications.outbox.models import Message
from notifications.outbox.rules import State
from notifications.outbox.service import enqueue
from notifications.suppression.models import Suppression
from tests.conftest import open_app, settings_for
from tests.notifications.test_outbox import message
from tests.people import App

RFC_3464, OTHER, COMPLAINT, AUTOMATIC = "RFC 3464", "other form", "complaint", "automatic answer"
OURS = "answers@in.example.org"
NO_MAILS = {".json", ".md", ".py", ".pyc", ".in", ".rst"}
REPORTS = {Kind.bounce, Kind.delay, Kind.delivered, Kind.relayed, Kind.expanded}
_ACTION = re.compile(rb"^Action:[ \t]*([a-z]+)", re.I | re.M)
_AUTOMATIC = re.compile(rb"^(?:Auto-Submitted: auto-replied|Subject: auto)", re.I | re.M)
_SYSTEM = re.compile(rb"^From:.*(?:daemon|postmaster)", re.I | re.M)
# Words that nobody reads in another way; whoever is taken off the list with none of them in the mail was wronged.
_GONE = re.compile(
    rb"user unknown|unknown user|no such (?:user|recipient|mailbox|person)|(?:does ?n.t|does not|not) exist|not found"
    rb"|unknown (?:recipient|address|host|domain)|invalid (?:recipient|address|mailbox)|no (?:mailbox|user) (?:here|by)"
    rb"|doesn't have an? \S+ account|host unknown|user not (?:known|exist)|5\.1\.(?:1|2|6|10|351)\b",
    re.I,
)


@dataclass
class Row:
    """One line of the table: mails of one form in one corpus."""

    mails: int = 0
    recognised: int = 0
    wrong: int = 0
    suppressed: int = 0
    wronged: int = 0
    times: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Truth:
    """What a mail is: its form, whether it says that delivery failed for good, and whether an opinion says that the
    address is gone; None where nobody knows. `says_gone` is whether its own words say so to anybody."""

    form: str
    is_final: bool | None
    is_gone: bool | None
    says_gone: bool = False


async def run(folders: list[str], *, names: bool) -> None:
    rows: dict[tuple[str, str], Row] = {}
    with tempfile.TemporaryDirectory() as place:
        url = f"sqlite+aiosqlite:///{Path(place) / 'heyet.db'}"
        await asyncio.to_thread(migrations.upgrade, url)
        async for app in open_app(settings_for(url, Path(place), inbound_address=OURS)):
            for folder in map(Path, folders):
                for name, raw, expected in mails_in(folder):
                    truth = truth_of(raw, expected)
                    row = rows.setdefault((folder.name, truth.form), Row())
                    said = await _settled(app, row, truth, raw)
                    if names and said:
                        print(f"{name}: {said}", flush=True)
    _show(rows)


def mails_in(folder: Path) -> Iterator[tuple[str, bytes, list[dict[str, Any]] | None]]:
    """Name, bytes, and what an index beside it expects, of every mail below a folder."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.suffix in NO_MAILS or path.name.startswith((".", "LICENSE", "README", "__")):
            continue
        index = path.parent / "index.json"
        expected = {one["file"]: one["expected"] for one in json.loads(index.read_text())} if index.exists() else {}
        raw = path.read_bytes()
        if raw.startswith(b"From ") and path.suffix not in (".eml", ".txt"):
            for key, one in mailbox.mbox(str(path), create=False).items():
                yield f"{path.name}:{key}", one.as_bytes(), None
        elif raw.strip():
            yield path.name, raw, expected.get(path.name)


def truth_of(raw: bytes, expected: list[dict[str, Any]] | None) -> Truth:
    mail = email.message_from_bytes(raw)
    kinds = {part.get_content_type() for part in mail.walk()}
    opinions = expected or []
    is_gone = any(one["hard"] for one in opinions) if opinions else None
    says_gone = bool(_GONE.search(raw))
    if "message/feedback-report" in kinds or any(one["reason"] == "feedback" for one in opinions):
        return Truth(COMPLAINT, None, is_gone)
    if any(kind.endswith("delivery-status") for kind in kinds):
        actions = [found.lower() for found in _ACTION.findall(raw)]
        return Truth(RFC_3464, _is_final(actions), is_gone, says_gone)
    if expected is not None:
        if not opinions and _AUTOMATIC.search(raw) and not _SYSTEM.search(raw):
            return Truth(AUTOMATIC, False, False)
        # To that index what was given up after days is late: it has failed all the same, and the mail decides.
        known = [one for one in opinions if one["reason"] != "expired"]
        is_final = any(one.get("action") == "failed" for one in known) if known else None
        return Truth(OTHER, is_final, is_gone, says_gone)
    return Truth(OTHER, _by_flufl(mail), None, says_gone)


def _is_final(actions: list[bytes]) -> bool | None:
    return any(one.startswith((b"fail", b"error", b"expire")) for one in actions) if actions else None


def _by_flufl(mail: Mail) -> bool | None:
    with suppress(Exception):
        late, failed = all_failures(mail)
        return bool(failed) if late or failed else None
    return None


async def _settled(app: App, row: Row, truth: Truth, raw: bytes) -> str:
    """Hand one mail in, and count it. What is not right about it, in words."""
    row.mails += 1
    try:
        wire = await read(raw)
    except NotTaken as refused:
        return refused.answer
    sent = await _sent(app, wire)
    settings = app.fastapi.state.settings
    address = address_about(About.bounce, sent.id, OURS, key_of(settings))
    began = time.perf_counter()
    wire = await read(raw)
    async with app.database.unit_of_work() as db:
        kind = await receive(db, wire, raw, address, settings, at=app.clock())
    row.times.append(time.perf_counter() - began)
    async with app.database.reading() as db:
        has_failed = (await db.get_one(Message, sent.id)).state is State.failed
        on_list = await db.exec(select(Suppression).where(Suppression.address_key == address_key(sent.to_address)))
        is_suppressed = on_list.first() is not None
    return _counted(row, truth, raw, kind, has_failed=has_failed, is_suppressed=is_suppressed)


def _counted(row: Row, truth: Truth, raw: bytes, kind: Kind, *, has_failed: bool, is_suppressed: bool) -> str:
    wanted = {COMPLAINT: {Kind.complaint}, AUTOMATIC: {Kind.auto_reply}}.get(truth.form, REPORTS)
    faults = []
    row.recognised += kind in wanted
    if kind not in wanted:
        faults.append(f"not recognised ({kind.value})")
    if kind in REPORTS and truth.is_final is not None and has_failed != truth.is_final:
        row.wrong += 1
        faults.append("taken as final" if has_failed else "not taken as final")
    row.suppressed += is_suppressed
    if is_suppressed and (truth.is_gone is False or truth.is_final is False) and not truth.says_gone:
        row.wronged += 1
        faults.append("suppressed wrongly")
    return ", ".join(faults)


async def _sent(app: App, wire: Wire) -> Message:
    """A message that went to the first address that the mail names, each to one of its own."""
    named = [one for outcome in wire.outcomes for one in outcome.addresses if outcome.action == "failed"]
    to = next((one for one in named if "@" in one), "somebody@example.org")
    sent = message(str(new_id()), app.clock(), to_address=to, project_id=app.project_id, sent_at=app.clock())
    sent.state = State.sent
    async with app.database.unit_of_work() as db:
        await enqueue(db, [sent])
        for one in await db.exec(select(Suppression)):
            await db.delete(one)
    return sent


def _show(rows: dict[tuple[str, str], Row]) -> None:
    head = ("corpus", "form", "mails", "recognised", "wrong", "suppressed", "wrongly", "ms", "slowest")
    print("{:<24}{:<18}{:>6}{:>18}{:>7}{:>12}{:>9}{:>7}{:>9}".format(*head))
    for (corpus, form), row in sorted(rows.items()):
        share = f"{row.recognised} ({row.recognised / row.mails:.1%})"
        middle, slowest = (statistics.median(row.times), max(row.times)) if row.times else (0.0, 0.0)
        print(
            f"{corpus[:23]:<24}{form:<18}{row.mails:>6}{share:>18}{row.wrong:>7}{row.suppressed:>12}{row.wronged:>9}"
            f"{middle * 1000:>7.1f}{slowest * 1000:>9.1f}"
        )
