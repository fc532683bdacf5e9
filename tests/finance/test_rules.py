"""The rule for external actions, recomputed by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents.tables import Cell, Line
from core.errors import Unacceptable
from core.money import Money
from finance.rates.rules import Rate, difference
from finance.rates.schemas import read_rates
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


def table(*rows: str, heads: str = "Ülke;Şehir;Tutar;Para birimi;Geçerlilik;Kaynak") -> list[Line]:
    return [Line(n, [Cell(c) for c in row.split(";")]) for n, row in enumerate((heads, *rows), 1)]


def test_headings_stand_below_a_title_countries_are_named_and_days_are_dotted() -> None:
    heads = "Country;City;Daily amount (EUR);Currency;Effective from;Source"
    rows = (heads, "Avusturya;;170;EUR;01.03.2026;List", "Germany;;230;EUR;1/3/2026;List")
    rates = read_rates(table(*rows, heads="Rates of 2026"))
    assert [(one.country, str(one.valid_from)) for one in rates] == [("AT", "2026-03-01"), ("DE", "2026-03-01")]


def test_a_rate_table_is_read_with_a_decimal_comma_and_turkish_headings() -> None:
    rates = read_rates(table("AT;;170,50;EUR;2024-01-01;List"))
    assert rates[0].amount == Money(Decimal("170.50"), "EUR")


@pytest.mark.parametrize(
    "row",
    [
        "XX;;170;EUR;2024-01-01;List",
        "AT;;-1;EUR;2024-01-01;List",
        "AT;;NaN;EUR;2024-01-01;List",
        "AT;;1e309;EUR;2024-01-01;List",
        "AT;;0;EUR;2024-01-01;List",
        "AT;;0.001;EUR;2024-01-01;List",
        "AT;;170.5;JPY;2024-01-01;List",
        "AT;;123456789012;EUR;2024-01-01;List",
        "AT;;170;EUX;2024-01-01;List",
        "AT;;170;EUR;yesterday;List",
        "AT;;170;EUR;2024-01-01;",
    ],
)
def test_a_rate_that_cannot_be_is_refused_with_its_line(row: str) -> None:
    with pytest.raises(Unacceptable):
        read_rates(table("DE;;230;EUR;2024-01-01;List", row))


def test_a_place_and_date_twice_is_refused() -> None:
    with pytest.raises(Unacceptable):
        read_rates(table("AT;;170;EUR;2024-01-01;List", "AT;;171;EUR;2024-01-01;List"))


def test_a_new_table_says_how_it_differs() -> None:
    before, after = [rate(), rate("DE", "230"), rate("FR", "1")], [rate(), rate("DE", "240"), rate("IT", "5")]
    assert difference(before, after) == {"new": 1, "changed": 1, "gone": 1}
