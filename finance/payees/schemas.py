"""What is entered of a payee, and how it is shown."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException
from schwifty.registry import get_iban_spec

from core.codes import Country
from core.errors import N_
from core.paging import Paging, sorting
from core.text import Blank, Line, wrong
from finance.payees.models import PayeeDetails
from finance.payees.rules import (
    GRADES,
    MissingOfPayee,
    PayMethod,
    SepaProblem,
    masked_account,
    missing_of,
    sepa_problem,
)
from visits.cost_lines.schemas import Currency

# What payees may stand by.
PayeePaging = Annotated[Paging, sorting("name", "institution", "how", "missing")]


def _iban(text: str) -> str:
    if not text:
        return ""
    try:
        return str(IBAN(text, validate_bban=True))
    except (SchwiftyException, ValueError):
        raise wrong(N_("This is no IBAN: please check its digits. A Turkish one is TR and 24 digits.")) from None


def _bic(text: str) -> str:
    if not text:
        return ""
    try:
        return str(BIC(text))
    except (SchwiftyException, ValueError):
        raise wrong(N_("This is no BIC: it has 8 or 11 letters and digits, like TCZBTR2A.")) from None


def _grade(text: str) -> str:
    if text and text not in GRADES:
        raise wrong(N_("Please choose a grade of the list."))
    return text


def _has_ibans(country: str) -> bool:
    try:
        get_iban_spec(country)
    except SchwiftyException:
        return False
    return True


Iban = Annotated[Line, Field(max_length=42), AfterValidator(_iban)]
Bic = Annotated[Line, Field(max_length=14), AfterValidator(_bic)]


class PayeeIn(BaseModel):
    """How somebody is paid. A number that is left out or empty stays as it is: whoever changes the rest does not see
    it. `domestic_account`, with the bank and its country, is for countries whose accounts have no IBAN."""

    model_config = ConfigDict(extra="forbid")

    method: PayMethod = PayMethod.bank
    holder: Annotated[Line, Field(max_length=120)] = ""
    iban: Iban = ""
    bic: Bic = ""
    bank_name: Annotated[Line, Field(max_length=120)] = ""
    bank_country: Annotated[Country | None, Blank] = None
    domestic_account: Annotated[Line, Field(max_length=60)] = ""
    account_currency: Annotated[Currency | None, Blank] = None
    grade: Annotated[Line, AfterValidator(_grade)] = ""
    home_country: Annotated[Country | None, Blank] = None
    home_city: Annotated[Line, Field(max_length=80)] = ""

    @field_validator("domestic_account")
    @classmethod
    def _where_there_is_no_iban(cls, number: str, others: ValidationInfo) -> str:
        if not number:
            return number
        if others.data.get("iban"):
            raise wrong(N_("Please write either an IBAN or a number without one."))
        country = others.data.get("bank_country")
        if not country:
            raise wrong(N_("Please choose the country of the bank too."))
        if _has_ibans(country):
            raise wrong(N_("Accounts in this country have an IBAN: please write that."))
        return number


class PayeeOut(BaseModel):
    """What is known of one payee; numbers are masked unless they were asked for whole. Whoever may not see accounts is
    told what is missing and nothing else of them."""

    registration_id: UUID
    method: PayMethod | None
    holder: str = ""
    iban: str = ""
    bic: str = ""
    bank_name: str = ""
    bank_country: str = ""
    domestic_account: str = ""
    account_currency: str = ""
    grade: str = ""
    home_country: str = ""
    home_city: str = ""
    missing: list[MissingOfPayee]
    sepa_problem: SepaProblem | None = None
    is_own: bool = False
    revision: int = 0

    @classmethod
    def of(
        cls, registration_id: UUID, details: PayeeDetails | None, *, is_shown: bool, is_whole: bool = False
    ) -> "PayeeOut":
        missing = missing_of(details)
        if details is None:
            return cls(registration_id=registration_id, method=None, missing=missing)
        told: dict[str, Any] = {"method": details.method, "grade": details.grade, "home_country": details.home_country}
        told |= {"is_own": details.entered_by is None, "revision": details.revision}
        if is_shown:
            names = ("holder", "bic", "bank_name", "bank_country", "account_currency", "home_city")
            told |= {name: getattr(details, name) for name in names}
            for name in ("iban", "domestic_account"):
                number = getattr(details, name)
                told[name] = number if is_whole else masked_account(number)
            told["sepa_problem"] = sepa_problem(details)
        return cls(registration_id=registration_id, missing=missing, **told)


class PayeeRowOut(PayeeOut):
    """The same with the person's name, as a list has it."""

    name: str
    institution: str

    @classmethod
    def of_person(cls, shown: PayeeOut, name: str, institution: str) -> "PayeeRowOut":
        return cls(**shown.model_dump(), name=name, institution=institution)
