"""How long an offered place is kept: in working hours, where who waits works and where the event is. Pure."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.errors import N_, Refusal
from core.working_days import is_half_holiday, is_public_holiday
from core.zones import start_of_day

# The job that takes back offers of an event, and of its sessions, that nobody answered.
EXPIRE_OFFERS = "events.expire-offers"
OPENS, CLOSES = time(9), time(17)
# Where those work of whom no institution is known. Half holidays begin at one (Law 2429, article 2).
HOME, CLOSES_EARLY = "TR", time(13)
_SATURDAY = 5


class OfferIsOver(Refusal):
    status = 409
    code = "offer-over"
    title = N_("This place was kept for you until %(until)s and went to somebody else. You can ask again.")


def offered_until(hours: int, zone: str, home: str, host: str, first_day: date, *, at: datetime) -> datetime:
    """How long an offered place is kept: for so many working hours, and no longer than until the event begins."""
    return min(after_working_hours(hours, zone, host, home, at=at), start_of_day(first_day, zone))


def after_working_hours(hours: int, zone: str, host: str, home: str = HOME, *, at: datetime) -> datetime:
    """The moment when so many working hours have passed, on the wall clock of the event's zone.

    Monday to Friday from nine to five, but for public holidays of `home`, where who waits works, and of `host`, the
    country of the event, where somebody may have to be asked.
    """
    clock = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    left = timedelta(hours=hours)
    while True:
        opens, closes = (datetime.combine(clock.date(), hour) for hour in (OPENS, _closing(clock.date(), home, host)))
        clock = max(clock, opens)
        if clock < closes:
            if clock + left <= closes:
                return (clock + left).replace(tzinfo=ZoneInfo(zone)).astimezone(at.tzinfo)
            left -= closes - clock
        clock = datetime.combine(clock.date() + timedelta(days=1), OPENS)


def _closing(day: date, home: str, host: str) -> time:
    """When offices close on this day; on a day off as early as they open. Half holidays abroad are working days: what
    is off then differs from office to office."""
    if day.weekday() >= _SATURDAY or any(is_public_holiday(day, country) for country in (home, host)):
        return OPENS
    return CLOSES_EARLY if is_half_holiday(day, home) else CLOSES
