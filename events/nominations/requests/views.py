"""How far the nominations of an event are, and what the printed letter to an institution says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.documents.letters import Letter, LetterHead
from core.files import FileStore
from core.i18n import Words, words
from core.paging import Page, Paging, in_order, paged
from core.zones import day_in
from directory.accounts.access import Caller
from directory.people.models import FocalPoint, Institution, Person
from directory.projects.models import Project
from directory.projects.service import pictures_of
from events.nominations.letters.service import letter_details
from events.nominations.requests import mails
from events.nominations.requests.letters_due import calls_to_print, unwritten
from events.nominations.requests.mails import facts_of
from events.nominations.requests.models import CallRow, NominationLink, NominationRequest, Nominee
from events.nominations.requests.rules import NomineeState, letter_state
from events.nominations.requests.schemas import CallSort, NominationRequestOut
from events.nominations.requests.service import get_call, names_of
from events.programme.events.models import Event
from notifications.outbox.models import Message


@dataclass(frozen=True)
class CallTotals:
    """How far the nominations of an event are: institutions asked and late, places asked for, names given, accepted."""

    asked: int = 0
    answered: int = 0
    late: int = 0
    quota: int = 0
    named: int = 0
    accepted: int = 0
    unwritten: int = 0
    to_print: int = 0


async def list_calls(
    db: AsyncSession, event: Event, page_request: Paging, sort: CallSort = "institution"
) -> Page[CallRow]:
    """Institutions that were asked, by name: one query for the page, one for its length."""
    kept = col(Nominee.state) != NomineeState.rejected
    named = select(sa.func.count()).where(col(Nominee.call_id) == NominationRequest.id, kept)
    accepted = select(sa.func.count()).where(
        col(Nominee.call_id) == NominationRequest.id, col(Nominee.state) == NomineeState.accepted
    )
    reachable = (
        select(sa.func.count())
        .select_from(FocalPoint)
        .join(Person, col(Person.id) == FocalPoint.person_id)
        .where(col(FocalPoint.institution_id) == NominationRequest.institution_id, col(Person.address).is_not(None))
    )
    opened = select(sa.func.min(NominationLink.opened_at)).where(col(NominationLink.call_id) == NominationRequest.id)
    rows = (
        sa.select(
            NominationRequest,
            Institution,
            *(q.correlate(NominationRequest).scalar_subquery() for q in (named, accepted, reachable, opened)),
        )
        .join(Institution, col(Institution.id) == NominationRequest.institution_id)
        .where(col(NominationRequest.event_id) == event.id)
    )
    columns = {
        "institution": col(Institution.sort_key),
        "deadline": col(NominationRequest.answer_by),
        "nominated": named.correlate(NominationRequest).scalar_subquery(),
    }
    order = in_order(sort, columns, columns["institution"], col(NominationRequest.id))
    page = await paged(db, rows.order_by(*order), page_request)
    letters = await _letters(db, event.id, [row[0].id for row in page.rows])
    shown = [_with_letter(CallRow(*row), letters) for row in page.rows]
    return Page(shown, page.total, page.page, page.limit)


async def _letters(db: AsyncSession, event_id: UUID, calls: Sequence[UUID]) -> dict[UUID, set[str]]:
    """By request, how the mails stand that its focal points were written."""
    found = await db.exec(
        select(NominationLink.call_id, Message.state)
        .join(Message, col(Message.person_id) == NominationLink.person_id)
        .where(
            Message.about_id == event_id,
            col(Message.kind).in_([mails.CALL, mails.REMINDER, mails.RETURN]),
            col(NominationLink.call_id).in_(calls),
        )
        .distinct()
    )
    states: dict[UUID, set[str]] = {}
    for call_id, state in found:
        states.setdefault(call_id, set()).add(state)
    return states


def _with_letter(row: CallRow, letters: Mapping[UUID, set[str]]) -> CallRow:
    state = letter_state(
        letters.get(row.call.id, set()),
        is_ended=row.call.withdrawn_at is not None,
        is_opened=row.opened_at is not None,
        is_reachable=row.reachable > 0,
    )
    return replace(row, letter=state)


async def call_seen(db: AsyncSession, call_id: UUID, caller: Caller) -> NominationRequestOut:
    """A call with its names, for the organiser."""
    one, _, institution = await get_call(db, call_id, caller)
    return NominationRequestOut.of(one, institution, await names_of(db, one))


async def own_call_seen(db: AsyncSession, call_id: UUID, *, with_names: bool = True) -> NominationRequestOut:
    """A call as its institution sees it; without a code, without the names."""
    one = await db.get_one(NominationRequest, call_id)
    institution = await db.get_one(Institution, one.institution_id)
    return NominationRequestOut.of(one, institution, await names_of(db, one) if with_names else [])


async def totals(db: AsyncSession, event: Event, *, at: datetime) -> CallTotals:
    """How far the nominations are, in a few queries however many institutions there are."""
    calls = (
        await db.exec(
            select(NominationRequest).where(
                NominationRequest.event_id == event.id, col(NominationRequest.withdrawn_at).is_(None)
            )
        )
    ).all()
    counted = await db.exec(
        select(Nominee.call_id, Nominee.state, sa.func.count())
        .join(NominationRequest, col(NominationRequest.id) == Nominee.call_id)
        .where(NominationRequest.event_id == event.id, Nominee.state != NomineeState.rejected)
        .group_by(col(Nominee.call_id), col(Nominee.state))
    )
    names: dict[UUID, dict[str, int]] = {}
    for call_id, state, count in counted:
        names.setdefault(call_id, {})[state] = count
    today = day_in(event.zone, at=at)
    return CallTotals(
        asked=len(calls),
        answered=sum(call.id in names for call in calls),
        late=sum(call.id not in names and call.answer_by < today for call in calls),
        quota=sum(call.capacity for call in calls),
        named=sum(sum(of_call.values()) for of_call in names.values()),
        accepted=sum(of_call.get(NomineeState.accepted, 0) for of_call in names.values()),
        unwritten=len(await unwritten(db, event.id)),
        to_print=len(await calls_to_print(db, event.id)),
    )


async def letters_of(
    db: AsyncSession,
    calls: Sequence[NominationRequest],
    event: Event,
    files: FileStore,
    *,
    links: Mapping[UUID, str],
    at: datetime,
    language: str | None = None,
) -> list[Letter]:
    """What the printed letters of one event say, each in the language of its institution unless one is asked for.

    `links` are addresses by request, for those whose letter carries one.
    """
    project = await db.get_one(Project, event.project_id)
    details = await letter_details(db, event.id)
    pictures = await pictures_of(db, project.id, files)
    found = await db.exec(select(Institution).where(col(Institution.id).in_([one.institution_id for one in calls])))
    institutions = {one.id: one for one in found}
    languages = await _languages(db, institutions)
    letters = []
    for one in calls:
        institution = institutions[one.institution_id]
        say = words(language or languages[institution.id])
        contact = " · ".join(filter(None, [event.contact_name, event.contact_address or project.contact]))
        facts = [*facts_of(one, event, say), *([(say.translate("Contact"), contact)] if contact else [])]
        head = institution.letterhead_tr if say.language == "tr" else institution.letterhead_en
        letters.append(
            Letter(
                head=LetterHead(
                    statement=project.funding_statement(say.language),
                    project=project.title_in(say.language),
                    contract=project.contract_number,
                    emblem=project.emblem.value,
                    pictures=pictures,
                ),
                to=head or institution.name_in(say.language),
                subject=say.translate("Nominations for: %(event)s", event=event.title_in(say.language)),
                paragraphs=_paragraphs(one, event, project, say),
                facts=facts,
                signer=details.signer or event.contact_name,
                signer_title=details.signer_title or project.acronym,
                reference=details.reference,
                dated=say.day(details.dated or day_in(event.zone, at=at)),
                link=links.get(one.id, ""),
                link_note=say.translate("Please nominate people here; the link is yours alone:"),
                language=say.language,
                made_at=at,
            )
        )
    return letters


def _paragraphs(one: NominationRequest, event: Event, project: Project, say: Words) -> list[str]:
    asked = say.translate(
        "%(donor)s and %(project)s hold the event below. We kindly ask you to nominate people from your "
        "institution, in the order of your preference; those beyond your quota are noted as reserves.",
        donor=project.donor_in(say.language),
        project=project.title_in(say.language),
    )
    return [text for text in (asked, event.description_in(say.language)[:900], one.note) if text]


async def _languages(db: AsyncSession, institutions: Mapping[UUID, Institution]) -> dict[UUID, str]:
    """What each institution is written to in: the language of its focal point, or else that of its country."""
    found = await db.exec(
        select(FocalPoint.institution_id, Person.language)
        .join(Person, col(Person.id) == FocalPoint.person_id)
        .where(col(FocalPoint.institution_id).in_(institutions))
        .order_by(col(Person.sort_key).desc())
    )
    spoken = dict(found.all())
    return {id: spoken.get(id) or ("tr" if one.country == "TR" else "en") for id, one in institutions.items()}
