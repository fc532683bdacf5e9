"""What stands on every page of a day: the donor's marks and words, project, event, hours; the notice at its foot."""

from dataclasses import dataclass, field

from core.documents.pdf import STATEMENT_FONT
from core.documents.text_setting import SetText, TextStyle, broken, set_in, set_in_a_line
from core.i18n import Words
from events.attendance.sign_in_sheets.composition import MARGIN, Area, SheetDay, SignInSheet
from events.attendance.sign_in_sheets.layout import CODE, CODE_EDGE, MARK, MARK_EDGE, Box

# Height of the emblem. Its width is one and a half times that, and no logo is larger.
EMBLEM = 12.0
GAP = 3.5
# Nothing stands nearer to a mark or to the code: both need white around them.
CLEAR = 4.0
# Text under the code ends there.
UNDER_THE_CODE = 48.0
STATEMENT = TextStyle(8.5, family=STATEMENT_FONT)
# A statement has that much room at least, however many logos there are.
STATEMENT_ROOM = 50.0
NOTICE = TextStyle(6.5)
# What the lowest line takes, above the lower edge of the marks.
FOOT_LINE = 3.6


@dataclass
class PageHead:
    """Texts and pictures of every page of a day. Tables stand between `bottom` and `foot`."""

    is_rtl: bool
    areas: list[Area] = field(default_factory=list)
    emblem: Box | None = None
    logos: list[Box] = field(default_factory=list)
    bottom: float = 0
    foot: float = 0


def head_of(sheet: SignInSheet, day: SheetDay, say: Words) -> PageHead:
    """Compose it. Whatever is long makes it higher; nothing is cut."""
    head = PageHead(is_rtl=say.direction == "rtl")
    until = sheet.size[0] - CODE_EDGE - CODE - CLEAR
    y = _donor(head, sheet, MARK_EDGE + MARK + CLEAR + 1, until)
    y = _event(head, sheet, day, say, y + 2.5, until)
    head.bottom = max(y + 2, UNDER_THE_CODE)
    _foot(head, sheet, say)
    return head


def _donor(head: PageHead, sheet: SignInSheet, start: float, until: float) -> float:
    """Emblem, statement beside it, and other logos at the far end. Returns where they end."""
    area = Area((start, until), head.is_rtl)
    head.areas.append(area)
    x = start
    if sheet.emblem == "eu":
        head.emblem = area.box(x, MARK_EDGE, EMBLEM * 1.5, EMBLEM)
        x += EMBLEM * 1.5 + GAP
    end = _logos(head, sheet, area, x, until)
    statement = set_in(sheet.statement, STATEMENT, end - x, EMBLEM, least=7)
    top = MARK_EDGE + max(0.0, (EMBLEM - statement.height) / 2)
    return max(MARK_EDGE + EMBLEM, area.text(x, top, end - x, statement))


def _logos(head: PageHead, sheet: SignInSheet, area: Area, start: float, until: float) -> float:
    """Each as large as it may be beside the emblem. Returns where the first one begins."""
    sizes = [(EMBLEM * min(ratio, 1.5), EMBLEM * min(1, 1.5 / ratio)) for _, ratio in sheet.logos]
    room = until - start - (STATEMENT_ROOM if sheet.statement else 0) - GAP * len(sizes)
    scale = min(1.0, room / sum(width for width, _ in sizes)) if sizes else 1.0
    for width, height in reversed(sizes):
        until -= width * scale
        head.logos.insert(0, area.box(until, MARK_EDGE, width * scale, height * scale))
        until -= GAP
    return until


def _event(head: PageHead, sheet: SignInSheet, day: SheetDay, say: Words, y: float, until: float) -> float:
    """Project, contract on a line of its own, event, day with its hours. Returns where they end."""
    area = Area((MARGIN, until), head.is_rtl)
    head.areas.append(area)
    width = until - MARGIN

    def put(text: str, style: TextStyle, after: float, *, whole: bool = False) -> None:
        nonlocal y
        if text:
            content = set_in_a_line(text, style, width) if whole else SetText(style, broken(text, style, width))
            y = area.text(MARGIN, y, width, content) + after

    put(sheet.project, TextStyle(9, "B"), 0.4)
    contract = say.translate("Contract %(number)s", number=sheet.contract) if sheet.contract else ""
    put(contract, TextStyle(9), 1.6, whole=True)
    put(sheet.title, TextStyle(13 if len(sheet.title) < 120 else 11, "B"), 0.8)
    put(" · ".join(filter(None, [say.translate("Sign-in sheet"), sheet.code, sheet.venue])), TextStyle(9), 0.8)
    # What more than two sessions are called stands above their columns.
    hours = [f"{one.heading} {one.hours}" for one in day.columns if one.hours] if len(day.columns) <= 2 else []
    put(" · ".join([say.weekday(day.day), *hours]), TextStyle(10, "B"), 0)
    return y


def _foot(head: PageHead, sheet: SignInSheet, say: Words) -> None:
    """The notice in its lines, and between the lower marks which sheet this is, and of when."""
    width, height = sheet.size
    start = MARK_EDGE + MARK + CLEAR
    area = Area((0, width), head.is_rtl)
    head.areas.append(area)
    room = width - 2 * start
    lines = broken(f"* {sheet.notice}", NOTICE, room) if sheet.notice else []
    notice = SetText(NOTICE, lines)
    top = height - MARK_EDGE - FOOT_LINE - notice.height
    area.text(start, top, room, notice)
    head.foot = min(top - 1.5, height - MARK_EDGE - MARK - CLEAR / 2)
    printed = say.translate(
        "Sheet %(sheet)s · version %(version)s · printed %(moment)s",
        sheet=sheet.sheet,
        version=sheet.version,
        moment=sheet.printed_at,
    )
    area.text(start, height - MARK_EDGE - 3.2, room - 30, SetText(TextStyle(7), [printed]))
