"""The sheet on paper: a row to sign for each person, the sums, and the notes and coins that paying takes."""

from decimal import Decimal

from core.documents.pdf import Align, new_pdf
from core.documents.text_setting import TextStyle, broken
from core.errors import N_
from core.i18n import Words, words
from core.money import smallest_unit
from finance.rules.lines import ZERO
from finance.sheet_files.composed import BLUE, GREY, RED, ComposedPages
from finance.sheet_files.rules import DENOMINATIONS, SIGNATURE_ROLES, SheetDocument, cash_units
from finance.sheet_files.texts import exchange_of, grade_in, heading_of, missing_of, number_of
from finance.statements.rules import PersonStatement

LEFT, RIGHT, TOP, BOTTOM, FOOT = 12.0, 285.0, 14.0, 194.0, 203.0
# 24 points are the least to sign in; these are 30.
_ROW, _HEADS, _COUNT_ROW = 10.6, 9.0, 6.4
_SIGNING = 15.0
# What a column is called, where it ends, and whether it holds amounts.
_COLUMNS = (
    ("number", N_("No."), 8.0), ("name", N_("Name"), 62.0), ("grade", N_("Grade"), 16.0),
    ("units", N_("Nights or days"), 15.0), ("earned", N_("Earned"), 27.0),
    ("before", N_("Paid earlier and advances"), 27.0), ("to_pay", N_("To pay"), 28.0),
    ("way", N_("Bank or cash"), 17.0), ("signature", N_("Signature"), 73.0),
)  # fmt: skip
_NUMBERS = frozenset({"number", "units", "earned", "before", "to_pay"})


def per_diem_pdf(document: SheetDocument) -> bytes:
    """A4 across, headings on each page, page x of y. Who is paid by bank stands in it too, but needs no signature."""
    return _CashList(document).made()


class _CashList:
    def __init__(self, document: SheetDocument) -> None:
        self.document, self.say = document, words(document.language)
        self.pages, self.y = ComposedPages(), 0.0

    def made(self) -> bytes:
        document = self.document
        self._page(is_first=True)
        self._heads()
        for number, one in enumerate(document.statements, start=1):
            if self.y + _ROW > BOTTOM:
                self._page()
                self._heads()
            self._person(number, one)
        self._sums()
        self._notes()
        self._sign()
        self._denominations()
        title = f"{document.title} · {number_of(document, self.say)}"
        pdf = new_pdf(landscape=True, made_at=document.made_at, title=title, language=document.language)
        made = self.say.translate("Made on %(moment)s", moment=self.say.stamp(document.made_at, document.zone))
        self.pages.draw(pdf, self.say, left=LEFT, right=RIGHT, y=FOOT, foot=f"{title} · {made}")
        return pdf.finished()

    def _page(self, *, is_first: bool = False) -> None:
        self.pages.turn()
        width = RIGHT - LEFT
        title = f"{self.document.title} · {number_of(self.document, self.say)}"
        self.pages.text(LEFT, TOP, title, width, size=15 if is_first else 9, weight="B", colour=BLUE)
        self.y = TOP + (6 if is_first else 4)
        if is_first:
            for text in heading_of(self.document, self.say):
                self.pages.text(LEFT, self.y, text, width, colour=GREY)
                self.y += 4.6

    def _heads(self) -> None:
        self.pages.fill(LEFT, self.y, RIGHT - LEFT, _HEADS)
        x = LEFT
        for key, name, width in _COLUMNS:
            said = self.say.translate(name)
            if key in ("earned", "before", "to_pay"):
                said = f"{said}, {self.document.currency}"
            align = _align(key in _NUMBERS)
            for number, text in enumerate(broken(said, TextStyle(7.5, "B"), width - 2)[:2]):
                y = self.y + 3.8 + 3.4 * number
                self.pages.text(x + 1, y, text, width - 2, size=7.5, weight="B", align=align)
            x += width
        self.y += _HEADS

    def _money(self, amount: Decimal | None) -> str:
        return money(amount, self.document.currency, self.say)

    def _person(self, number: int, one: PersonStatement) -> None:
        say = self.say
        texts = {
            "number": str(number),
            "grade": grade_in(one.grade, self.say),
            "units": str(one.units),
            "earned": self._money(one.earned),
            "before": self._money(one.earlier + one.advances) if one.earlier + one.advances else "",
            "to_pay": self._money(one.to_pay),
            "way": say.translate("Cash") if one.is_cash else say.translate("Bank"),
        }
        x = LEFT
        for key, _, width in _COLUMNS:
            align = _align(key in _NUMBERS)
            weight = "B" if key == "to_pay" else ""
            if key == "name":
                self.pages.text(x + 1, self.y + 4.4, one.name, width - 2, size=9.5)
                self.pages.text(x + 1, self.y + 8.6, one.institution, width - 2, size=7.5, colour=GREY)
            elif key == "signature":
                self._beside_signature(x, width, one)
            else:
                self.pages.text(x + 1, self.y + 6.4, texts[key], width - 2, weight=weight, align=align)
            x += width
        self._rule(self.y + _ROW)
        self.y += _ROW

    def _beside_signature(self, x: float, width: float, one: PersonStatement) -> None:
        if one.is_open:
            missing = f"{self.say.translate('open')}: {'; '.join(missing_of(one, self.say))}"
            self.pages.text(x + 1, self.y + 4, missing[:160], width - 2, size=7.5, colour=RED)
        elif one.to_return:
            said = self.say.translate("To be returned: %(amount)s", amount=self._money(one.to_return))
            self.pages.text(x + 1, self.y + 4, said, width - 2, size=7.5, colour=RED)
        elif not one.is_cash:
            said = self.say.translate("By bank transfer")
            self.pages.text(x + 1, self.y + 4, said, width - 2, size=7.5, colour=GREY)

    def _rule(self, y: float) -> None:
        edges, x = [LEFT], LEFT
        for _, _, width in _COLUMNS:
            x += width
            edges.append(x)
        self.pages.lines([(LEFT, y, RIGHT, y), *((edge, y - _ROW, edge, y) for edge in edges)], 0.1)

    def _sums(self) -> None:
        people = self.document.statements
        self._room(3 * 6 + 4)
        rows = [(self.say.translate("Total to pay"), people)]
        if {one.is_cash for one in people} == {True, False}:
            rows.append((self.say.translate("of it in cash"), [one for one in people if one.is_cash]))
        for name, those in rows:
            self.y += 6
            is_open = any(one.is_open for one in those)
            amount = None if is_open else sum((one.to_pay or ZERO for one in those), ZERO)
            shown = self.say.amount(amount, self.document.currency) if amount is not None else self._open
            self.pages.text(LEFT + 60, self.y, name, 90, weight="B", align="right")
            self.pages.text(LEFT + 152, self.y, shown, 60, weight="B", size=10)
        self.y += 2

    @property
    def _open(self) -> str:
        return self.say.translate("open: something is missing")

    def _notes(self) -> None:
        currency = self.document.currency
        said = {
            exchange_of(total, currency, self.say): None
            for one in self.document.statements
            for total in one.totals
            if total.source
        }
        for text in said:
            self._room(5)
            self.y += 4.6
            shown = self.say.translate("Exchange rate: %(rate)s", rate=text)
            self.pages.text(LEFT, self.y, shown, RIGHT - LEFT, size=8, colour=GREY)

    def _sign(self) -> None:
        """Prepared, checked, approved: side by side, with room for a signature."""
        self._room(_SIGNING + 12)
        self.y += 6
        width = (RIGHT - LEFT) / len(SIGNATURE_ROLES)
        for number, (role, title) in enumerate(SIGNATURE_ROLES.items()):
            x, signature = LEFT + number * width, self.document.signature_of(role)
            moment = self.say.stamp(signature.at, self.document.zone) if signature.at else ""
            self.pages.text(x, self.y, self.say.translate(title), width - 4, size=8, weight="B")
            self.pages.text(x, self.y + 4.4, signature.name, width - 4)
            self.pages.text(x, self.y + 8.4, moment, width - 4, size=7.5, colour=GREY)
            self.pages.lines([(x, self.y + _SIGNING + 4, x + width - 8, self.y + _SIGNING + 4)])
        self.y += _SIGNING + 6

    def _room(self, height: float) -> None:
        if self.y + height > BOTTOM:
            self._page()

    def _denominations(self) -> None:
        """How many of each note and coin everybody gets, and the cashier needs."""
        units = DENOMINATIONS.get(self.document.currency, ())
        paid = [
            (number, one, one.to_pay)
            for number, one in enumerate(self.document.statements, start=1)
            if one.is_cash and one.to_pay
        ]
        if not paid or not units:
            return
        counted = [cash_units(amount, self.document.currency) for _, _, amount in paid]
        used = [unit for unit in units if any(unit in one for one in counted)]
        sums = {unit: sum(one.get(unit, 0) for one in counted) for unit in used}
        self._page()
        self._counted_heads(used)
        for (number, one, amount), counts in zip(paid, counted, strict=True):
            if self.y + _COUNT_ROW > BOTTOM:
                self._page()
                self._counted_heads(used)
            self._counted([str(number), one.name, self._money(amount)], [counts.get(unit, 0) for unit in used])
        if self.y + 2 * _COUNT_ROW > BOTTOM:
            self._page()
            self._counted_heads(used)
        total = sum((amount for _, _, amount in paid), ZERO)
        self._counted(["", self.say.translate("Total"), self._money(total)], list(sums.values()), weight="B")
        handed = [self._money(unit * count) for unit, count in sums.items()]
        self._counted(["", self.say.translate("Worth"), ""], handed)
        left = total - sum((unit * count for unit, count in sums.items()), ZERO)
        if left:
            said = self.say.translate("No coin is small enough for %(amount)s of it.", amount=self._money(left))
            self.pages.text(LEFT, self.y + 5, said, RIGHT - LEFT, colour=RED)

    def _counted_heads(self, used: list[Decimal]) -> None:
        say = self.say
        title = say.translate("Notes and coins, %(currency)s", currency=self.document.currency)
        self.pages.text(LEFT, self.y + 3, title, RIGHT - LEFT, size=11, weight="B")
        self.y += 6
        self.pages.fill(LEFT, self.y, RIGHT - LEFT, _COUNT_ROW)
        heads = [say.translate("No."), say.translate("Name"), say.translate("To pay")]
        units = [f"{unit:f}" if unit >= 1 else money(unit, self.document.currency, say) for unit in used]
        self._counted(heads, units, weight="B")

    def _counted(self, head: list[str], cells: list[int] | list[str], *, weight: str = "") -> None:
        y, x = self.y + 4.4, LEFT
        for text, width in zip(head, (8.0, 62.0, 30.0), strict=True):
            align = _align(width < 60)
            self.pages.text(x + 1, y, text, width - 2, size=8.5, weight=weight, align=align)
            x += width
        share = min(22.0, (RIGHT - x) / len(cells))
        for cell in cells:
            self.pages.text(x, y, str(cell or ""), share - 1, size=8.5, weight=weight, align="right")
            x += share
        self.y += _COUNT_ROW
        self.pages.lines([(LEFT, self.y, RIGHT, self.y)], 0.1)


def money(amount: Decimal | None, currency: str, words: Words) -> str:
    """The amount as the language writes it, without its currency; nothing for none."""
    if amount is None:
        return ""
    digits = -int(smallest_unit(currency).as_tuple().exponent)
    return words.decimal(amount, digits)


def _align(is_number: bool) -> Align | None:
    return "right" if is_number else None
