"""The tables of a bundle, as text that any program opens, and the page that says how to verify it."""

from collections.abc import Sequence
from datetime import datetime

from core.documents.sheets import csv_bytes
from core.i18n import words


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """A CSV; names of columns are codes."""
    return csv_bytes([list(head), *[list(row) for row in rows]])


def readme(title: str, number: str, made_at: datetime, zone: str, left_out: int) -> str:
    """How a stranger verifies the bundle, in English and Turkish."""
    return "\n\n".join(_readme(title, number, made_at, zone, left_out, language) for language in ("en", "tr")) + "\n"


def _readme(title: str, number: str, made_at: datetime, zone: str, left_out: int, language: str) -> str:
    say = words(language)
    # Not within the text: what looks for messages would not find them there.
    of_sheet, made = say.translate("Evidence of per-diem sheet"), say.translate("Made")
    verify = say.translate("To verify that nothing was changed")
    compare = say.translate("compare with the line of the file in SHA256SUMS")
    lines = [
        f"{of_sheet} {number}: {title}",
        f"{made}: {say.stamp(made_at, zone)}",
        say.translate("sheet/: the sheet with live formulas, the list to sign, and each line as text"),
        say.translate("attendance/: signed lists as they were scanned, and who was there by half-day"),
        say.translate("travel/: tickets and boarding passes; receipts/: what people paid themselves"),
        say.translate("payments/, approvals/, history/: who paid, approved and changed what, and when"),
        say.translate("agenda/: the programme; rates/: the rates that lines were worked out with"),
        f"{verify}: sha256sum -c SHA256SUMS",
        "macOS: shasum -a 256 -c SHA256SUMS",
        f"Windows: Get-FileHash -Algorithm SHA256 – {compare}",
    ]
    if left_out:
        lines.append(
            say.translate(
                "%(count)s files were too large: manifest.json names them with their SHA-256.", count=left_out
            )
        )
    return "\n".join(lines)
