"""Documents and rules: sign-in sheet, per-diem sheet, per-diem computation."""

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import xlsxwriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from benchmarks.measure import Table, Work, compare, exponent
from core.documents.pdf import FONTS
from core.ids import new_id
from core.money import Money
from events.attendance.sign_in_sheets.documents import SheetDay, SheetPerson, SignatureColumn, SignInSheet, make_sheet
from finance.rates.rules import Rate
from finance.rules.eu_external import Night, eu_external
from finance.sheets.documents import Claim, SheetDocument, per_diem_xlsx

KEY = bytes(32)
DAY = date(2026, 4, 14)
RATES = [Rate("AT", "", Money(Decimal(240), "EUR"), date(2024, 1, 1), "List of 2024")]
SHARES = {
    "bed": Decimal("0.5"),
    "breakfast": Decimal("0.06"),
    "lunch": Decimal("0.12"),
    "dinner": Decimal("0.12"),
}


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


def _claims(people: int) -> list[Claim]:
    nights = [Night(DAY + timedelta(days=n), "AT", is_bed_provided=True) for n in range(5)]
    lines = eu_external(nights, RATES, shares=SHARES, meals=lambda day: frozenset({"lunch"}), attended=None)
    return [
        Claim(id, f"Gülşen Çağlar {n}", "Directorate", line)
        for n in range(people)
        for id in [new_id()]
        for line in lines
    ]


def _per_diem(people: int) -> SheetDocument:
    return SheetDocument(
        "Visit",
        (DAY, DAY),
        "Project",
        "ACT/1",
        "Funded",
        "eu_external",
        "Draft",
        "EUR",
        _claims(people),
        "en",
    )


def _plain_sheet(people: int) -> bytes:
    into = io.BytesIO()
    book = xlsxwriter.Workbook(into, {"constant_memory": True})
    summary, nights = book.add_worksheet("a"), book.add_worksheet("b")
    for n in range(people * 5):
        for column in (0, 5, 6, 8, 9, 10, 11):
            nights.write_number(n, column, 1.5)
        for column in (1, 3, 4, 13):
            nights.write_string(n, column, "Gülşen Çağlar, twenty or thirty letters")
        nights.write_formula(n, 7, f"=F{n + 1}*G{n + 1}", None, 1.5)
        nights.write_formula(n, 12, f"=H{n + 1}-I{n + 1}-J{n + 1}-K{n + 1}-L{n + 1}", None, 1.5)
    for n in range(people):
        summary.write_number(n, 0, n)
        summary.write_string(n, 1, "Gülşen Çağlar")
        summary.write_string(n, 2, "Directorate")
        for column in range(3, 8):
            summary.write_formula(n, column, f"=SUMIFS('b'!G:G,'b'!A:A,A{n + 1})", None, 1.5)
    book.close()
    return into.getvalue()


def _compute(people: int) -> Work:
    nights = [Night(DAY + timedelta(days=n), "AT", is_bed_provided=True) for n in range(5)]

    async def work() -> None:
        for _ in range(people):
            eu_external(nights, RATES, shares=SHARES, meals=lambda day: frozenset({"lunch"}), attended=None)

    return work


async def run(table: Table) -> None:
    pdfmetrics.registerFont(TTFont("DejaVu", str(FONTS / "DejaVuSansCondensed.ttf")))
    few, many = _sheet(1000), _sheet(10_000)

    async def ours() -> None:
        make_sheet(few, KEY)

    async def larger() -> None:
        make_sheet(many, KEY)

    async def floor() -> None:
        _canvas(1000)

    growth = await exponent(ours, larger, 10)
    table.add(
        await compare("sign-in sheet, 1,000 people (floor: reportlab canvas)", ours, floor, goal=1.25, growth=growth)
    )

    small, large = _per_diem(200), _per_diem(2000)

    async def workbook() -> None:
        per_diem_xlsx(large)

    async def small_workbook() -> None:
        per_diem_xlsx(small)

    async def plain() -> None:
        _plain_sheet(2000)

    growth = await exponent(small_workbook, workbook, 10)
    table.add(
        await compare("per-diem XLSX, 10,000 nights (floor: xlsxwriter)", workbook, plain, goal=0.77, growth=growth)
    )

    async def twenty_thousand_lines_a_second() -> None:
        """The floor is a rate, not code: sleeping as long as 50,000 lines may take."""

    compute = _compute(10_000)
    row = await compare(
        "per-diem computation, 10,000 people × 5 nights", compute, twenty_thousand_lines_a_second, goal=0
    )
    row.growth = await exponent(_compute(1000), compute, 10)
    row.floor_ms, row.ratio = 2500.0, 2500 / row.ours_ms
    row.goal, row.kept, row.spread = "≥ 20,000/s", row.ratio >= 1, (row.ratio, row.ratio)
    table.add(row)
