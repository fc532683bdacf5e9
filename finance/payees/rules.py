"""How somebody is paid: what has to be known, what is shown of a number, and where SEPA reaches. Pure."""

from enum import StrEnum
from typing import Protocol

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from core.errors import N_


class PayMethod(StrEnum):
    """How a person is paid; `waived` is who asks for no payment."""

    bank = "bank"
    cash = "cash"
    waived = "waived"


def wants_cash(method: PayMethod | None) -> bool:
    """Who told nothing is paid in cash."""
    return method in (None, PayMethod.cash)


PAY_METHODS = {
    PayMethod.bank: N_("To a bank account"),
    PayMethod.cash: N_("In cash"),
    PayMethod.waived: N_("I ask for no payment"),
}
# As for who reads it of somebody else.
PAID_HOW = {
    PayMethod.bank: N_("Bank account"),
    PayMethod.cash: N_("In cash"),
    PayMethod.waived: N_("Asks for no payment"),
}
# As the table of daily amounts names them (finance/rates/tables/tr_6245_domestic.csv).
GRADES = {
    "Speaker of the Assembly and Vice-President": N_("Speaker of the Assembly and Vice-President"),
    "ministers; presidents of high courts; generals": N_("Ministers, presidents of high courts, generals"),
    "supplementary indicator 8000 and above": N_("Supplementary indicator 8000 and above"),
    "supplementary indicator 6400 to below 8000": N_("Supplementary indicator 6400 to below 8000"),
    "supplementary indicator 3600 to below 6400": N_("Supplementary indicator 3600 to below 6400"),
    "cadre grades 1-4": N_("Cadre grades 1–4"),
    "cadre grades 5-15": N_("Cadre grades 5–15"),
}


class MissingOfPayee(StrEnum):
    """What stands in the way of paying somebody."""

    everything = "everything"
    holder = "holder"
    account = "account"


MISSING_OF_PAYEE = {
    MissingOfPayee.everything: N_("nothing entered yet"),
    MissingOfPayee.holder: N_("holder of the account"),
    MissingOfPayee.account: N_("account number"),
}


class SepaProblem(StrEnum):
    """Why a SEPA credit transfer does not reach somebody."""

    no_account = "no-account"
    no_iban = "no-iban"
    not_in_sepa = "not-in-sepa"


class PayeeAccount(Protocol):
    """As much of what is known of a payee as decides how they are paid."""

    method: PayMethod
    holder: str
    iban: str
    domestic_account: str


def missing_of(details: PayeeAccount | None) -> list[MissingOfPayee]:
    """What is missing to pay somebody; empty where all is there, or where they ask for no payment."""
    if details is None:
        return [MissingOfPayee.everything]
    if details.method is not PayMethod.bank:
        return []
    lacks = {
        MissingOfPayee.holder: not details.holder,
        MissingOfPayee.account: not (details.iban or details.domestic_account),
    }
    return [what for what, is_so in lacks.items() if is_so]


def sepa_problem(details: PayeeAccount) -> SepaProblem | None:
    """Why a SEPA credit transfer cannot pay this account; None where it can.

    Countries in SEPA are those of the European Payments Council's list (EPC409-09) as schwifty has it; Türkiye is
    none. An IBAN that is none counts as not there.
    """
    if details.method is not PayMethod.bank or not (details.iban or details.domestic_account):
        return SepaProblem.no_account
    if not details.iban:
        return SepaProblem.no_iban
    try:
        return None if IBAN(details.iban).in_sepa_zone else SepaProblem.not_in_sepa
    except SchwiftyException:
        return SepaProblem.no_iban


def masked_account(number: str) -> str:
    """All but the last four letters hidden, and of an IBAN its country; a short number wholly."""
    if len(number) < 8:
        return "••••" if number else ""
    country = f"{number[:2]}•• " if number[:2].isalpha() else ""
    return f"{country}•••• {number[-4:]}"
