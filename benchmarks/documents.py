"""Documents: the sign-in sheet, and the tables of a report in which small numbers are hidden."""

import io
import random
from dataclasses import replace
from datetime import UTC, date, datetime

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from benchmarks.measure import Table, Work, compare, exponent
from core.documents.pdf import FONTS
from events.attendance.sign_in_sheets.documents import SheetDay, SheetPerson, SignatureColumn, SignInSheet, make_sheet
from events.reporting.disclosure_control.rules import Alike, Counts, suppressed_together, with_totals

KEY = bytes(32)
DAY = date(2026, 4, 14)


def _sheet(people: int) -> SignInSheet:
    # One name in twenty is written from right to left.
    shown = [
        SheetPerson(
            f"{n}",
            "محمد یوسفی" if n % 20 == 0 else f"Hâkim Gülşen Çağlar {n}",
            institution=f"{n % 81}. İl Müdürlüğü",
        )
        for n in range(people)
    ]
    halves = [SignatureColumn(f"{DAY}/am", "Sabah", "09:00–12:30"), SignatureColumn(f"{DAY}/pm", "Öğleden sonra")]
    return SignInSheet(
        sheet="0123456789ABC",
        version=1,
        title="Yıllık toplantı",
        code="ABC123",
        venue="Ankara",
        days=[SheetDay(DAY, halves)],
        people=shown,
        walk_ins=5,
        project="Coordination",
        contract="ACT/1",
        statement="Bu proje Avrupa Birliği tarafından finanse edilmektedir.",
        emblem="eu",
        language="tr",
        made_at=datetime(2026, 4, 1, tzinfo=UTC),
        printed_at="1 Nis 2026 12:00",
    )


def _canvas(people: int) -> bytes:
    """The same cells and grid by reportlab, without any right-to-left."""
    into = io.BytesIO()
    canvas, mm = Canvas(into, A4), A4[0] / 210
    for start in range(0, people, 22):
        canvas.setFont("DejaVu", 9)
        for n in range(start, min(start + 22, people)):
            y = (230 - 9.6 * (n - start)) * mm
            for x, text in (
                (13, str(n + 1)),
                (23, f"Hâkim Gülşen Çağlar {n}"),
                (80, f"{n % 81}. İl Müdürlüğü"),
            ):
                canvas.drawString(x * mm, y, text)
            canvas.line(12 * mm, y - 9, 198 * mm, y - 9)
        for x in (12, 21, 78, 126, 162, 198):
            canvas.line(x * mm, 20 * mm, x * mm, 235 * mm)
        canvas.showPage()
    canvas.save()
    return into.getvalue()


async def run(table: Table) -> None:
    pdfmetrics.registerFont(TTFont("DejaVu", str(FONTS / "DejaVuSansCondensed.ttf")))
    growth = await exponent(_made(1000), _made(10_000), 10)
    for people, rate in ((1000, 20), (10, 100)):
        what = f"sign-in sheet, {people:,} people (floor: reportlab canvas)"
        row = await compare(what, _made(people), _drawn(people), goal=1.25, growth=growth if people == 1000 else None)
        table.add(replace(row, rate=f"{1000 / row.ours_ms:.0f}/s", goal=f"{row.goal}, {rate}/s"))
    growth = await exponent(_hidden(300), _hidden(1500), 5)
    what = "tables of 1,000 institutions and their provinces hidden together (floor: their sums)"
    table.add(await compare(what, _hidden(1000), _added_up(1000), goal=0.001, growth=growth))


def _made(people: int) -> Work:
    sheet = _sheet(people)

    async def work() -> None:
        make_sheet(sheet, KEY)

    return work


def _counts(institutions: int) -> tuple[Counts, Counts, list[Alike]]:
    """How many women, men and people who did not say, by institution and by province, and which are of which."""
    chance = random.Random(institutions)
    rows = [[chance.choice([0, 0, 1, 2, 3, 4, 6, 9, 15]) for _ in range(3)] for _ in range(institutions)]
    provinces = [[sum(column) for column in zip(*rows[n::81], strict=True)] for n in range(81)]
    alike = [Alike([f"{one}. Kurum" for one in range(n, institutions, 81)], [f"{n}. İl"]) for n in range(81)]
    of_institutions = Counts([f"{n}. Kurum" for n in range(institutions)], rows)
    return of_institutions, Counts([f"{n}. İl" for n in range(81)], provinces), alike


def _hidden(institutions: int) -> Work:
    fine, coarse, alike = _counts(institutions)

    async def work() -> None:
        suppressed_together({"institution": fine, "province": coarse}, {("institution", "province"): alike}, 5)

    return work


def _added_up(institutions: int) -> Work:
    fine, coarse, _ = _counts(institutions)

    async def work() -> None:
        for one in (fine, coarse):
            with_totals(one.rows)

    return work


def _drawn(people: int) -> Work:
    async def work() -> None:
        _canvas(people)

    return work
