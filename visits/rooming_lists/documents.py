"""A rooming list as PDF and as spreadsheet, for one recipient who stands on every page."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from core.documents.pdf import Document, fitted, new_pdf, watermark, write, write_whole
from core.documents.sheets import workbook
from core.errors import N_
from core.i18n import Words, words
from visits.hotels.rules import BOARDS, ROOM_TYPES, Board, RoomType
from visits.rooming_lists.rules import LINE_STATES, LineState, MarkedLine

LEFT, RIGHT, TOP, BOTTOM = 12.0, 285.0, 14.0, 196.0
_BLUE, _GREY, _BLACK = (11, 83, 148), (90, 100, 115), (0, 0, 0)
_FILLS = {
    LineState.new: (223, 240, 216),
    LineState.changed: (255, 243, 205),
    LineState.cancelled: (248, 215, 218),
}
_COLOURS = {LineState.new: "#DFF0D8", LineState.changed: "#FFF3CD", LineState.cancelled: "#F8D7DA"}
_ERASED = "—"
# Columns of the spreadsheet: what each is called, and its width in letters.
_COLUMNS = (
    ("line", N_("No."), 5), ("state", N_("State"), 18), ("room", N_("Hotel room"), 7), ("type", N_("Type"), 6),
    ("bed", N_("Bed"), 5), ("family", N_("Family name (A–Z)"), 22), ("given", N_("Given names (A–Z)"), 22),
    ("original", N_("Name"), 28), ("sex", N_("Sex"), 5), ("shares", N_("Shares with"), 28),
    ("check_in", N_("Check-in"), 12), ("expected", N_("Expected at"), 18), ("check_out", N_("Check-out"), 12),
    ("leaving", N_("Leaving at"), 18), ("nights", N_("Nights"), 7), ("board", N_("Board"), 7),
    ("accessible", N_("Accessible"), 10), ("smoking", N_("Smoking"), 9), ("billing", N_("Billing"), 26),
    ("remarks", N_("Remarks"), 40),
)  # fmt: skip
# Columns that say more than one thing, or under another name.
_FACTS = {
    "shares": {"shares_with"},
    "accessible": {"is_accessible"},
    "smoking": {"is_smoking"},
    "billing": {"to_master", "pays_extras"},
    "remarks": {"remarks", "is_late"},
}
# Columns of a page, each with two lines of text: heads, and millimetres.
_PRINTED = (
    (N_("No."), 8.0), (N_("State"), 24.0), (N_("Hotel room"), 21.0), (N_("Guest"), 58.0), (N_("Sex"), 8.0),
    (N_("Shares with"), 42.0), (N_("Check-in"), 27.0), (N_("Check-out"), 27.0), (N_("Nights"), 12.0),
    (N_("Board"), 11.0), (N_("Billing"), 35.0),
)  # fmt: skip
_ROW = 9.4


@dataclass(frozen=True)
class PrintedList:
    """A frozen version with its frame, and for whom it is printed."""

    title: str
    days: tuple[date, date]
    project: str
    version: int
    content: Mapping[str, Any]
    lines: Sequence[MarkedLine]
    recipient: str
    made_at: datetime
    zone: str
    language: str


def rooming_xlsx(printed: PrintedList) -> bytes:
    """One sheet with the guests, one with rooms by night against the block. What changed is marked by colour and by
    words; the cells that differ are bold."""
    say = words(printed.language)
    into = io.BytesIO()
    with workbook(into) as book:
        sheet = book.add_worksheet(say.translate("Rooming list")[:31])
        bold = book.add_format({"bold": True})
        head = book.add_format({"bold": True, "bg_color": "#E8EDF4", "text_wrap": True})
        for line, text in enumerate(_head(printed, say)):
            sheet.write_string(line, 0, text, bold)
        sheet.set_header(f"&C{printed.recipient.replace('&', '&&')}")
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        for column, (_, name, width) in enumerate(_COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(5, column, say.translate(name), head)
        for line, cells in enumerate(_rows(printed, say), start=6):
            one = printed.lines[line - 6]
            plain = _format(book, one.state, is_bold=False)
            strong = _format(book, one.state, is_bold=True)
            for column, (key, _, _) in enumerate(_COLUMNS):
                _put(sheet, line, column, cells[key], strong if _FACTS.get(key, {key}) & set(one.changed) else plain)
        _nights_sheet(book, printed, say, head)
    return into.getvalue()


def _format(book: Any, state: LineState, *, is_bold: bool) -> Any:
    shape: dict[str, Any] = {"bold": is_bold, "text_wrap": True, "valign": "top"}
    if state in _COLOURS:
        shape["bg_color"] = _COLOURS[state]
    if state is LineState.cancelled:
        shape["font_strikeout"] = True
    return book.add_format(shape)


def _put(sheet: Any, line: int, column: int, value: object, shape: Any) -> None:
    if isinstance(value, int):
        sheet.write_number(line, column, value, shape)
    else:
        sheet.write_string(line, column, str(value), shape)


def _nights_sheet(book: Any, printed: PrintedList, say: Words, head: Any) -> None:
    sheet = book.add_worksheet(say.translate("Rooms by night")[:31])
    sheet.set_column(0, 4, 18)
    for column, name in enumerate((N_("Night"), N_("Type"), N_("In use"), N_("Block"))):
        sheet.write_string(0, column, say.translate(name), head)
    for line, (night, kind, taken, held) in enumerate(printed.content.get("uses", []), start=1):
        sheet.write_string(line, 0, night)
        sheet.write_string(line, 1, kind)
        sheet.write_number(line, 2, taken)
        sheet.write_number(line, 3, held)


def _head(printed: PrintedList, say: Words) -> list[str]:
    hotel = printed.content.get("hotel", {})
    codes = sorted({block["code"] for block in printed.content.get("blocks", []) if block["code"]})
    place = [hotel.get(name, "") for name in ("name", "address", "city", "phone")]
    return [
        f"{say.translate('Rooming list')}, {say.translate('version %(version)s', version=printed.version)}",
        " · ".join(filter(None, [*place, *codes])),
        f"{printed.title}, {say.days(*printed.days)} · {printed.project}",
        say.translate(
            "Made on %(moment)s for %(name)s", moment=say.stamp(printed.made_at, printed.zone), name=printed.recipient
        ),
    ]


def _rows(printed: PrintedList, say: Words) -> list[dict[str, object]]:
    """Each line as people read it; one whose guest was erased has nothing but its state."""
    return [_cells(printed, number, one, say) for number, one in enumerate(printed.lines, start=1)]


def _cells(printed: PrintedList, number: int, one: MarkedLine, say: Words) -> dict[str, object]:
    facts = one.line.facts
    state = say.translate(LINE_STATES[one.state])
    if one.state is LineState.same:
        state = say.translate("Same since version %(version)s", version=one.since)
    if not facts:
        return {key: "" for key, _, _ in _COLUMNS} | {"line": number, "state": state, "original": _ERASED}
    yes = say.translate("Yes")
    extras = say.translate("extras own") if facts["pays_extras"] else say.translate("extras to master")
    room = say.translate("room to master") if facts["to_master"] else say.translate("guest pays")
    late = say.translate("Late arrival") if facts["is_late"] else ""
    return {
        "line": number,
        "state": state,
        "room": facts["room"] or "",
        "type": facts["type"],
        "bed": facts["bed"] or "",
        "family": facts["family"],
        "given": facts["given"],
        "original": facts["original"],
        "sex": facts["sex"],
        "shares": ", ".join(_beside(printed, one)),
        "check_in": say.day(date.fromisoformat(facts["check_in"]), "medium"),
        "expected": facts["expected"],
        "check_out": say.day(date.fromisoformat(facts["check_out"]), "medium"),
        "leaving": facts["leaving"],
        "nights": facts["nights"],
        "board": facts["board"],
        "accessible": yes if facts["is_accessible"] else "",
        "smoking": yes if facts["is_smoking"] else "",
        "billing": f"{room}, {extras}",
        "remarks": " · ".join(filter(None, [late, facts["remarks"]])),
    }


def _beside(printed: PrintedList, one: MarkedLine) -> list[str]:
    """Who sleeps in the same room on one of these nights, by the lines of the same version: no line names another
    person, so that erasing one is enough."""
    facts = one.line.facts
    if one.state is LineState.cancelled or not facts["room"]:
        return []
    return [
        f"{other.line.facts['family']} {other.line.facts['given']}"
        for other in printed.lines
        if other is not one
        and other.state is not LineState.cancelled
        and other.line.facts
        and other.line.facts["room"] == facts["room"]
        and other.line.facts["check_in"] < facts["check_out"]
        and facts["check_in"] < other.line.facts["check_out"]
    ]


def rooming_pdf(printed: PrintedList) -> bytes:
    """A4 across, two lines a guest, heads again on each page; rooms by night against the block under it."""
    say = words(printed.language)
    title = _head(printed, say)[0]
    pdf = new_pdf(landscape=True, made_at=printed.made_at, title=title, language=printed.language)
    y = _heads(pdf, say, _page(pdf, printed, say, is_first=True))
    for cells, one in zip(_rows(printed, say), printed.lines, strict=True):
        if y + _ROW > BOTTOM:
            y = _heads(pdf, say, _page(pdf, printed, say, is_first=False))
        _guest(pdf, cells, one, say, y)
        y += _ROW
    _foot(pdf, printed, say, y + 10)
    return pdf.finished()


def _page(pdf: Document, printed: PrintedList, say: Words, *, is_first: bool) -> float:
    pdf.add_page()
    watermark(pdf, printed.recipient, angle=28, largest=34)
    head, y = _head(printed, say), TOP
    pdf.style(15 if is_first else 9, "B", _BLUE)
    write(pdf, LEFT, y, head[0], RIGHT - LEFT)
    y += 6 if is_first else 5
    pdf.style(9, "", _GREY)
    for text in head[1:] if is_first else head[2:3]:
        write(pdf, LEFT, y, text, RIGHT - LEFT)
        y += 4.6
    pdf.style(8, "", _GREY)
    write(pdf, LEFT, 204, head[3], RIGHT - LEFT - 30)
    write(pdf, RIGHT - 30, 204, str(pdf.page_no()), 30, "right")
    return y + 2


def _heads(pdf: Document, say: Words, y: float) -> float:
    pdf.fill([(LEFT, y, RIGHT - LEFT, 6)], (232, 237, 244))
    pdf.style(8, "B", _BLACK)
    x = LEFT
    for name, width in _PRINTED:
        write(pdf, x + 1, y + 4.1, say.translate(name), width - 2)
        x += width
    return y + 6


def _guest(pdf: Document, cells: Mapping[str, object], one: MarkedLine, say: Words, y: float) -> None:
    if one.state in _FILLS:
        pdf.fill([(LEFT, y, RIGHT - LEFT, _ROW)], _FILLS[one.state])
    facts = one.line.facts
    names = f"{cells['family']}, {cells['given']}" if facts else _ERASED
    room = f"{cells['room']} {cells['type']}".strip()
    bed = say.translate("bed %(number)s", number=cells["bed"]) if cells["bed"] and facts["type"] != "SGL" else ""
    marks = [
        str(cells["accessible"]) and say.translate("accessible"),
        str(cells["smoking"]) and say.translate("smoking"),
    ]
    is_same = one.state is LineState.same
    since = say.translate("since version %(version)s", version=one.since) if is_same else ""
    billing = str(cells["billing"]).partition(", ")
    printed = (
        ((str(cells["line"]), ""), ()),
        ((say.translate(LINE_STATES[one.state]), since), ()),
        ((room, bed), ("room", "type", "bed")),
        ((names, str(cells["original"]) if facts else ""), ("family", "given", "original")),
        ((str(cells["sex"]), ""), ("sex",)),
        ((str(cells["shares"]), str(cells["remarks"])), ("shares_with", "remarks", "is_late")),
        ((str(cells["check_in"]), str(cells["expected"])), ("check_in", "expected")),
        ((str(cells["check_out"]), str(cells["leaving"])), ("check_out", "leaving")),
        ((str(cells["nights"]), ""), ("nights",)),
        ((str(cells["board"]), ""), ("board",)),
        ((billing[0], ", ".join(filter(None, [billing[2], *marks]))), ("to_master", "pays_extras")),
    )
    x = LEFT
    for (texts, names_of), (_, width) in zip(printed, _PRINTED, strict=True):
        is_changed = bool(set(names_of) & set(one.changed))
        pdf.style(8.5, "B" if is_changed else "", _BLACK)
        write_whole(pdf, x + 1, y + 3.8, texts[0], width - 2)
        pdf.style(7.5, "B" if is_changed else "", _GREY)
        write_whole(pdf, x + 1, y + 7.6, texts[1], width - 2)
        x += width
    lines = [(LEFT, y + _ROW, RIGHT, y + _ROW)]
    if one.state is LineState.cancelled:
        lines.append((LEFT + 1, y + 2.8, RIGHT - 1, y + 2.8))
    pdf.strokes(lines, 0.1)


def _foot(pdf: Document, printed: PrintedList, say: Words, y: float) -> None:
    """Rooms by night and type against the block, then the blocks with cut-off day and what was released."""
    rows = [
        [say.day(date.fromisoformat(night), "medium"), kind, str(taken), str(held)]
        for night, kind, taken, held in printed.content.get("uses", [])
    ]
    heads = [say.translate(name) for name in (N_("Night"), N_("Type"), N_("In use"), N_("Block"))]
    y = _small(pdf, printed, say, y, heads, rows)
    blocks = [_block(block, say) for block in printed.content.get("blocks", [])]
    names = (N_("Block"), N_("Type"), N_("Nights"), N_("Rooms"), N_("Released"), N_("Board"), N_("Cut-off day"))
    _small(pdf, printed, say, y + 5, [say.translate(name) for name in names], blocks)


def _block(block: Mapping[str, Any], say: Words) -> list[str]:
    # Nights by their evenings: the day of check-out is none.
    last = date.fromisoformat(block["check_out"]) - timedelta(days=1)
    nights = say.days(date.fromisoformat(block["check_in"]), last)
    cut_off = say.day(date.fromisoformat(block["cut_off"]), "medium") if block["cut_off"] else ""
    kind = f"{block['type']} {say.translate(ROOM_TYPES[RoomType(block['type'])])}"
    board = say.translate(BOARDS[Board(block["board"])])
    return [block["code"], kind, nights, str(block["rooms"]), str(block["released"]), board, cut_off]


def _small(
    pdf: Document, printed: PrintedList, say: Words, y: float, heads: Sequence[str], rows: Sequence[Sequence[str]]
) -> float:
    """A small table; goes on over the page."""
    if not rows:
        return y
    width = min(44.0, (RIGHT - LEFT) / len(heads))
    for number, row in enumerate([heads, *rows]):
        if y + 5 > BOTTOM:
            y = _page(pdf, printed, say, is_first=False) + 4
        pdf.style(8, "B" if number == 0 else "", _BLACK)
        for column, text in enumerate(row):
            write(pdf, LEFT + column * width, y, fitted(pdf, text, width - 2), width - 2)
        y += 4.6
    return y
