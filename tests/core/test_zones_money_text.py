"""Local times, exact money and typed text, on their own."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_datetime, format_time
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from core.codes import Zone
from core.columns import folded
from core.errors import Unacceptable
from core.i18n import DOCUMENT_LANGUAGES, LANGUAGES, country_codes, document_words, words
from core.money import CURRENCIES, Money
from core.pages import ours
from core.text import Address, Name, Prose, address_key, is_one_mailbox
from core.zones import days_between, instant_of, start_of_day, zone_names, zone_of

VIENNA = ZoneInfo("Europe/Vienna")
ZONES = st.sampled_from(["Europe/Istanbul", "Europe/Vienna", "Asia/Dhaka", "Pacific/Chatham", "America/New_York"])
WALLS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1))  # noqa: DTZ001  local times


def test_a_zone_is_said_as_people_say_it_with_what_it_is_apart_from_utc_then() -> None:
    english, turkish = words("en"), words("tr")
    assert english.zone("Europe/Istanbul") == "Istanbul time"
    assert turkish.zone("Europe/Istanbul", date(2026, 4, 14)) == "İstanbul saati (UTC+3)"
    assert turkish.zone("Europe/Vienna", date(2026, 7, 1)) == "Viyana saati (UTC+2)"
    assert english.zone("Europe/Vienna", datetime(2026, 1, 1, tzinfo=UTC)) == "Vienna time (UTC+1)"
    assert english.zone("Asia/Kolkata", date(2026, 1, 1)) == "Kolkata time (UTC+5:30)"
    assert english.zone("America/St_Johns", date(2026, 1, 1)) == "St John’s time (UTC-3:30)"
    assert english.zone("America/Argentina/Buenos_Aires") == "Buenos Aires time"
    assert (english.zone("UTC"), turkish.zone("Etc/UTC", date(2026, 1, 1))) == ("UTC", "UTC")


def test_a_sum_in_a_message_is_written_as_its_language_writes_it() -> None:
    due = Money(Decimal("1211.20"), "EUR")
    assert words("en").translate("%(amount)s", amount=due) == "EUR 1,211.20"
    assert words("tr").translate("%(amount)s", amount=due) == "EUR 1.211,20"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_zone_that_is_taken_can_be_said(language: str) -> None:
    assert all(words(language).zone(name) for name in zone_names())


@pytest.mark.parametrize("name", ["Factory", "localtime"])
def test_a_zone_of_machines_is_not_taken_and_one_that_was_is_shown_as_it_is(name: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Zone).validate_python(name)
    assert words("tr").town(name) == name


@given(wall=WALLS, name=ZONES)
def test_a_local_time_is_kept_or_a_person_is_asked(wall: datetime, name: str) -> None:
    zone = zone_of(name)
    try:
        instant = instant_of(wall, zone, "starts")
    except Unacceptable:
        first, second = (wall.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
        assert first != second
    else:
        assert instant.utcoffset() == timedelta(0)
        assert instant.astimezone(zone).replace(tzinfo=None) == wall


@pytest.mark.parametrize("offset", ["+02:00", "+01:00"])
def test_of_an_hour_that_happens_twice_the_offset_says_which(offset: str) -> None:
    wall = datetime.fromisoformat(f"2026-10-25T02:30:00{offset}")
    assert instant_of(wall, VIENNA, "starts") == wall.astimezone(UTC)


def test_a_day_begins_at_its_own_midnight() -> None:
    assert start_of_day(date(2026, 4, 14), "Europe/Istanbul") == datetime(2026, 4, 13, 21, tzinfo=UTC)


def test_days_between_include_both_ends_across_a_leap_day() -> None:
    assert [d.day for d in days_between(date(2028, 2, 28), date(2028, 3, 1))] == [28, 29, 1]


@given(minor=st.integers(-(10**12), 10**12), currency=st.sampled_from(sorted(CURRENCIES)))
def test_money_survives_the_database(minor: int, currency: str) -> None:
    assert Money.of_minor(minor, currency).minor == minor


@pytest.mark.parametrize(("amount", "rounded"), [("0.125", "0.13"), ("0.135", "0.14"), ("2.6749", "2.67")])
def test_money_is_rounded_half_up(amount: str, rounded: str) -> None:
    assert Money(Decimal(amount), "EUR").rounded().amount == Decimal(rounded)


def test_money_of_two_currencies_is_never_added() -> None:
    with pytest.raises(ValueError, match="cannot mix"):
        Money(Decimal(1), "EUR") + Money(Decimal(1), "TRY")


def test_an_amount_finer_than_a_cent_is_not_stored() -> None:
    with pytest.raises(ValueError, match="finer"):
        _ = Money(Decimal("0.001"), "EUR").minor


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ayşe  Yılmaz ", "Ayşe Yılmaz"),
        ("I\u0307pek", "\u0130pek"),
        ("D’Angelo-Öztürk", "D’Angelo-Öztürk"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("100 %s {{7*7}}", "100 %s {{7*7}}"),
        ("A\u200bB\u00adC\ufeff\u200fD", "ABCD"),
        ("Ali\u00a0Veli\u2011Öz", "Ali Veli-Öz"),
        ("\u200fمریم می\u200cخواهم", "مریم می\u200cخواهم"),
        ("A\u200cy\u200dşe", "Ayşe"),
        ("\u202a+90 532\u202c", "+90 532"),
        ("A 👩\u200d💻", "A 👩\u200d💻"),
        ("s\u0327" * 120, "ş" * 120),
    ],
)
def test_a_name_is_kept_as_typed_with_its_spacing_evened_out(typed: str, kept: str) -> None:
    assert TypeAdapter(Name).validate_python(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "…",
        "A\u202eB",
        "\u202bA\u202c",
        "אב\u202aA\u202c",
        "A\u2066ב\u2069",
        "A\x00B",
        "A\nB",
        "A\tB",
        "A\r\nBcc: x@y.org",
        "x" * 121,
        "\ufb2c" * 60,
    ],
)
def test_a_name_that_hides_something_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Name).validate_python(typed)


def test_prose_keeps_its_lines() -> None:
    assert TypeAdapter(Prose).validate_python("One\r\ntwo\rthree\n") == "One\ntwo\nthree"


@pytest.mark.parametrize(
    "typed",
    [
        "ayse",
        "a b@example.org",
        "a@example.org, b@example.org",
        "a(comment)@example.org",
        "a@@example.org",
        "a@" + "x" * 300 + ".org",
        "a@example.org\r\nBcc: b@example.org",
    ],
)
def test_what_is_not_one_address_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Address).validate_python(typed)


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("Ayse@Example.org", "ayse@example.ORG", True),
        ("a@örnek.example.org", "a@XN--RNEK-4QA.example.org", True),
        ("a.b+x@gmail.com", "AB@googlemail.com", True),
        ("a@faß.example.org", "a@fass.example.org", False),
        ("groß@example.org", "gross@example.org", False),
        ("a@example.org", "a@mail.example.org", False),
        ("a@example.org", None, False),
    ],
)
def test_what_is_surely_one_mailbox(one: str, other: str | None, is_one: bool) -> None:
    assert is_one_mailbox(one, other) is is_one


def test_an_international_domain_is_an_address() -> None:
    kept = TypeAdapter(Address).validate_python("ayse@ÖRNEK.example.org")
    assert kept.endswith("örnek.example.org")
    assert address_key("Ayse@XN--RNEK-4QA.example.org") == address_key(kept)


@pytest.mark.parametrize("name", ["Şanlıurfa", "ŞANLIURFA", "şanlıurfa", "sanliurfa", "SANLIURFA"])
def test_every_way_to_write_a_province_finds_it(name: str) -> None:
    assert folded(name) == "sanliurfa"


@pytest.mark.parametrize(
    "path",
    ["https://evil.example", "//evil.example", "/\\evil.example", "", None, "evil", "/a\nb", "javascript:1"],
)
def test_going_on_never_leads_off_the_site(path: str | None) -> None:
    assert ours(path) == "/"


def test_the_catalogue_of_a_language_is_read_once() -> None:
    assert words("tr") is words("tr")


@pytest.mark.parametrize("language", DOCUMENT_LANGUAGES)
@given(
    moment=st.datetimes(timezones=st.just(UTC)).map(
        lambda moment: moment.replace(year=1990 + moment.year % 100, day=min(moment.day, 28))
    )
)
def test_moments_are_written_as_each_language_writes_them(language: str, moment: datetime) -> None:
    say = document_words(language)
    for zone in ("Europe/Istanbul", "America/New_York"):
        there = moment.astimezone(ZoneInfo(zone))
        assert say.time(moment, zone) == format_time(there, "HH:mm", locale=say.locale)
        assert say.moment(moment, zone) == format_datetime(
            moment, "d MMM y HH:mm", tzinfo=ZoneInfo(zone), locale=say.locale
        )


def test_countries_are_those_of_iso_3166() -> None:
    codes = country_codes().keys()
    assert {"TR", "AT", "XK", "SH", "PS"} <= codes
    assert not {"ZZ", "EU", "AC", "TA"} & codes
