"""Cash receipts: a page or more for each person, with the amount in figures and words, what it is for, its lines."""

from collections.abc import Sequence

from core.documents.pdf import new_pdf
from core.documents.text_setting import TextStyle, broken
from core.i18n import Words, words
from core.number_words import amount_in_words
from finance.rules.lines import ZERO
from finance.rules.sentences import explanation
from finance.sheet_files.composed import BLUE, GREY, ComposedPages
from finance.sheet_files.rules import LINE_KINDS, SheetDocument, place_or_cost
from finance.sheet_files.texts import exchange_of, grade_in, number_of
from finance.statements.rules import PersonStatement

LEFT, RIGHT, TOP, BOTTOM, FOOT = 20.0, 190.0, 20.0, 270.0, 285.0
WIDTH = RIGHT - LEFT
_DAY, _KIND, _PLACE, _AMOUNT = LEFT, LEFT + 24, LEFT + 46, RIGHT - 28


def cash_receipts_pdf(document: SheetDocument) -> bytes:
    """For everybody who is paid in cash; A4 upright, each person from a page of their own on. Nobody to pay: one page
    that says so."""
    say = words(document.language)
    title = f"{say.translate('Cash receipt')} · {document.title}"
    pdf = new_pdf(landscape=False, made_at=document.made_at, title=title, language=document.language)
    paid = [(number, one) for number, one in enumerate(document.statements, start=1) if one.is_cash and one.to_pay]
    for number, one in paid:
        receipt = _Receipt(document, number, one, say)
        receipt.compose()
        foot = f"{document.title} · {number_of(document, say)} · {say.translate('No.')} {number}"
        receipt.pages.draw(pdf, say, left=LEFT, right=RIGHT, y=FOOT, foot=foot)
    if not paid:
        pages = ComposedPages()
        pages.turn()
        pages.text(LEFT, TOP, say.translate("Nobody of this sheet is paid in cash."), WIDTH, size=11)
        pages.draw(pdf, say, left=LEFT, right=RIGHT, y=FOOT, foot=title)
    return pdf.finished()


class _Receipt:
    def __init__(self, document: SheetDocument, number: int, statement: PersonStatement, say: Words) -> None:
        self.document, self.number, self.statement, self.say = document, number, statement, say
        self.pages, self.y = ComposedPages(), TOP

    def compose(self) -> None:
        document, say, one = self.document, self.say, self.statement
        self._turn()
        self._text(say.translate("Cash receipt"), 16, "B", colour=BLUE)
        self._text(f"{number_of(document, say)} · {say.translate('No.')} {self.number}", 9, colour=GREY)
        self.y += 4
        amount = one.to_pay or ZERO
        shown = say.amount(amount, one.currency)
        self._text(shown, 18, "B")
        self._text(amount_in_words(amount, one.currency, document.language), 11)
        self.y += 3
        who = [one.name, one.institution, grade_in(one.grade, say)]
        self._fact(say.translate("Received by"), " · ".join(filter(None, who)))
        self._fact(say.translate("Paid by"), " · ".join(filter(None, [document.project, document.contract])))
        self._fact(say.translate("Budget line"), document.budget_line)
        what = ", ".join(filter(None, [document.title, document.code, document.place, say.days(*document.days)]))
        self._fact(say.translate("What for"), what)
        self.y += 4
        self._lines()
        self._sums()
        self._sign()

    def _turn(self) -> None:
        self.pages.turn()
        self.y = TOP
        self.pages.text(LEFT, 12, self.document.statement, WIDTH, size=8, colour=GREY)

    def _room(self, height: float) -> None:
        if self.y + height > BOTTOM:
            self._turn()

    def _text(self, text: str, size: float, weight: str = "", *, colour: tuple[int, int, int] = (0, 0, 0)) -> None:
        for line in broken(text, TextStyle(size, weight), WIDTH):
            self._room(size * 0.5)
            self.pages.text(LEFT, self.y, line, WIDTH, size=size, weight=weight, colour=colour)
            self.y += size * 0.5

    def _fact(self, name: str, value: str) -> None:
        lines: Sequence[str] = broken(value, TextStyle(10), WIDTH - 40) or ["—"]
        self._room(5.2 * len(lines))
        self.pages.text(LEFT, self.y, name, 38, size=10, weight="B")
        for line in lines:
            self.pages.text(LEFT + 40, self.y, line, WIDTH - 40, size=10)
            self.y += 5.2

    def _lines(self) -> None:
        say = self.say
        for line in self.statement.lines:
            why = broken(explanation(line, say), TextStyle(8), WIDTH - 46)
            self._room(5 + 3.8 * len(why))
            kind = say.translate(LINE_KINDS[line.kind]) if line.kind in LINE_KINDS else line.kind
            amount = say.amount(line.amount, line.currency)
            self.pages.text(_DAY, self.y, say.day(line.day, "medium"), 22)
            self.pages.text(_KIND, self.y, kind, 20)
            self.pages.text(_PLACE, self.y, place_or_cost(line, say), _AMOUNT - _PLACE - 2)
            self.pages.text(_AMOUNT, self.y, amount, RIGHT - _AMOUNT, align="right")
            for text in why:
                self.y += 3.8
                self.pages.text(_PLACE, self.y, text, WIDTH - 46, size=8, colour=GREY)
            self.y += 1.8
            self.pages.lines([(LEFT, self.y, RIGHT, self.y)], 0.1)
            self.y += 4.4

    def _sums(self) -> None:
        """From the lines to what is paid."""
        say, one = self.say, self.statement
        rows = [(exchange_of(total, one.currency, say), total.converted) for total in one.totals if total.source]
        rows += [(adjustment.reason, adjustment.amount) for adjustment in one.adjustments]
        rows += [(say.translate("Paid earlier"), -one.earlier)] if one.earlier else []
        rows += [(say.translate("Advances"), -one.advances)] if one.advances else []
        rows.append((say.translate("To pay"), one.to_pay or ZERO))
        for at, (name, amount) in enumerate(rows):
            weight = "B" if at == len(rows) - 1 else ""
            self._room(5.4)
            shown = say.amount(amount, one.currency).replace("-", "−", 1)
            self.pages.text(LEFT, self.y, name, WIDTH - 50, weight=weight, align="left")
            self.pages.text(RIGHT - 48, self.y, shown, 48, weight=weight, align="right")
            self.y += 5.4

    def _sign(self) -> None:
        say = self.say
        self._room(46)
        self.y += 8
        said = say.translate("I have received this amount in cash.")
        self.pages.text(LEFT, self.y, said, WIDTH, size=10)
        self.y += 22
        for x, name, who in (
            (LEFT, say.translate("Date and signature"), self.statement.name),
            (LEFT + 90, say.translate("Paid out by: name, date and signature"), ""),
        ):
            self.pages.lines([(x, self.y, x + 78, self.y)])
            self.pages.text(x, self.y + 4, name, 78, size=8, colour=GREY)
            self.pages.text(x, self.y + 8, who, 78, size=8)
        self.y += 12
