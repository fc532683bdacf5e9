"""The lists of a delegation as tables of texts."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import N_
from core.i18n import Words, document_words
from directory.accounts.access import Caller
from directory.projects.models import Project
from events.programme.events.models import Event
from events.programme.events.service import lock_event_for
from visits.delegations.documents import ListContent
from visits.delegations.rules import DELEGATION_LISTS, DelegationList
from visits.delegations.schemas import ListIn
from visits.delegations.service import get_plan
from visits.journeys.service import TravellerJourney, journeys_in
from visits.legs.models import Leg
from visits.travel_details.rules import PASSPORT_KINDS, VISA_STATES, visa_state

Table = tuple[list[str], list[float], list[list[str]]]


async def make_list(
    db: AsyncSession, event_id: UUID, given: ListIn, caller: Caller, *, at: datetime
) -> tuple[Event, ListContent]:
    """A list of the delegation for somebody; the history keeps which, for whom and by whom. Raises NotFound."""
    event = await lock_event_for(db, event_id, caller)
    project = await db.get_one(Project, event.project_id)
    plan = await get_plan(db, event_id)
    say = document_words(caller.language)
    people = [one for one in await journeys_in(db, event, at=at) if one.has_place]
    head_id = plan.head_id if plan else None
    people.sort(key=lambda one: one.registration.id != head_id)
    heads, widths, rows = _TABLES[given.kind](people, head_id, say)
    audit.record(
        db,
        "delegation.listed",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        reason=given.recipient,
        kind=given.kind,
        people=len(people),
    )
    await db.flush()
    title = say.translate(DELEGATION_LISTS[given.kind])
    days = say.days(event.first_day, event.last_day)
    made = say.moment(at, event.zone)
    mark = say.translate(
        "Made for %(recipient)s on %(moment)s. Personal data: please use it for this visit only, and destroy it after.",
        recipient=given.recipient,
        moment=made,
    )
    subtitle = " · ".join([event.title_in(say.language), days, project.acronym])
    return event, ListContent(title, subtitle, given.recipient, mark, heads, widths, rows, say.language, at)


def _host_table(people: list[TravellerJourney], head_id: UUID | None, say: Words) -> Table:
    heads = [
        _no(say),
        *map(say.translate, (N_("Name"), N_("Position"), N_("Institution"), N_("Arrival"), N_("Departure"))),
    ]
    rows = [
        [str(number), _named(one, head_id, say), one.person.title_in(say.language), _institution(one), *_ways(one, say)]
        for number, one in enumerate(people, start=1)
    ]
    return heads, [4, 24, 20, 24, 14, 14], rows


def _manifest_table(people: list[TravellerJourney], head_id: UUID | None, say: Words) -> Table:
    names = (
        N_("Family name and given names"),
        N_("Sex"),
        N_("Date of birth"),
        N_("Nationality"),
        N_("Passport"),
        N_("Issued, expires"),
        N_("Visa"),
        N_("Position, institution"),
        N_("Arrival"),
        N_("Departure"),
    )
    rows = []
    for number, one in enumerate(people, start=1):
        passport = one.details.passport if one.details else {}
        visa = one.details.visa if one.details else {}
        rows.append(
            [
                str(number),
                _passport_name(one, passport, head_id, say),
                passport.get("sex", ""),
                _day(passport.get("birth_date"), say),
                passport.get("nationality", ""),
                _passport(passport, say),
                " – ".join(filter(None, (_day(passport.get(name), say) for name in ("issued", "expires")))),
                visa.get("number", ""),
                ", ".join(filter(None, [one.person.title_in(say.language), _institution(one)])),
                *_ways(one, say),
            ]
        )
    return [_no(say), *map(say.translate, names)], [4, 18, 4, 9, 9, 14, 12, 8, 19, 13, 13], rows


def _visa_table(people: list[TravellerJourney], head_id: UUID | None, say: Words) -> Table:
    names = (
        N_("Family name and given names"),
        N_("Date of birth"),
        N_("Nationality"),
        N_("Passport"),
        N_("Expires"),
        N_("Visa"),
        N_("Visa number"),
        N_("Valid"),
        N_("Institution"),
    )
    rows = []
    for number, one in enumerate(people, start=1):
        passport = one.details.passport if one.details else {}
        visa = one.details.visa if one.details else {}
        rows.append(
            [
                str(number),
                _passport_name(one, passport, head_id, say),
                _day(passport.get("birth_date"), say),
                passport.get("nationality", ""),
                _passport(passport, say),
                _day(passport.get("expires"), say),
                _visa(visa, say),
                visa.get("number", ""),
                " – ".join(filter(None, (_day(visa.get(name), say) for name in ("valid_from", "valid_until")))),
                _institution(one),
            ]
        )
    return [_no(say), *map(say.translate, names)], [4, 20, 10, 9, 16, 10, 12, 10, 16, 19], rows


_TABLES = {
    DelegationList.host: _host_table,
    DelegationList.manifest: _manifest_table,
    DelegationList.visas: _visa_table,
}


def _no(say: Words) -> str:
    return say.translate("No.")


def _named(one: TravellerJourney, head_id: UUID | None, say: Words) -> str:
    if one.registration.id == head_id:
        return say.translate("%(name)s (head of delegation)", name=one.person.name)
    return one.person.name


def _passport_name(one: TravellerJourney, passport: dict[str, Any], head_id: UUID | None, say: Words) -> str:
    """As the passport has it; else what we call them, and that their passport is not known."""
    if not passport:
        return say.translate("%(name)s (passport not told)", name=_named(one, head_id, say))
    name = f"{passport.get('family_name', '')}, {passport.get('given_names', '')}"
    return say.translate("%(name)s (head of delegation)", name=name) if one.registration.id == head_id else name


def _passport(passport: dict[str, Any], say: Words) -> str:
    if not passport:
        return ""
    kind = PASSPORT_KINDS[passport["kind"]]
    return f"{passport.get('number', '')} ({say.translate(kind)}, {passport.get('issuer', '')})"


def _visa(visa: dict[str, Any], say: Words) -> str:
    state = VISA_STATES[visa_state(visa)] if visa.get("state") else ""
    return say.translate(state) if state else ""


def _day(iso: str | None, say: Words) -> str:
    return say.day(date.fromisoformat(iso), "medium") if iso else ""


def _institution(one: TravellerJourney) -> str:
    return one.institution.name if one.institution else ""


def _ways(one: TravellerJourney, say: Words) -> list[str]:
    """The first leg of the way there and the last of the way home, in short."""
    there, home = one.ways
    return [
        _leg(there[0], say, is_arrival=True) if there else "",
        _leg(home[-1], say, is_arrival=False) if home else "",
    ]


def _leg(leg: Leg, say: Words, *, is_arrival: bool) -> str:
    moment = (leg.arrives if is_arrival else leg.departs) or leg.departs
    clock = f"{moment.clock:%H:%M}" if moment.clock else ""
    where = leg.from_label if is_arrival else leg.to_label
    return " ".join(filter(None, [leg.label, where, say.day(moment.day, "medium"), clock]))
