"""The first tab: one row for each person, whose sums point to their lines, and who signs for all of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from core.errors import N_
from core.i18n import words
from core.money import smallest_unit
from finance.rules.lines import ZERO, PayLine
from finance.sheet_files.line_sheets import PersonRows
from finance.sheet_files.rules import BED, COSTS, SIGNATURE_ROLES, SheetDocument
from finance.sheet_files.texts import exchange_of, grade_in, heading_of, missing_of, number_of
from finance.statements.rules import MEAL_COMPONENTS, ConvertedTotal, PersonStatement

# Points of a row on paper, enough to sign in; of the page's width, and of a letter's.
SIGNING_HEIGHT, _PAGE_WIDTH, _LETTER_WIDTH = 26, 780, 5.8
_HEADS = 6
# Columns of the tabs with lines.
_OF_LINES = {"units": "F", "gross": "I", "bed": "P", "meals": "Q:S", "received": "T", "costs": "U"}


@dataclass(frozen=True)
class SummaryFormats:
    """Of cells; `money` and `total` by currency."""

    title: Any
    plain: Any
    head: Any
    cell: Any
    count: Any
    number: Any
    rate: Any
    open: Any
    line: Any
    money: Callable[[str], Any]
    total: Callable[[str], Any]


@dataclass(frozen=True)
class _Column:
    key: str
    title: str
    width: int
    currency: str = ""
    is_summed: bool = False


class SummarySheet:
    """Written from top to bottom, a row as soon as the person's lines are written."""

    def __init__(self, sheet: Any, document: SheetDocument, formats: SummaryFormats) -> None:
        self.sheet, self.document, self.formats = sheet, document, formats
        self.words = words(document.language)
        self.currencies = document.line_currencies
        self.columns = self._columns()
        self.letters = {(one.key, one.currency): xl_col_to_name(at) for at, one in enumerate(self.columns)}
        self.money = {code: formats.money(code) for code in {document.currency, *self.currencies}}
        self._row = _HEADS + 1
        self._sums: dict[int, Decimal] = {at: ZERO for at, one in enumerate(self.columns) if one.is_summed}
        self._exchange: dict[str, None] = {}
        # A sheet wider than its page is printed smaller: its rows are higher by as much.
        width = sum(one.width for one in self.columns) * _LETTER_WIDTH
        self.height = min(SIGNING_HEIGHT * max(1.0, width / _PAGE_WIDTH), 80.0)
        self._head()

    @property
    def is_converted(self) -> bool:
        """Whether lines are in another currency than the payment."""
        return self.currencies != [self.document.currency]

    def _columns(self) -> list[_Column]:
        document, pay = self.document, self.document.currency
        people = document.statements
        columns = [_Column("number", N_("No."), 5), _Column("name", N_("Name"), 26)]
        columns.append(_Column("institution", N_("Institution"), 24))
        if any(one.grade for one in people):
            columns.append(_Column("grade", N_("Grade"), 18))
        for code in self.currencies:
            columns += self._columns_of(code)
        wanted = [
            ("adjusted", N_("Adjustments"), any(one.adjustments for one in people)),
            ("earned", N_("Earned"), True),
            ("previous", N_("Version before"), bool(document.previous)),
            ("difference", N_("Difference"), bool(document.previous)),
            ("earlier", N_("Paid earlier"), any(one.earlier for one in people)),
            ("advances", N_("Advances"), any(one.advances for one in people)),
            ("to_pay", N_("To pay"), True),
            ("to_return", N_("To be returned"), any(one.to_return for one in people)),
        ]
        columns += [_Column(key, title, 13, pay, is_summed=True) for key, title, is_wanted in wanted if is_wanted]
        return [*columns, _Column("way", N_("Bank or cash"), 9), _Column("signature", N_("Signature"), 30)]

    def _columns_of(self, code: str) -> list[_Column]:
        """Of one currency of rates; what nobody has is left out."""
        lines = [line for one in self.document.statements for line in one.lines if line.currency == code]
        costs = any(line.kind in COSTS for line in lines)
        is_per_diem = not lines or any(line.kind not in COSTS for line in lines)
        wanted = [
            ("units", N_("Nights or days"), 8, is_per_diem),
            ("gross", N_("Gross"), 13, is_per_diem),
            ("bed", N_("Accommodation deduction"), 13, any("bed" in line.deductions for line in lines)),
            ("meals", N_("Meals deduction"), 13, any(line.deductions.keys() - {"bed"} for line in lines)),
            ("received", N_("Received from others"), 13, any(line.received for line in lines)),
            ("costs", N_("Actual costs"), 13, costs),
            ("total", N_("Sum"), 13, self.is_converted),
        ]
        columns = [_Column(key, title, width, code, is_summed=True) for key, title, width, is_on in wanted if is_on]
        if self.is_converted:
            columns.append(_Column("rate", N_("Exchange rate"), 11, code))
            columns.append(_Column("converted", N_("Converted"), 13, code, is_summed=True))
        return columns

    def _head(self) -> None:
        sheet, say, formats = self.sheet, self.words, self.formats
        title = f"{self.document.title} · {number_of(self.document, say)}"
        # One height for all rows but these: heights of single rows would be kept in memory.
        sheet.set_default_row(self.height)
        for row, height in enumerate([20, *[15] * 5, 48]):
            sheet.set_row(row, height)
        sheet.write_string(0, 0, title, formats.title)
        for row, text in enumerate(heading_of(self.document, say), start=1):
            sheet.write_string(row, 0, text, formats.plain)
        for at, column in enumerate(self.columns):
            sheet.set_column(at, at, column.width)
            said = say.translate(column.title)
            shown = f"{said} {column.currency}" if self.is_converted and column.currency else said
            sheet.write_string(_HEADS, at, shown, formats.head)
        sheet.repeat_rows(_HEADS)
        sheet.freeze_panes(_HEADS + 1, 2)

    def add(
        self,
        number: int,
        statement: PersonStatement,
        rows: Mapping[str, PersonRows],
        tabs: Mapping[str, str],
        adjusted: str,
    ) -> None:
        """A person's row; `rows` and `tabs` say by currency where the lines are, `adjusted` is a formula or empty."""
        values: dict[tuple[str, str], Decimal] = {}
        formulas: dict[tuple[str, str], str] = {}
        for code in self.currencies:
            self._of_currency(code, statement, rows[code], tabs[code], values, formulas)
        self._of_payment(statement, adjusted, values, formulas)
        texts = {
            "name": statement.name,
            "institution": statement.institution,
            "grade": grade_in(statement.grade, self.words),
            "way": self.words.translate("Cash") if statement.is_cash else self.words.translate("Bank"),
            "signature": "; ".join(missing_of(statement, self.words)),
        }
        for at, column in enumerate(self.columns):
            self._put(at, column, number, texts, values, formulas)
        self._row += 1

    def _put(
        self,
        at: int,
        column: _Column,
        number: int,
        texts: Mapping[str, str],
        values: Mapping[tuple[str, str], Decimal],
        formulas: Mapping[tuple[str, str], str],
    ) -> None:
        key, sheet, formats = (column.key, column.currency), self.sheet, self.formats
        if column.key == "number":
            sheet.write_number(self._row, at, number, formats.cell)
        elif column.key in texts:
            sheet.write_string(
                self._row, at, texts[column.key], formats.open if column.key == "signature" else formats.cell
            )
        elif key not in values:
            # No empty text: a spreadsheet cannot multiply it.
            if column.key == "to_pay":
                sheet.write_string(self._row, at, self.words.translate("open"), formats.open)
            else:
                sheet.write_blank(self._row, at, None, formats.cell)
        else:
            shape = {"units": formats.number, "rate": formats.rate}.get(column.key) or self.money[column.currency]
            if key in formulas:
                sheet.write_formula(self._row, at, f"={formulas[key]}", shape, float(values[key]))
            else:
                sheet.write_number(self._row, at, float(values[key]), shape)
            if column.is_summed:
                self._sums[at] += values[key]

    def _of_currency(
        self,
        code: str,
        statement: PersonStatement,
        rows: PersonRows,
        tab: str,
        values: dict[tuple[str, str], Decimal],
        formulas: dict[tuple[str, str], str],
    ) -> None:
        """Sums over the person's own rows, and what they come to in the currency of payment."""
        lines = [line for line in statement.lines if line.currency == code]
        amounts = amounts_of(lines)
        n = self._row + 1
        for key, letters in _OF_LINES.items():
            found = {"costs": rows.costs, "units": rows.units}.get(key, rows.per_diems)
            values[key, code] = amounts[key]
            if found:
                formulas[key, code] = f"SUM({found.of(tab, letters)})"
        at = {key: f"{self.letters[key, code]}{n}" for key in _OF_LINES if (key, code) in self.letters}
        signs = {"gross": "", "bed": "-", "meals": "-", "received": "-", "costs": "+"}
        formulas["total", code] = "".join(f"{signs[key]}{cell}" for key, cell in at.items() if key != "units")
        values["total", code] = sum((line.amount for line in lines), ZERO)
        found_total = next((one for one in statement.totals if one.currency == code), None)
        if not self.is_converted or (found_total is None and lines):
            return
        total = found_total or ConvertedTotal(code, ZERO, ZERO)
        if total.source:
            self._exchange[exchange_of(total, self.document.currency, self.words)] = None
        if found_total is not None:
            values["rate", code] = total.factor / total.divisor
        if total.divisor != 1:
            formulas["rate", code] = f"{total.factor}/{total.divisor}"
        digits = -int(smallest_unit(self.document.currency).as_tuple().exponent)
        sum_cell, rate_cell = (f"{self.letters[key, code]}{n}" for key in ("total", "rate"))
        values["converted", code] = total.converted
        formulas["converted", code] = f"ROUND({sum_cell}*{rate_cell},{digits})"

    def _of_payment(
        self,
        statement: PersonStatement,
        adjusted: str,
        values: dict[tuple[str, str], Decimal],
        formulas: dict[tuple[str, str], str],
    ) -> None:
        """What is left to pay or to return; nothing while something is missing."""
        pay, n = self.document.currency, self._row + 1

        def cell(key: str) -> str:
            return f"{self.letters[key, pay]}{n}" if (key, pay) in self.letters else "0"

        values["adjusted", pay] = statement.adjusted
        if adjusted:
            formulas["adjusted", pay] = adjusted
        values["earlier", pay], values["advances", pay] = statement.earlier, statement.advances
        values["previous", pay] = before = self.document.previous.get(statement.registration_id, ZERO)
        if statement.earned is None or statement.to_pay is None or statement.to_return is None:
            return
        if self.is_converted:
            terms = "+".join(f"{self.letters['converted', code]}{n}" for code in self.currencies)
        else:
            terms = formulas["total", pay]
        has_adjustments = ("adjusted", pay) in self.letters
        formulas["earned", pay] = f"MAX(0,{terms}{'+' + cell('adjusted') if has_adjustments else ''})"
        values["earned", pay] = statement.earned
        values["difference", pay] = statement.earned - before
        formulas["difference", pay] = f"{cell('earned')}-{cell('previous')}"
        taken = f"{cell('earlier')}-{cell('advances')}"
        formulas["to_pay", pay] = f"MAX(0,{cell('earned')}-{taken})"
        formulas["to_return", pay] = f"MAX(0,-({cell('earned')}-{taken}))"
        values["to_pay", pay], values["to_return", pay] = statement.to_pay, statement.to_return

    def finish(self) -> None:
        """Sums, exchange rates, who is no longer in it, and the blocks to sign."""
        sheet, formats, row, say = self.sheet, self.formats, self._row, self.words
        not_summed = {"earned", "difference", "to_pay", "to_return", "converted"} if self.document.is_open else set()
        for at, column in enumerate(self.columns):
            if column.is_summed and column.key not in not_summed:
                letter = xl_col_to_name(at)
                sums = f"=SUM({letter}{_HEADS + 2}:{letter}{row})" if row > _HEADS + 1 else "=0"
                shape = formats.count if column.key == "units" else formats.total(column.currency)
                sheet.write_formula(row, at, sums, shape, float(self._sums[at]))
            else:
                said = {"name": say.translate("Total"), "to_pay": say.translate("open")}.get(column.key, "")
                sheet.write_string(row, at, said, formats.head)
        notes = [say.translate("Exchange rate: %(rate)s", rate=one) for one in self._exchange]
        gone = set(self.document.previous) - {one.registration_id for one in self.document.statements}
        if gone:
            amount = sum((self.document.previous[id] for id in gone), ZERO)
            notes.append(
                say.translate(
                    "%(people)s of the version before are not in this one: −%(amount)s",
                    people=len(gone),
                    amount=say.amount(amount, self.document.currency),
                )
            )
        for at, text in enumerate(notes, start=row + 2):
            sheet.write_string(at, 1, text, formats.plain)
        self._sign(row + len(notes) + 3)

    def _sign(self, row: int) -> None:
        """A line for each who answers, with name, moment and room for a signature."""
        for role, title in SIGNATURE_ROLES.items():
            signature = self.document.signature_of(role)
            moment = self.words.stamp(signature.at, self.document.zone) if signature.at else ""
            self.sheet.set_row(row, 1.3 * self.height)
            said = [self.words.translate(title), ", ".join(filter(None, [signature.name, moment]))]
            for column, text in enumerate([*said, "", "", "", ""], start=1):
                self.sheet.write_string(row, column, text, self.formats.line)
            row += 1


def amounts_of(lines: list[PayLine]) -> dict[str, Decimal]:
    """What the columns of a person's row come to in one currency; gross and deductions are of nights, days and periods
    alone, costs what is paid of receipts and unit costs."""
    costs = [line for line in lines if line.kind in COSTS]
    others = [line for line in lines if line.kind not in COSTS]
    meals = (line.deductions.get(name, ZERO) for line in others for name in MEAL_COMPONENTS)
    taken = (line.gross - sum(line.deductions.values(), ZERO) - line.amount for line in others)
    return {
        "units": Decimal(sum(line.gross > 0 and line.kind != BED for line in others)),
        "gross": sum((line.gross for line in others), ZERO),
        "bed": sum((line.deductions.get("bed", ZERO) for line in others), ZERO),
        "meals": sum(meals, ZERO),
        "received": sum(taken, ZERO),
        "costs": sum((line.amount for line in costs), ZERO),
    }
