"""What a bank gets: a SEPA file, and a list for transfers at home; and what the books get. From plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from xml.etree import ElementTree

from sepaxml import SepaTransfer
from sepaxml.validation import ValidationError, try_valid_xml

from core.documents.sheets import Ending, csv_bytes, table_file
from core.errors import N_, Refusal
from core.i18n import words
from finance.paying_accounts.rules import BANK_COLUMNS, BankColumn

SCHEMA = "pain.001.001.09"
_NAMESPACE = f"{{urn:iso:std:iso:20022:tech:xsd:{SCHEMA}}}"


class NoSepaFile(Refusal):
    status = 409
    code = "no-sepa-file"
    title = N_("The file does not fit the rules of SEPA: please check the names and accounts of this batch.")


@dataclass(frozen=True)
class TransferRow:
    """One payment as a bank reads it. `reference` is its own and stays the same in every file."""

    number: int
    name: str
    amount: Decimal
    currency: str
    reference: str
    explanation: str
    iban: str = ""
    bic: str = ""
    bank: str = ""
    account: str = ""


@dataclass(frozen=True)
class TransferFile:
    """A batch as a bank reads it. `id` and `made_at` are the batch's own, so that a second file is the same."""

    id: str
    made_at: datetime
    executes_on: date
    debtor: str
    debtor_iban: str
    debtor_bic: str
    currency: str
    rows: Sequence[TransferRow]


def sepa_file(file: TransferFile) -> bytes:
    """pain.001.001.09 of payments in euro, checked against the schema that sepaxml brings.

    sepaxml makes identifiers and the moment anew each time; they are replaced by the batch's own. IBANs are checked
    before, for the schema takes any. Raises NoSepaFile.
    """
    config = {"name": file.debtor, "IBAN": file.debtor_iban, "batch": True, "currency": "EUR"}
    if file.debtor_bic:
        config["BIC"] = file.debtor_bic
    transfer = SepaTransfer(config, schema=SCHEMA, clean=True)
    for row in file.rows:
        payment = {
            "name": row.name,
            "IBAN": row.iban,
            "amount": int(row.amount * 100),
            "execution_date": file.executes_on,
            "description": row.explanation,
            "endtoend_id": row.reference,
        }
        transfer.add_payment(payment | ({"BIC": row.bic} if row.bic else {}))
    # What was written a line above, not what somebody sent.
    root = ElementTree.fromstring(transfer.export(validate=False))  # noqa: S314
    for path, text in (
        (f".//{_NAMESPACE}MsgId", file.id),
        (f".//{_NAMESPACE}PmtInfId", file.id),
        (f".//{_NAMESPACE}CreDtTm", f"{file.made_at:%Y-%m-%dT%H:%M:%S}Z"),
    ):
        for found in root.iterfind(path):
            found.text = text
    # The bank of the payer has to stand there (EPC132-08, Debtor Agent): where nobody knows its BIC, as not provided.
    for bank in root.iterfind(f".//{_NAMESPACE}DbtrAgt/{_NAMESPACE}FinInstnId"):
        if not len(bank):
            other = ElementTree.SubElement(bank, f"{_NAMESPACE}Othr")
            ElementTree.SubElement(other, f"{_NAMESPACE}Id").text = "NOTPROVIDED"
    ElementTree.register_namespace("", _NAMESPACE[1:-1])
    content: bytes = b'<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, "utf-8")
    try:
        try_valid_xml(content, SCHEMA)
    except ValidationError:
        raise NoSepaFile() from None
    return content


def bank_list_file(
    file: TransferFile, columns: Sequence[BankColumn], language: str, ending: Ending, *, is_for_people: bool = False
) -> tuple[bytes, str]:
    """A list for EFT, FAST and transfers abroad in the columns that the bank asks for, and its media type. For people
    its amounts are written as their language does."""
    say = words(language)
    rows: list[list[object]] = [[say.translate(BANK_COLUMNS[column]) for column in columns]]
    rows += [[_value(file, row, column) for column in columns] for row in file.rows]
    return table_file(say.translate("Payments"), rows, ending, say.decimal_mark if is_for_people else ".")


def _value(file: TransferFile, row: TransferRow, column: BankColumn) -> str | int | Decimal | date:
    values: dict[BankColumn, str | int | Decimal | date] = {
        BankColumn.number: row.number,
        BankColumn.name: row.name,
        BankColumn.iban: row.iban,
        BankColumn.account: row.account,
        BankColumn.bank: row.bank,
        BankColumn.bic: row.bic,
        BankColumn.amount: row.amount,
        BankColumn.currency: row.currency,
        BankColumn.explanation: row.explanation,
        BankColumn.reference: row.reference,
        BankColumn.date: file.executes_on,
    }
    return values[column]


@dataclass(frozen=True)
class BookedRow:
    """One entry for the books: what was paid of one sheet to one person, by what it was for."""

    project: str
    event: str
    budget_line: str
    account: str
    contra_account: str
    amount: Decimal
    currency: str
    paid_on: date | None
    document: str
    text: str


HEADINGS = (
    "project",
    "event",
    "budget_line",
    "account",
    "contra_account",
    "amount",
    "currency",
    "date",
    "document",
    "text",
)


def accounting_csv(rows: Sequence[BookedRow]) -> bytes:
    """Entries as an accounting program takes them; names of columns are codes, no person is named."""
    lines: list[list[object]] = [list(HEADINGS)]
    for row in rows:
        paid_on = row.paid_on.isoformat() if row.paid_on else ""
        lines.append(
            [
                row.project,
                row.event,
                row.budget_line,
                row.account,
                row.contra_account,
                row.amount,
                row.currency,
                paid_on,
                row.document,
                row.text,
            ]
        )
    return csv_bytes(lines)
