"""Sign-in sheets made from plain values, for tests and benchmarks of paper and its scans."""

from datetime import UTC, date, datetime
from typing import Any

from core.i18n import document_words
from events.attendance.sign_in_sheets.documents import (
    PrintedSheet,
    SheetDay,
    SheetPerson,
    SignatureColumn,
    SignInSheet,
    make_sheet,
)

KEY = bytes(range(32))
DAY = date(2026, 4, 14)


def halves(day: date = DAY, language: str = "tr") -> list[SignatureColumn]:
    say = document_words(language)
    return [
        SignatureColumn(f"{day}/am", say.translate("Morning"), "09:00–12:30"),
        SignatureColumn(f"{day}/pm", say.translate("Afternoon"), "14:00–17:30"),
    ]


def people(names: list[str], institution: str = "İzmir Adliyesi") -> list[SheetPerson]:
    return [SheetPerson(f"p{number}", name, institution=institution) for number, name in enumerate(names, start=1)]


def sheet(names: list[str], **more: Any) -> SignInSheet:
    """A sheet of one day with two halves, unless something else is said."""
    language = more.get("language", "tr")
    values: dict[str, Any] = {
        "sheet": "0123456789ABC",
        "version": 1,
        "title": "Yıllık koordinasyon toplantısı",
        "code": "AB12CD",
        "venue": "Ankara",
        "days": [SheetDay(DAY, halves(DAY, language))],
        "people": people(names),
        "walk_ins": 2,
        "project": "Coordination and Training",
        "contract": "ACT/1",
        "statement": "Bu proje Avrupa Birliği tarafından finanse edilmektedir.",
        "emblem": "eu",
        "language": language,
        "made_at": datetime(2026, 4, 1, 9, tzinfo=UTC),
        "printed_at": "1 Nis 2026 12:00",
        "notice": "Imza, katılımın belgesidir.",
    }
    return SignInSheet(**{**values, **more})


def printed(names: list[str], **more: Any) -> PrintedSheet:
    return make_sheet(sheet(names, **more), KEY)
