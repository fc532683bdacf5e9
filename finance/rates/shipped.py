"""The rate tables that come with Heyet, read from finance/rates/tables, and how sure each is.

Nobody pays by them unseen: finance takes a table over through the import, where its source and confidence stand.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from core.errors import N_
from finance.rates.rules import Confidence, PlaceRate, RateScope

TABLES = Path(__file__).parent / "tables"


@dataclass(frozen=True)
class ShippedTable:
    """`rule_set` pays by it, `scope` is what `valid_from` is compared with, `renewed` its usual rhythm in months."""

    rule_set: str
    file: str
    source: str
    confidence: Confidence
    scope: RateScope = RateScope.travel
    renewed: int = 12

    def rows(self) -> Sequence[PlaceRate]:
        return _READERS[self.file](_read(self.file))


SHIPPED = (
    ShippedTable(
        "eu_external",
        "eu_external_2024.csv",
        N_("INTPA per diem rates of 2024-11-08, adapted to C(2024)5405, as transcribed in a public repository"),
        Confidence.secondary,
        scope=RateScope.contract,
        renewed=24,
    ),
    ShippedTable(
        "de_bmf",
        "bmf_2023_2026.csv",
        N_("BMF letters for 2023 to 2026, as carried by pauschbetrag-api 1.2.20260101"),
        Confidence.secondary,
    ),
    ShippedTable(
        "eu_missions",
        "eu_missions_2006.csv",
        N_("Regulations 1066/2006 and 337/2007, in force until 2016-09-09; Romania was not readable"),
        Confidence.history,
        renewed=60,
    ),
    ShippedTable(
        "eu_experts",
        "eu_experts.csv",
        N_("JRC and Maritime Forum pages on allowances of experts, undated; the 100 for a night is recalled"),
        Confidence.secondary,
        renewed=60,
    ),
    ShippedTable(
        "us_gsa",
        "us_gsa_standard.csv",
        N_("Bulletin FTR 26-01: standard rate of fiscal years 2025 and 2026"),
        Confidence.exact,
    ),
    ShippedTable(
        "tr_6245",
        "tr_6245_domestic.csv",
        N_("Budget law table H of 2019, 2023, 2025 and two rows of 2026, from the sites named in the rows"),
        Confidence.secondary,
    ),
)


@cache
def _read(file: str) -> Sequence[Mapping[str, str]]:
    with (TABLES / file).open(encoding="utf-8", newline="") as opened:
        return tuple(csv.DictReader(opened))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _place_rows(amounts: Mapping[str, str]) -> Callable[[Sequence[Mapping[str, str]]], list[PlaceRate]]:
    """A reader of tables with one row for each place; `amounts` says which column is which amount."""

    def read(rows: Sequence[Mapping[str, str]]) -> list[PlaceRate]:
        return [
            PlaceRate(
                row["country"],
                {name: Decimal(row[column]) for name, column in amounts.items() if row[column]},
                row.get("city", ""),
                currency=row.get("currency", "EUR"),
                valid_from=_day(row["valid_from"]),
                valid_to=_day(row.get("valid_to", "")),
                source=row.get("source", ""),
            )
            for row in rows
        ]

    return read


def _experts(rows: Sequence[Mapping[str, str]]) -> list[PlaceRate]:
    whole = Decimal(next(row["amount_eur"] for row in rows if row["condition"].startswith("more than")))
    return [PlaceRate("", {"amount": whole, "night": Decimal(100)}, source=rows[0]["source"])]


def _gsa_standard(rows: Sequence[Mapping[str, str]]) -> list[PlaceRate]:
    return [
        with_meals_of_tier(
            PlaceRate(
                "US",
                {"amount": Decimal(row["mie_usd"]), "lodging_max": Decimal(row["lodging_max_usd"])},
                currency="USD",
                valid_from=_day(row["valid_from"]),
                valid_to=_day(row["valid_to"]),
            )
        )
        for row in rows
    ]


def _turkish(rows: Sequence[Mapping[str, str]]) -> list[PlaceRate]:
    return [
        PlaceRate(
            "TR",
            {"amount": Decimal(row["daily_try"])},
            grade=row["grade"],
            currency="TRY",
            valid_from=date(int(row["year"]), 1, 1),
            valid_to=date(int(row["year"]), 12, 31),
            source=row["source"],
        )
        for row in rows
    ]


_READERS: Mapping[str, Callable[[Sequence[Mapping[str, str]]], Sequence[PlaceRate]]] = {
    "eu_external_2024.csv": _place_rows({"amount": "amount"}),
    "bmf_2023_2026.csv": _place_rows(
        {"amount": "full_day_eur", "full": "full_day_eur", "partial": "partial_day_eur", "overnight": "overnight_eur"}
    ),
    "eu_missions_2006.csv": _place_rows({"amount": "daily_allowance_eur", "hotel_ceiling": "hotel_ceiling_eur"}),
    "eu_experts.csv": _experts,
    "us_gsa_standard.csv": _gsa_standard,
    "tr_6245_domestic.csv": _turkish,
}


@dataclass(frozen=True)
class LodgingStep:
    """From one night to another (both belong to it) a hotel bill may reach so much of the daily amount."""

    year: int
    first_night: int
    last_night: int
    percent: Decimal


@cache
def turkish_lodging() -> Sequence[LodgingStep]:
    """What part of the daily amount a hotel bill may reach, by year and number of the night."""
    return tuple(
        LodgingStep(int(row["year"]), int(row["from_day"]), int(row["to_day"]), Decimal(row["percent_of_daily"]))
        for row in _read("tr_6245_lodging.csv")
    )


def with_meals_of_tier(row: PlaceRate) -> PlaceRate:
    """An American rate with the amounts of its tier's meals, where it brings none and there is such a tier."""
    if "lunch" in row.amounts:
        return row
    for tier in _read("us_gsa_mie.csv"):
        if Decimal(tier["total_usd"]) == row.amounts["amount"]:
            names = ("breakfast", "lunch", "dinner", "incidentals")
            return replace(row, amounts={**row.amounts, **{name: Decimal(tier[f"{name}_usd"]) for name in names}})
    return row
