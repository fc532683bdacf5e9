"""Languages: catalogues compiled in memory at start, and how each language writes dates and numbers."""

from datetime import date, datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global, negotiate_locale
from babel.dates import format_date, format_datetime, get_timezone_location
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal
from babel.support import NullTranslations, Translations

from core.money import Money
from core.zones import day_in

LANGUAGES = {"en": "English", "tr": "Türkçe"}
# Languages that documents can be printed in besides, for people who come from abroad. Their catalogues hold what these
# documents say, and no more.
DOCUMENT_LANGUAGES = {**LANGUAGES, "ar": "العربية"}
# Europe's English: the day before the month.
WAYS_OF_WRITING = {"en": "en_GB"}
_NOON = clock_time(12)
CATALOGUES = Path(__file__).parent / "locale"


class Words:
    """One language: its messages and its ways of writing."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.locale = Locale.parse(WAYS_OF_WRITING.get(language, language))
        self.direction = self.locale.text_direction
        self.translations = _catalogue(language)
        self._months = self.locale.months["format"]["abbreviated"]
        symbols = self.locale.number_symbols.get("latn") or {}
        self._marks = str.maketrans({",": symbols.get("group", ","), ".": symbols.get("decimal", ".")})
        self._is_english_number = (symbols.get("group"), symbols.get("decimal")) == (",", ".")

    def translate(self, message: str, /, **facts: object) -> str:
        """The message in this language, its placeholders filled: days, moments and sums as the language writes them, a
        moment by its own clock."""
        text = self.translations.ugettext(message)
        return text % {name: self.written(fact) for name, fact in facts.items()} if facts else text

    def count(self, forms: tuple[str, str], count: int, /, **facts: object) -> str:
        """A message for one and for many (NN_), with the number as this language writes it."""
        text = self.translations.ungettext(*forms, count)
        return text % {"num": self.number(count), **{name: self.written(fact) for name, fact in facts.items()}}

    def written(self, fact: object) -> object:
        """What fills a placeholder, as the language writes it."""
        if isinstance(fact, datetime):
            return format_datetime(fact, "d MMM y HH:mm", tzinfo=fact.tzinfo, locale=self.locale)
        if isinstance(fact, Money):
            return self.money(fact)
        return self.day(fact) if isinstance(fact, date) else fact

    def day(self, day: date, form: str = "long") -> str:
        return format_date(day, form, locale=self.locale)

    def day_of(self, moment: datetime, zone: str, form: str = "long") -> str:
        """The day that it was in that zone."""
        return self.day(day_in(zone, at=moment), form)

    def short_day(self, day: date) -> str:
        """For heads of columns: Mon 11 May."""
        return format_date(day, "EEE d MMM", locale=self.locale)

    def month(self, day: date) -> str:
        return format_date(day, "LLLL y", locale=self.locale)

    def month_name(self, day: date) -> str:
        return format_date(day, "LLL", locale=self.locale)

    def day_name(self, day: date) -> str:
        return format_date(day, "ccc", locale=self.locale)

    def weekday(self, day: date) -> str:
        return format_date(day, "EEEE, d MMMM y", locale=self.locale)

    def time(self, moment: datetime, zone: str) -> str:
        """By the clock of that place, as 17:05; as Babel writes it, many times faster."""
        there = moment.astimezone(ZoneInfo(zone))
        return f"{there.hour:02}:{there.minute:02}"

    def seconds(self, moment: datetime, zone: str) -> str:
        """By the clock of that place, as 17:05:30."""
        return f"{moment.astimezone(ZoneInfo(zone)):%H:%M:%S}"

    def moment(self, moment: datetime, zone: str = "UTC") -> str:
        """Day and clock of that place, as 4 Mar 2026 17:05; as Babel writes it, many times faster."""
        there = moment.astimezone(ZoneInfo(zone))
        return f"{there.day} {self._months[there.month]} {there.year} {there.hour:02}:{there.minute:02}"

    def town(self, zone: str) -> str:
        """The town by which a zone is called; nothing where no zone is known."""
        return _town(str(self.locale), zone) if zone else ""

    def zone(self, zone: str, at: datetime | date | None = None) -> str:
        """A zone as people say it, by its town: Istanbul time. With a moment or a day, how far it is from UTC then."""
        town = self.town(zone)
        said = town if town == "UTC" else self.translate("%(town)s time", town=town)
        if at is None or town == "UTC":
            return said
        moment = at if isinstance(at, datetime) else datetime.combine(at, _NOON, ZoneInfo(zone))
        return f"{said} ({_offset(moment.astimezone(ZoneInfo(zone)))})"

    def stamp(self, moment: datetime, zone: str) -> str:
        """The same with whose clock it is: in documents, which are read anywhere."""
        return f"{self.moment(moment, zone)} ({self.zone(zone)})"

    def days(self, first: date, last: date) -> str:
        """A span of days, written once where it is one day."""
        return self.day(first) if first == last else _interval(str(self.locale), first, last)

    def span(self, first: date, last: date, starts: clock_time | None, ends: clock_time | None) -> str:
        """A span of days with the times of the clock at which it starts and ends, as far as they are known."""
        if starts is None:
            return self.days(first, last)
        if ends is None or first == last:
            return f"{self.days(first, last)}, {starts:%H:%M}" + (f"–{ends:%H:%M}" if ends else "")
        return f"{self.day(first)}, {starts:%H:%M} – {self.day(last)}, {ends:%H:%M}"

    def number(self, number: Decimal | int) -> str:
        return format_decimal(number, locale=self.locale)

    def decimal(self, number: Decimal | float, digits: int) -> str:
        """With so many decimals, rounded half to even, and thousands apart. As Babel writes it, many times faster."""
        text = f"{number:,.{digits}f}"
        return text if self._is_english_number else text.translate(self._marks)

    def exact(self, number: Decimal | str) -> str:
        """With every decimal that it has, as a rate that sums are worked out with."""
        number = Decimal(number)
        return self.decimal(number, max(0, -int(number.as_tuple().exponent)))

    @property
    def decimal_mark(self) -> str:
        return "." if self._is_english_number else str(self._marks[ord(".")])

    def money(self, money: Money) -> str:
        return self.amount(money.amount, money.currency)

    def amount(self, amount: Decimal | int | str, currency: str) -> str:
        """With its currency before it: EUR 1,234.50."""
        return format_currency(amount, currency, "¤¤ #,##0.00", locale=self.locale)

    def tongue(self, code: str) -> str:
        return str(self.locale.languages.get(code, code))

    def country(self, code: str) -> str:
        return str(self.locale.territories.get(code, code))


@lru_cache(maxsize=4096)
def _interval(locale: str, first: date, last: date) -> str:
    """With the months written out as of one day: the interval that Babel would take has them short. Lists of events say
    many."""
    differs = "y" if first.year != last.year else "M" if first.month != last.month else "d"
    begins, ends = (part.replace("MMM", "MMMM") for part in Locale.parse(locale).interval_formats["yMMMd"][differs])
    return format_date(first, begins, locale=locale) + format_date(last, ends, locale=locale)


@cache
def _town(locale: str, zone: str) -> str:
    """What Babel calls the town of a zone, without the country that some of its names begin with; the zone itself where
    Babel knows none, as of `Factory`, which was taken once."""
    try:
        name = get_timezone_location(zone, locale=locale, return_city=True)
    except LookupError:
        return zone
    return name.rpartition("/")[2]


def _offset(there: datetime) -> str:
    """How far a clock is from UTC, as short as people write it: UTC+3, UTC+5:30."""
    minutes = int((there.utcoffset() or timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return "UTC" if not minutes else f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def either(language: str, *, en: str, tr: str) -> str:
    """What somebody wrote in that language, or else in the other one."""
    wanted, other = (tr, en) if language == "tr" else (en, tr)
    return wanted or other


@cache
def words(language: str) -> Words:
    """The language, or English where it is not spoken here. Its catalogue is read once."""
    return Words(language if language in LANGUAGES else "en")


@cache
def messages() -> frozenset[str]:
    """Every sentence of ours, as code and templates say it: those that Turkish has, which is all. What stands under
    nothing is the heading of the catalogue."""
    known = words("tr").translations._catalog  # gettext has no other list of them
    return frozenset(message for message in known if message and isinstance(message, str))


@cache
def document_words(language: str) -> Words:
    """The language of a document, or English where none is printed in it."""
    return Words(language) if language in DOCUMENT_LANGUAGES else words(language)


def best_language(accepted: str, *, preferred: str | None = None) -> str:
    """The person's own language, then the first that the browser asks for, then English."""
    if preferred in LANGUAGES:
        return str(preferred)
    asked = [part.partition(";")[0].strip().replace("-", "_") for part in accepted[:200].split(",")]
    return negotiate_locale(asked, list(LANGUAGES)) or "en"


@cache
def language_codes() -> dict[str, str]:
    """ISO 639 codes of languages, with their English names."""
    return {code: name for code, name in Locale("en").languages.items() if code.isalpha() and len(code) <= 3}


# What CLDR has a currency for and ISO 3166-1 does not hold: islands of other countries, the Union, nowhere.
_NO_COUNTRIES = {"AC", "CP", "DG", "EA", "EU", "IC", "TA", "ZZ"}


@cache
def country_codes() -> dict[str, str]:
    """ISO 3166-1 codes of countries (and XK, which all use for Kosovo), with their English names."""
    names = Locale("en").territories
    codes = (code for code in get_global("territory_currencies") if code in names and code.isalpha())
    return {code: names[code] for code in codes if code not in _NO_COUNTRIES}


def _catalogue(language: str) -> NullTranslations:
    source = CATALOGUES / language / "LC_MESSAGES" / "messages.po"
    if not source.exists():
        return NullTranslations()
    with source.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    translations = Translations(compiled)
    # What is counted may be said alone too; Python before 3.11.5 does not look for it there.
    known, one = translations._catalog, translations.plural(1)
    known |= {key[0]: text for key, text in known.items() if isinstance(key, tuple) and key[1] == one}
    return translations
