"""What a spam filter makes of our mail: SpamAssassin with its local rules, all kinds in both languages in one go."""

import mailbox
import re
import shutil
import subprocess
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from core.settings import Settings
from notifications.delivery.mails import flattened
from tests.conftest import open_app, settings_for
from tests.every_mail import WRITTEN, every_mail, writers
from tests.servers import do_without

MOST = 0.5
# As the server that receives it writes it: without it a filter takes mail for its own user's.
RECEIVED = (
    "Received: from mail.agency.gov.tr (mail.agency.gov.tr [93.184.216.34])\r\n"
    "\tby mx.example.net with ESMTPS id 4f1c2a; "
)


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


def test_no_kind_of_mail_is_forgotten() -> None:
    assert set(WRITTEN) == writers()


async def test_no_kind_of_mail_in_any_language_looks_like_spam(sqlite_url: str, tmp_path: Path) -> None:
    more: dict[str, Any] = {"public_url": "https://heyet.agency.gov.tr"}
    settings: Settings = settings_for(sqlite_url, tmp_path, **more)
    settings.mail_from = "heyet@agency.gov.tr"
    async for app in open_app(settings):
        # Of each kind the one that says most.
        mails = {f"{m.kind}/{m.language}": m for m in sorted(await every_mail(app), key=lambda m: len(m.plain))}
        wires = {name: flattened(mail, settings, at=app.clock()) for name, mail in mails.items()}
        spam = b"Subject: VIAGRA MILLION DOLLARS!!!\r\n\r\nClick here: http://1.2.3.4/ money back guarantee\r\n"
        found = scores({**wires, "spam": spam}, tmp_path, app.clock())
    assert len(found) == len(wires) + 1
    looks_bad = {name: status for name, (score, status) in found.items() if score > MOST}
    assert list(looks_bad) == ["spam"], looks_bad
