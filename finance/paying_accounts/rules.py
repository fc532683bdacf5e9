"""The columns that a bank list may have. Pure."""

from collections.abc import Sequence
from enum import StrEnum

from core.errors import N_


class BankColumn(StrEnum):
    """A column of the bank list; a project chooses which and in which order."""

    number = "number"
    name = "name"
    iban = "iban"
    account = "account"
    bank = "bank"
    bic = "bic"
    amount = "amount"
    currency = "currency"
    explanation = "explanation"
    reference = "reference"
    date = "date"


BANK_COLUMNS = {
    BankColumn.number: N_("No."),
    BankColumn.name: N_("Account holder"),
    BankColumn.iban: N_("IBAN"),
    BankColumn.account: N_("Account number"),
    BankColumn.bank: N_("Bank"),
    BankColumn.bic: N_("BIC"),
    BankColumn.amount: N_("Amount"),
    BankColumn.currency: N_("Currency"),
    BankColumn.explanation: N_("Explanation"),
    BankColumn.reference: N_("Reference"),
    BankColumn.date: N_("Date"),
}
USUAL_COLUMNS: Sequence[BankColumn] = (
    BankColumn.number,
    BankColumn.name,
    BankColumn.iban,
    BankColumn.amount,
    BankColumn.currency,
    BankColumn.explanation,
)
