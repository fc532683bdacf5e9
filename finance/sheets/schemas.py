"""Per diems as programs see them. Amounts are decimal strings."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.money import Money
from core.text import Prose
from finance.rules.eu_external import NightAmount
from finance.sheets.documents import Claim, PersonRow, rows_of, sentence, total_of
from finance.sheets.models import PerDiemSheet
from finance.sheets.rules import SheetState


def _text(money: Money) -> str:
    """With as many decimals as the currency has minor units."""
    return str(money.rounded().amount)


class NightOut(BaseModel):
    """One night with the sentence that explains it."""

    night: date
    country: str
    city: str
    rate: str
    counts: bool
    deductions: dict[str, str]
    amount: str
    why: str

    @classmethod
    def of(cls, line: NightAmount, language: str) -> "NightOut":
        return cls(
            night=line.night.day,
            country=line.night.country,
            city=line.night.city,
            rate=_text(line.rate),
            counts=line.counts,
            deductions={component: _text(money) for component, money in line.deductions.items()},
            amount=_text(line.amount),
            why=sentence(line, language),
        )


class ClaimOut(BaseModel):
    """One person's per diem."""

    registration_id: UUID
    name: str
    institution: str
    nights: int
    gross: str
    bed: str
    meals: str
    net: str
    lines: list[NightOut]

    @classmethod
    def of(cls, row: PersonRow, language: str) -> "ClaimOut":
        return cls(
            registration_id=row.registration_id,
            name=row.name,
            institution=row.institution,
            nights=row.nights,
            gross=_text(row.gross),
            bed=_text(row.bed),
            meals=_text(row.meals),
            net=_text(row.net),
            lines=[NightOut.of(line, language) for line in row.lines],
        )


class SheetOut(BaseModel):
    """The sheet of one currency; `state` is empty while it is still a draft."""

    currency: str
    state: SheetState | None
    version: int
    total: str
    people: list[ClaimOut]

    @classmethod
    def of(cls, currency: str, sheet: PerDiemSheet | None, claims: Sequence[Claim], language: str) -> "SheetOut":
        return cls(
            currency=currency,
            state=sheet.state if sheet else None,
            version=sheet.version if sheet else 0,
            total=_text(total_of(claims, currency)),
            people=[ClaimOut.of(row, language) for row in rows_of(claims)],
        )


class ReturnIn(BaseModel):
    """Why a sheet goes back."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[Prose, Field(min_length=1, max_length=500)]
