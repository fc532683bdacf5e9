"""Bands and units as they go in and out, and a table of bands as somebody sends it. Amounts are decimal strings."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from core.documents.tables import Line
from core.errors import N_, Unacceptable
from core.money import Money
from core.paging import Paging, sorting
from core.text import Blank, WholeNumber, wrong
from core.text import Line as LineText
from directory.imports.rules import ListField, find_layout
from finance.unit_costs.models import UnitCostClaim
from finance.unit_costs.rules import LONGEST_KM, MOST_BANDS, UnitBand, overlap_in
from visits.cost_lines.schemas import Amount, CurrencyOfAmount
from visits.costs.rules import MeasuredDistance

# What their list may stand by.
UnitCostPaging = Annotated[Paging, sorting("name", "distance", "proposed", "entered")]

FIELDS = {
    "first_km": ListField(
        N_("From km"), ("from km", "km from", "distance from km", "first km", "ilk km", "km den"), r"\bfrom\b"
    ),
    "last_km": ListField(N_("To km"), ("to km", "km to", "distance to km", "last km", "son km", "km ye"), r"\bto\b"),
    "amount": ListField(
        N_("Amount"), ("amount", "return trip", "return trip eur", "tutar", "birim maliyet"), r"\b(tutar|amount)\b"
    ),
    "currency": ListField(N_("Currency"), ("currency", "para birimi", "doviz"), r"\b(para birimi|currency|doviz)\b"),
    "source": ListField(N_("Source"), ("source", "decision", "kaynak", "dayanak", "karar"), r"\b(source|kaynak)\b"),
}
_NEEDED = {"first_km", "amount", "currency", "source"}
Kilometres = Annotated[WholeNumber, Field(ge=1, le=LONGEST_KM)]


class UnitBandIn(BaseModel):
    """One row of a table of bands; the last one may have no end."""

    first_km: Kilometres
    last_km: Annotated[Kilometres | None, Blank] = None
    amount: Annotated[Amount, Field(gt=0)]
    currency: CurrencyOfAmount
    source: Annotated[LineText, Field(min_length=3, max_length=120)]

    @field_validator("last_km")
    @classmethod
    def _after(cls, last_km: int | None, others: ValidationInfo) -> int | None:
        first = others.data.get("first_km")
        if last_km is not None and first is not None and last_km < first:
            raise wrong(N_("A band ends after it begins."))
        return last_km

    @property
    def band(self) -> UnitBand:
        return UnitBand(self.first_km, self.last_km, Money(self.amount, self.currency), self.source)


class UnitCostIn(BaseModel):
    """The unit of one person's journey: by its distance, or an amount that somebody looked up, with its source."""

    model_config = ConfigDict(extra="forbid")

    distance_km: Annotated[Kilometres | None, Blank] = None
    amount: Annotated[Annotated[Amount, Field(gt=0)] | None, Blank] = None
    currency: CurrencyOfAmount = "EUR"
    source: Annotated[LineText, Field(max_length=120), Field(validate_default=True)] = ""

    @field_validator("source")
    @classmethod
    def _named(cls, source: str, others: ValidationInfo) -> str:
        if others.data.get("amount") is not None and not source:
            raise wrong(N_("Please write which decision or table the amount is from."))
        return source

    @property
    def each(self) -> Money | None:
        """The amount that was typed."""
        return None if self.amount is None else Money(self.amount, self.currency)


class UnitCostsIn(BaseModel):
    """Whose proposed unit is taken over."""

    model_config = ConfigDict(extra="forbid")

    registrations: Annotated[list[UUID], Field(min_length=1, max_length=1000)]


class UnitBandOut(BaseModel):
    """One distance band."""

    first_km: int
    last_km: int | None
    amount: str
    currency: str
    source: str

    @classmethod
    def of(cls, one: UnitBand) -> "UnitBandOut":
        return cls(
            first_km=one.first_km,
            last_km=one.last_km,
            amount=str(one.amount.rounded().amount),
            currency=one.amount.currency,
            source=one.source,
        )


class UnitClaimOut(BaseModel):
    """The unit of one person's journey."""

    registration_id: UUID
    distance_km: int | None
    amount: str
    currency: str
    source: str

    @classmethod
    def of(cls, one: UnitCostClaim) -> "UnitClaimOut":
        return cls(**one.model_dump(include=set(cls.model_fields) - {"amount"}), amount=str(one.amount.amount))


class UnitCostRowOut(BaseModel):
    """A person with the distance that was measured, the band it falls into, and what was entered."""

    registration_id: UUID
    name: str
    measured_km: int | None
    edge_km: int | None
    proposed: UnitBandOut | None
    entered: UnitClaimOut | None

    @classmethod
    def of_person(
        cls,
        registration_id: UUID,
        name: str,
        measured: MeasuredDistance | None,
        proposed: UnitBandOut | None,
        entered: UnitClaimOut | None,
    ) -> "UnitCostRowOut":
        return cls(
            registration_id=registration_id,
            name=name,
            measured_km=measured.km if measured else None,
            edge_km=measured.edge_km if measured else None,
            proposed=proposed,
            entered=entered,
        )


def read_bands(lines: Sequence[Line]) -> list[UnitBand]:
    """All bands of a sheet, or Unacceptable naming the first line that is wrong: half a table is none."""
    layout = find_layout(lines, FIELDS, lambda found: all(name in found for name in _NEEDED))
    if layout is None:
        raise Unacceptable(
            "file", N_("The headings have to name the columns from km, to km, amount, currency, source.")
        )
    found: list[UnitBand] = []
    for line in lines:
        raw: dict[str, Any] = {
            layout.columns[i]: c.text for i, c in enumerate(line.cells) if i in layout.columns and c.text
        }
        if line.number <= layout.heading or not raw:
            continue
        try:
            found.append(UnitBandIn.model_validate(raw).band)
        except ValidationError as error:
            fields = ", ".join(str(one["loc"][0]) for one in error.errors())
            said = N_("Line %(line)s: please check %(fields)s. Nothing was imported.")
            raise Unacceptable("file", said, line=line.number, fields=fields) from None
    if not found:
        raise Unacceptable("file", N_("This file is empty."))
    if len(found) > MOST_BANDS:
        raise Unacceptable("file", N_("More than %(count)s lines are not kept."), count=MOST_BANDS)
    if twice := overlap_in(found):
        raise Unacceptable("file", N_("The band from %(km)s km begins before another has ended."), km=twice.first_km)
    return found
