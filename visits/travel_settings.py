"""The numbers that the checks go by. All are proposals of ours: a project sets its own, and findings name them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TravelSettings:
    """Minutes, unless the name says otherwise."""

    # Connections: what is needed between two legs.
    connect_domestic: int = 45
    connect_international: int = 75
    connect_into_schengen: int = 90
    connect_two_bookings: int = 60
    connect_other_airport: int = 240
    connect_from_flight: int = 60
    connect_from_flight_border: int = 90
    connect_to_flight: int = 120
    connect_to_flight_domestic: int = 90
    connect_train: int = 10
    connect_bus: int = 15
    connect_ferry: int = 30
    tight_within: int = 15
    long_wait: int = 240
    # Durations of flights: usual = taxi + km / speed; allowed from low × usual to high × usual + more.
    flight_taxi: int = 40
    flight_km_per_minute: float = 13.5
    flight_low: float = 0.75
    flight_high: float = 1.5
    flight_more: int = 30
    train_km_per_hour: int = 320
    bus_km_per_hour: int = 130
    # From the way in to the first session, from the last session to the way out.
    settle: int = 30
    exit_flight_border: int = 60
    exit_flight: int = 30
    exit_train: int = 10
    exit_bus: int = 10
    exit_ferry: int = 30
    lead_flight_border: int = 150
    lead_flight: int = 105
    lead_train: int = 25
    lead_bus: int = 20
    lead_ferry: int = 60
    # Boarding of a vehicle, by people: up to so many, so many minutes.
    boarding: tuple[tuple[int, int], ...] = ((8, 10), (20, 15), (50, 20))
    first_entry: int = 30
    longest_wait: int = 60
    late_arrival_hour: int = 22
    # Days.
    outside_days: int = 2
    visa_error_days: int = 14
    far_airport_km: int = 50
    edge_km: int = 10
    own_rule_months: int = 6


DEFAULTS = TravelSettings()
