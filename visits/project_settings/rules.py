"""Names and bounds of the numbers that a project may set. Pure."""

from collections.abc import Mapping
from dataclasses import fields

from core.errors import N_
from visits.travel_settings import DEFAULTS, TravelSettings

# In the order of the page: heading, then what each number is called. Minutes, unless the name says otherwise.
GROUPS: Mapping[str, Mapping[str, str]] = {
    N_("Connections, in minutes"): {
        "connect_domestic": N_("Flight to flight, both domestic"),
        "connect_international": N_("Flight to flight, one across a border"),
        "connect_into_schengen": N_("First entry into the Schengen area and on"),
        "connect_two_bookings": N_("More, where both are not one booking"),
        "connect_other_airport": N_("To another airport of the city"),
        "connect_from_flight": N_("Flight to train, bus or ferry"),
        "connect_from_flight_border": N_("The same after a border"),
        "connect_to_flight": N_("Train, bus or ferry to a flight across a border"),
        "connect_to_flight_domestic": N_("The same to a domestic flight"),
        "connect_train": N_("Train to train"),
        "connect_bus": N_("Bus to bus"),
        "connect_ferry": N_("Ferry to ferry"),
        "tight_within": N_("Called tight if no more is left than"),
        "long_wait": N_("Called a long wait from"),
    },
    N_("On arrival and departure, in minutes"): {
        "settle": N_("From the hotel to the first session"),
        "exit_flight_border": N_("Out of the airport after a border"),
        "exit_flight": N_("Out of the airport after a domestic flight"),
        "exit_train": N_("Out of a railway station"),
        "exit_bus": N_("Out of a bus station"),
        "exit_ferry": N_("Out of a port"),
        "lead_flight_border": N_("At the airport before a flight across a border"),
        "lead_flight": N_("At the airport before a domestic flight"),
        "lead_train": N_("At the station before a train"),
        "lead_bus": N_("At the station before a bus"),
        "lead_ferry": N_("At the port before a ferry"),
        "longest_wait": N_("Nobody waits for a vehicle longer than"),
    },
    N_("Days, hours and distances"): {
        "late_arrival_hour": N_("An arrival is late for the hotel from, hour"),
        "outside_days": N_("Legs may lie outside the visit by, days"),
        "visa_error_days": N_("A missing visa is an error from so many days before"),
        "own_rule_months": N_("A passport lasts so many months after the return"),
        "edge_km": N_("A distance is near the edge of a band within, km"),
        "train_km_per_hour": N_("No train is faster than, km/h"),
        "bus_km_per_hour": N_("No bus is faster than, km/h"),
    },
}
NAMES = [name for group in GROUPS.values() for name in group]
MOST = 2000


def changed(values: Mapping[str, int | None]) -> dict[str, int]:
    """Those that differ from the usual ones."""
    return {name: value for name, value in values.items() if value is not None and value != getattr(DEFAULTS, name)}


def values_of(settings: TravelSettings) -> dict[str, int]:
    """All numbers that a project may set, by name."""
    return {one.name: getattr(settings, one.name) for one in fields(settings) if one.name in NAMES}
