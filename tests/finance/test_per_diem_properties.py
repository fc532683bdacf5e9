"""What holds for per diems of any journey: over zones, the date line and changes of the clock."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.i18n import words
from core.money import smallest_unit
from finance.rates.rules import DatedRates, PlaceRate
from finance.rates.shipped import turkish_lodging
from finance.rules.facts import (
    MealKind,
    Mission,
    MissionNight,
    MissionRide,
    PaidReceipt,
    PaidUnit,
    PayPlace,
    ProvidedBy,
    ProvidedMeal,
    TimeAway,
    WorkDay,
    official,
)
from finance.rules.lines import Computation
from finance.rules.periods import WHOLE, periods_of
from finance.rules.registry import RULE_SETS, compute
from finance.rules.sentences import explanation
from finance.rules.settlement import due
from visits.travel_types import LocalTime, local_time

# Clocks that change (in both halves of the year), half hours, both sides of the date line, and none of that.
ZONES = [
    "Europe/Istanbul",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Honolulu",
]
COUNTRIES = ["AT", "TR", "US", "NZ"]
SHARES = {"bed": Decimal("0.55"), "breakfast": Decimal("0.133"), "lunch": Decimal("0.2"), "dinner": Decimal("0.2")}
SWITCHES = {
    "shares": SHARES,
    "lodging": turkish_lodging(),
    "received_per_day": Decimal("7.77"),
    "column": "I-III",
    "distance_km": Decimal(90),
}
# Sets whose lines rest on one night or day each; steps, first and last days and long stays tie the others together.
ADDITIVE = ("eu_external", "flat")
amounts = st.decimals("0.01", "900", places=2)


@st.composite
def tables(draw: st.DrawFn) -> DatedRates:
    rows = []
    for country in [*COUNTRIES, "LU"]:
        base, part = draw(amounts), draw(st.integers(1, 100))
        named = {
            "amount": base,
            "full": base,
            "partial": (base * part / 100).quantize(Decimal("0.01")),
            "night": draw(amounts),
            "hotel_ceiling": draw(amounts),
            "lodging_max": draw(amounts),
        }
        rows.append(PlaceRate(country, named))
    return DatedRates(rows)


@st.composite
def missions(draw: st.DrawFn) -> Mission:
    zone, other = draw(st.sampled_from(ZONES)), draw(st.sampled_from(ZONES))
    first = draw(st.sampled_from([date(2026, 3, 6), date(2026, 3, 27), date(2026, 10, 23), date(2026, 12, 30)]))
    start = LocalTime(first, zone, draw(st.times()).replace(second=0, microsecond=0, fold=0))
    end = start.earliest + timedelta(minutes=draw(st.integers(1, 7 * 24 * 60)))
    away = TimeAway(start, local_time(end, draw(st.sampled_from([zone, other]))))
    places = st.sampled_from([PayPlace(country) for country in COUNTRIES])
    days = st.integers(-1, 7).map(lambda number: first + timedelta(days=number))
    nights = draw(
        st.lists(
            st.builds(
                MissionNight,
                days,
                places,
                st.sampled_from(
                    [ProvidedBy.itself, ProvidedBy.organiser, ProvidedBy.host, ProvidedBy.vehicle, ProvidedBy.home]
                ),
                st.booleans(),
                st.booleans(),
                st.none() | amounts,
            ),
            max_size=7,
            unique_by=lambda night: night.day,
        )
    )
    meals = draw(
        st.lists(
            st.builds(
                ProvidedMeal,
                days,
                st.sampled_from(MealKind),
                st.sampled_from([ProvidedBy.organiser, ProvidedBy.fee, ProvidedBy.hotel, ProvidedBy.carrier]),
                st.just(other),
            ),
            max_size=8,
        )
    )
    middle = away.start + (away.end - away.start) / 2
    ride = MissionRide(draw(places), draw(places), start, local_time(middle, other))
    return Mission(
        home=PayPlace("TR", "Ankara"),
        away=away,
        place=draw(places),
        nights=nights,
        meals=meals,
        rides=draw(st.sampled_from([[], [ride]])),
        work=draw(st.lists(st.builds(WorkDay, days, places), max_size=2)),
        attended=draw(st.none() | st.frozensets(days, max_size=4)),
        meeting_days=draw(st.lists(days, max_size=3)),
        units=draw(
            st.lists(
                st.builds(
                    PaidUnit,
                    days,
                    st.sampled_from(["1", "0.5"]),
                    st.frozensets(st.sampled_from(["bed", "lunch"])),
                    st.booleans(),
                ),
                max_size=5,
            )
        ),
        receipts=draw(st.lists(st.builds(PaidReceipt, st.just("taxi"), days, amounts, st.just("EUR")), max_size=4)),
    )


def all_sets(mission: Mission, rates: DatedRates) -> dict[str, Computation]:
    return {key: compute(key, mission, rates, "EUR", SWITCHES) for key in RULE_SETS}


@given(missions(), tables())
def test_a_line_is_never_negative_nor_above_what_nothing_is_taken_from_and_adds_up(
    mission: Mission, rates: DatedRates
) -> None:
    cent = smallest_unit("EUR")
    for key, found in all_sets(mission, rates).items():
        for line in found.lines:
            taken = sum(line.deductions.values(), Decimal(0))
            assert 0 <= line.amount <= line.gross, key
            assert line.gross - taken - min(line.received or Decimal(0), line.gross - taken) == line.amount, key
            assert line.amount % cent == 0, key
            assert all(cut > 0 for cut in line.deductions.values()), key
            assert line.rate is None or line.reason or line.gross > 0 or line.rate < cent * 10 or line.formula, key
            assert explanation(line, words("tr")).count("%(") == 0
        assert found.total is None or found.total == sum(line.amount for line in found.lines)


@given(missions(), tables())
def test_what_is_provided_never_raises_what_is_paid(mission: Mission, rates: DatedRates) -> None:
    bare = replace(mission, meals=[])
    for key, found in all_sets(mission, rates).items():
        without = compute(key, bare, rates, "EUR", SWITCHES)
        assert without.total is None or (found.total is not None and found.total <= without.total), key


@given(missions(), tables(), st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(mission: Mission, rates: DatedRates, random: object) -> None:
    def shuffled(facts: list[object]) -> list[object]:
        facts = list(facts)
        random.shuffle(facts)  # type: ignore[attr-defined]
        return facts

    # Of one day's receipts and work the later one counts, and units of one day stay as they were told.
    other = replace(mission, nights=shuffled(mission.nights), meals=shuffled(mission.meals))  # type: ignore[arg-type]
    reversed_table = replace(rates, rows=list(reversed(rates.rows)))
    for key, found in all_sets(mission, rates).items():
        assert compute(key, other, reversed_table, "EUR", SWITCHES).lines == found.lines, key


@given(missions(), tables(), st.integers(0, 7))
def test_disjoint_days_add_up(mission: Mission, rates: DatedRates, after: int) -> None:
    assert mission.away is not None
    cut = mission.away.leaves.day + timedelta(days=after)
    parts = [
        replace(
            mission,
            nights=[night for night in mission.nights if (night.day < cut) is is_before],
            units=[unit for unit in mission.units if (unit.day < cut) is is_before],
        )
        for is_before in (True, False)
    ]
    for key in ADDITIVE:
        whole = compute(key, mission, rates, "EUR", SWITCHES)
        halves = [compute(key, part, rates, "EUR", SWITCHES) for part in parts]
        assert [*halves[0].lines, *halves[1].lines] == list(whole.lines), key


@given(missions(), tables())
def test_another_night_never_lowers_the_sum(mission: Mission, rates: DatedRates) -> None:
    for key in ("eu_external", "un_dsa", "eu_experts"):
        so_far = Decimal(0)
        # An hour away: what a day trip would earn without any night is another matter.
        away = TimeAway(mission.away.leaves, mission.away.leaves.plus(60)) if mission.away else None
        for number in range(len(mission.nights) + 1):
            nights = mission.ordered_nights[:number]
            found = compute(key, replace(mission, nights=nights, away=away), rates, "EUR", SWITCHES)
            assert found.total is not None
            assert found.total >= so_far, key
            so_far = found.total


@given(missions())
def test_periods_fill_the_absence_by_elapsed_time(mission: Mission) -> None:
    away, periods = mission.away, periods_of(mission)
    assert away is not None
    assert sum((period.length for period in periods), timedelta()) == away.length
    assert all(period.length == WHOLE for period in periods[:-1])
    assert [one.end for one in periods[:-1]] == [one.start for one in periods[1:]]


@given(missions())
def test_the_official_journey_lies_within_the_real_one_and_ends_in_official_nights(mission: Mission) -> None:
    cut = official(mission)
    assert set(cut.mission.nights) <= set(mission.nights)
    nights = cut.mission.ordered_nights
    assert not any(night.is_personal for night in nights[:1] + nights[-1:])
    assert mission.away is not None
    assert cut.mission.away is not None
    assert cut.mission.away.start >= mission.away.start
    assert cut.mission.away.end <= mission.away.end
    assert not set(cut.personal_days) & set(cut.mission.away.dates)


@given(st.lists(amounts, max_size=5), st.lists(amounts, max_size=3), st.decimals("0.5", "60", places=4))
def test_a_settlement_pays_or_asks_back_and_loses_no_cent(
    lines: list[Decimal], advances: list[Decimal], rate: Decimal
) -> None:
    found = due(lines, currency="EUR", pay_currency="TRY", factor=rate, advances=advances)
    assert found.converted_total == (sum(lines) * rate).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    assert min(found.to_pay, found.to_return) == 0
    assert found.to_pay - found.to_return == found.converted_total - sum(advances)
