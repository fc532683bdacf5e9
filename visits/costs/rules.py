"""The European Union's unit cost of a return journey, by the distance of its first and last place.

Flights are measured from the first airport to the last one, never leg by leg nor from town to town; railways from
station to station. On the sphere, rounded half up to whole kilometres, then the table.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from visits.places.rules import Place, half_up, km_between
from visits.travel_settings import DEFAULTS, TravelSettings
from visits.travel_types import TravelLeg, place_label

# Commission decision C(2021)35, annex. C(2023)4928 holds for calls opened from 2023-07-26: its figures are not in here.
FILE = Path(__file__).parent / "eu_unit_cost_travel.csv"


@dataclass(frozen=True)
class DistanceBand:
    """Both ends belong to it; the last band has no end. `amount` is in euros for a return journey."""

    decision: str
    opened_before: date
    first_km: int
    last_km: int | None
    amount: int


@dataclass(frozen=True)
class MeasuredDistance:
    """What was measured, kept beside the amount. `edge_km` is the edge of a band that lies near, `other_amount` what it
    would be on its other side: there the figure of the Commission's own calculator decides."""

    origin: str
    destination: str
    origin_at: tuple[float, float]
    destination_at: tuple[float, float]
    km: int
    amount: int | None
    decision: str
    edge_km: int | None = None
    other_amount: int | None = None


@cache
def bands() -> Sequence[DistanceBand]:
    with FILE.open(encoding="utf-8") as file:
        return [
            DistanceBand(
                row["decision"],
                date.fromisoformat(row["calls_opened_before"]),
                int(row["distance_from_km"]),
                int(row["distance_to_km"]) if row["distance_to_km"] else None,
                int(row["return_trip_eur"]),
            )
            for row in csv.DictReader(file)
        ]


def unit_cost(km: int, table: Sequence[DistanceBand] | None = None) -> int | None:
    """Euros for whole kilometres; None below the first band."""
    for band in bands() if table is None else table:
        if band.first_km <= km and (band.last_km is None or km <= band.last_km):
            return band.amount
    return None


def near_edge(km: int, within: int = DEFAULTS.edge_km, table: Sequence[DistanceBand] | None = None) -> int | None:
    """The end of a band that is so near that another source of positions may give another amount.

    An edge is named by the first kilometre of the band above it.
    """
    edges = [band.first_km for band in (bands() if table is None else table)]
    near = [edge for edge in edges if abs(km - edge) <= within or abs(km - (edge - 1)) <= within]
    return min(near, key=lambda edge: abs(km - edge), default=None)


def measure(
    origin: Place, destination: Place, *, calculated_km: int | None = None, settings: TravelSettings = DEFAULTS
) -> MeasuredDistance | None:
    """Between the first and the last place; None where one has no position.

    `calculated_km` is the figure of the Commission's calculator: where somebody entered it, it holds.
    """
    exact = km_between(origin, destination)
    if exact is None or origin.position is None or destination.position is None:
        return None
    km = half_up(exact) if calculated_km is None else calculated_km
    edge = near_edge(km, settings.edge_km) if calculated_km is None else None
    other = None if edge is None else unit_cost(edge - 1 if km >= edge else edge)
    named = place_label(origin), place_label(destination)
    ends = origin.position, destination.position
    return MeasuredDistance(*named, *ends, km, unit_cost(km), bands()[0].decision, edge, other)


def ends_of(way_there: Sequence[TravelLeg]) -> tuple[Place, Place] | None:
    """The first and last place of the way there, in the order in which it is travelled."""
    return (way_there[0].origin, way_there[-1].destination) if way_there else None
