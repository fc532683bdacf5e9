"""The rule for external actions, recomputed by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import Money
from finance.rates.rules import Rate
from finance.rules.eu_external import Night, NightAmount, RateMissing, eu_external, rate_for

MONDAY = date(2026, 4, 13)
NONE = frozenset[str]()
SHARES = {
    "bed": Decimal("0.5"),
    "breakfast": Decimal("0.06"),
    "lunch": Decimal("0.12"),
    "dinner": Decimal("0.12"),
}


def rate(
    country: str = "AT",
    amount: str = "170",
    city: str = "",
    since: date = date(2024, 1, 1),
    currency: str = "EUR",
) -> Rate:
    return Rate(country, city, Money(Decimal(amount), currency), since, "List of 2024")


def nights(count: int, **more: object) -> list[Night]:
    return [Night(MONDAY + timedelta(days=n), "AT", **more) for n in range(count)]  # type: ignore[arg-type]


def worked_out(
    stay: list[Night],
    *rates: Rate,
    meals: dict[date, frozenset[str]] | None = None,
    attended: frozenset[date] | None = None,
    shares: dict[str, Decimal] = SHARES,
) -> list[NightAmount]:
    known = meals or {}
    return eu_external(
        stay, rates or [rate()], shares=shares, meals=lambda day: known.get(day, NONE), attended=attended
    )


def total(lines: list[NightAmount]) -> Decimal:
    return sum((line.amount.amount for line in lines), Decimal(0))


def test_two_nights_in_vienna_are_two_per_diems() -> None:
    assert total(worked_out(nights(2))) == Decimal("340")


def test_a_bed_that_the_organiser_pays_takes_off_its_share() -> None:
    assert total(worked_out(nights(2, is_bed_provided=True))) == Decimal("170")


def test_a_mission_of_one_day_earns_nothing() -> None:
    assert worked_out([]) == []


def test_bed_and_all_meals_leave_a_fifth() -> None:
    all_meals = {MONDAY: frozenset({"lunch", "dinner"})}
    lines = worked_out(nights(1, is_bed_provided=True, has_breakfast=True), rate(amount="200"), meals=all_meals)
    assert {part: money.amount for part, money in lines[0].deductions.items()} == {
        "bed": Decimal("100"),
        "breakfast": Decimal("12"),
        "lunch": Decimal("24"),
        "dinner": Decimal("24"),
    }
    assert total(lines) == Decimal("40")


def test_each_deduction_is_rounded_half_up_to_the_cent() -> None:
    lines = worked_out(nights(1, has_breakfast=True), rate(amount="170.25"))
    assert lines[0].deductions["breakfast"].amount == Decimal("10.22")  # 10.215


def test_nights_in_two_countries_take_each_their_own_rate() -> None:
    stay = [Night(MONDAY, "AT"), Night(MONDAY + timedelta(days=1), "DE")]
    assert [line.rate.amount for line in worked_out(stay, rate(), rate("DE", "230"))] == [170, 230]


def test_a_citys_own_rate_goes_before_its_countrys() -> None:
    assert rate_for(Night(MONDAY, "AT", "Vienna"), [rate(), rate(city="Vienna", amount="190")]).amount.amount == 190


def test_the_rate_in_force_that_night_counts() -> None:
    rates = [
        rate(),
        rate(amount="180", since=MONDAY + timedelta(days=1)),
        rate(amount="999", since=date(2030, 1, 1)),
    ]
    assert [line.rate.amount for line in worked_out(nights(2), *rates)] == [170, 180]


def test_a_country_without_a_rate_is_named() -> None:
    with pytest.raises(RateMissing) as refusal:
        worked_out([Night(MONDAY, "BD")])
    assert refusal.value.facts == {"country": "BD", "day": date(2026, 4, 13)}


@pytest.mark.parametrize(
    ("signed", "counted"),
    [
        ({0}, [True, False, False]),
        ({1}, [True, True, False]),
        ({3}, [False, False, True]),
        (set(), [False] * 3),
    ],
)
def test_a_night_counts_with_a_signature_on_its_day_or_the_next(signed: set[int], counted: list[bool]) -> None:
    attended = frozenset(MONDAY + timedelta(days=n) for n in signed)
    assert [line.counts for line in worked_out(nights(3), attended=attended)] == counted


@given(
    amount=st.decimals("0.01", "9999.99", places=2),
    beds=st.booleans(),
    breakfast=st.booleans(),
    meals=st.sets(st.sampled_from(["breakfast", "lunch", "dinner"])),
    shares=st.tuples(*[st.integers(0, 100)] * 4),
    count=st.integers(0, 10),
)
def test_no_line_is_negative_and_each_can_be_recomputed(
    amount: Decimal, beds: bool, breakfast: bool, meals: set[str], shares: tuple[int, ...], count: int
) -> None:
    parts = dict(zip(SHARES, (Decimal(s) / 100 for s in shares), strict=True))
    served = {MONDAY + timedelta(days=n): frozenset(meals) for n in range(count)}
    lines = worked_out(
        nights(count, is_bed_provided=beds, has_breakfast=breakfast),
        rate(amount=str(amount)),
        meals=served,
        shares=parts,
    )
    assert len(lines) == count
    for line in lines:
        assert line.amount.amount >= 0
        assert line.gross.amount - sum(m.amount for m in line.deductions.values()) == line.amount.amount
        assert line.amount == Money.of_minor(line.amount.minor, "EUR")
