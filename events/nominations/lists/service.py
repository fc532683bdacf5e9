"""What a nomination list leads to: whom its lines mean, nominating them, and taking that back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core.collation import sort_key, surname_key
from core.columns import folded
from core.errors import N_
from core.ids import new_id
from core.references import still_referenced
from core.rows import add_rows
from core.text import address_key
from directory.accounts.access import Caller
from directory.accounts.rules import Right
from directory.imports.models import ListImport
from directory.imports.rules import CannotUndo, ImportRow, Note, Verdict
from directory.imports.schemas import Choices, Reading
from directory.imports.service import ImportOutcome, Purpose
from directory.imports.views import match_institutions, phone_meant, province_in, text_key, write_code
from directory.list_repairs.rules import LANGUAGE_OF, SEX_OF
from directory.people.geography import province_meant
from directory.people.models import SEXES, Institution, Person, PersonAddress, Sex
from directory.people.service import (
    add_other_addresses,
    find_people_by_address,
    find_people_by_name,
    index_person,
    institutions_known,
    institutions_named,
    name_key,
    search_key,
)
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import CATEGORIES, Category, InvitationStatus
from events.invitations.invitations.service import nominate
from events.nominations.lists import rules
from events.nominations.lists.rules import CATEGORY_OF, FIELDS
from events.programme.events.models import Event
from events.programme.events.rules import must_take_place
from events.programme.events.service import lock_event

PARTICIPANTS = "participants"
# What a list says of somebody whom the project knows already.
_COMPARED = ("name", "title", "institution", "province", "sex", "phone", "protocol_rank")


async def judge(db: AsyncSession, upload: ListImport, choices: Choices, reading: Reading) -> None:
    """Give each line its verdict against the project's people and those nominated already."""
    rows = [row for row in reading.rows if row.verdict not in (Verdict.wrong, Verdict.skipped)]
    for row in rows:
        _tidy(row)
    await match_institutions(db, upload, choices, reading)
    rules.mark_repeated(rows)
    await _compare(db, upload, rows)
    if rows and not any(row.values.get("address") for row in rows):
        reading.notes.append(Note(text=N_("No column holds e-mail addresses: nobody of this list can be written to.")))


def _tidy(row: ImportRow) -> None:
    """Codes for what a line says of province, sex, language, category; a sentence where it cannot be understood."""
    values = row.values
    if not values.get("name"):
        row.mark(Verdict.wrong, N_("There is no name in this line."), "name")
        return
    write_code(row, "province", N_("“%(text)s” is no province of Türkiye."), province_meant)
    write_code(row, "sex", N_("“%(text)s” is not understood."), lambda text: SEX_OF.get(folded(text)))
    write_code(row, "language", N_("“%(text)s” is not understood."), lambda text: LANGUAGE_OF.get(folded(text)))
    write_code(row, "phone", N_("“%(text)s” is no telephone number."), phone_meant)
    if values.get("category"):
        category = CATEGORY_OF.get(folded(values["category"]))
        if category is None:
            row.mark(Verdict.wrong, N_("This is not a category of participants."), "category")
        values["category"] = category or ""


async def _compare(db: AsyncSession, upload: ListImport, rows: Sequence[ImportRow]) -> None:
    """Mark people whom the project knows, those named for the event already, and who shares another's mailbox."""
    people = await find_people_by_address(db, upload.project_id, [row.values.get("address", "") for row in rows])
    by_name = await find_people_by_name(
        db, upload.project_id, [row.values["name"] for row in rows if row.values.get("name")]
    )
    taken = await db.exec(
        select(Invitation.person_id).where(
            Invitation.event_id == upload.about_id, Invitation.status != InvitationStatus.withdrawn
        )
    )
    nominated = set(taken)
    ids = {p.institution_id for p in (*people.values(), *(p for some in by_name.values() for p in some))}
    institutions = await _institutions(db, ids)
    for row in rows:
        if row.verdict not in (Verdict.new, Verdict.shared):
            continue
        person = _person_of(row, people, by_name, institutions)
        if person is None:
            continue
        if not rules.is_same_name(person.name, row.values["name"]):
            text = N_("The project knows this address as %(name)s. Import the line if two people share it.")
            row.mark(Verdict.shared, text, "address", name=person.name)
        elif person.id in nominated:
            row.mark(Verdict.already)
        elif row.verdict is Verdict.new:
            row.known_id = person.id
            row.known = _differences(row, person, institutions.get(person.institution_id))
            row.verdict = Verdict.differs if row.known else Verdict.known


def _person_of(
    row: ImportRow,
    people: Mapping[str, Person],
    by_name: Mapping[str, Sequence[Person]],
    institutions: Mapping[UUID | None, Institution],
) -> Person | None:
    """Whose mailbox it is; without one, the only person of that name in that institution."""
    if row.values.get("address"):
        return people.get(address_key(row.values["address"]))
    place = text_key(row.values.get("institution", ""))
    same = [
        person
        for person in by_name.get(row.values["name"], ())
        if text_key(institutions[person.institution_id].name if person.institution_id else "") == place
    ]
    return same[0] if len(same) == 1 else None


def _differences(row: ImportRow, person: Person, institution: Institution | None) -> dict[str, str]:
    ours = {
        "name": person.name,
        "title": person.title,
        "institution": institution.name if institution else "",
        "province": person.province,
        "sex": "" if person.sex is Sex.unsaid else person.sex,
        "phone": person.phones.partition("\n")[0],
        "protocol_rank": _text_of(person.protocol_rank) or "",
    }
    said = {name: row.values.get(name, "") for name in _COMPARED}
    return {name: ours[name] for name in _COMPARED if said[name] and ours[name] and said[name] != ours[name]}


async def _institutions(db: AsyncSession, ids: Collection[UUID | None]) -> dict[UUID | None, Institution]:
    found = await db.exec(select(Institution).where(col(Institution.id).in_([id for id in ids if id])))
    return {one.id: one for one in found}


async def apply(
    db: AsyncSession,
    upload: ListImport,
    rows: Sequence[ImportRow],
    reading: Reading,
    caller: Caller,
    *,
    at: datetime,
) -> ImportOutcome:
    """Nominate the people of these lines; who is new to the project is added to it."""
    event = await lock_event(db, upload.about_id)
    names = {row.values["institution"] for row in rows if row.values.get("institution")}
    before = {one.id for one in (await institutions_known(db, event.project_id, names)).values()}
    institutions = await institutions_named(db, event.project_id, names)
    fresh = [one for one in institutions.values() if one.id not in before]
    for one in fresh:
        one.province = province_in(one.name)
    known = {one.id: one for one in await _people(db, [row.known_id for row in rows if row.known_id])}
    there = await _institutions(db, {person.institution_id for person in known.values()})
    outcome = ImportOutcome(made={"people": [], "bodies": [str(one.id) for one in fresh], "before": {}})
    take_over = Choices.model_validate_json(upload.choices).take_over
    ids: dict[UUID, ImportRow] = {}
    added: list[dict[str, Any]] = []
    for row in rows:
        institution = institutions.get(folded(row.values.get("institution", "")))
        person = known.get(row.known_id) if row.known_id else None
        if person is None:
            added.append(_new_person(event.project_id, row, institution))
            ids[added[-1]["id"]] = row
        else:
            changed = _update(person, row, institution, there.get(person.institution_id), take_over=take_over)
            outcome.made["before"] |= {str(person.id): changed} if changed else {}
            outcome.changed += bool(changed)
            ids[person.id] = row
    await add_rows(db, Person, added)
    outcome.made["people"] = [str(one["id"]) for one in added]
    outcome.added = await nominate(db, event, list(ids), caller, at=at, source_id=upload.id)
    await _set_details(db, upload, ids)
    return outcome


async def _people(db: AsyncSession, ids: Sequence[UUID]) -> Sequence[Person]:
    return (await db.exec(select(Person).where(col(Person.id).in_(ids)))).all()


def _new_person(project_id: UUID, row: ImportRow, institution: Institution | None) -> dict[str, Any]:
    said = row.values
    name, title, province = said["name"], said.get("title", ""), said.get("province", "")
    address = said.get("address") or None
    # Mail goes there, but a shared mailbox stands for the other one: nobody is known by two people's address.
    key = address_key(address) if address and row.verdict is not Verdict.shared else None
    return {
        "id": new_id(),
        "project_id": project_id,
        "name": name,
        "title": title,
        "address": address,
        "address_key": key,
        "province": province,
        "language": said.get("language") or "tr",
        "institution_id": institution.id if institution else None,
        "sex": Sex(said.get("sex") or Sex.unsaid),
        "phones": said.get("phone", ""),
        "protocol_rank": _value("protocol_rank", said.get("protocol_rank")),
        "search": search_key(name, title, address, institution, province),
        "name_key": name_key(name),
        "sort_key": sort_key(name),
        "surname_key": surname_key(name),
    }


def _update(
    person: Person,
    row: ImportRow,
    institution: Institution | None,
    present: Institution | None,
    *,
    take_over: bool,
) -> dict[str, list[str | None]]:
    """Fill what the project does not know of somebody, and with `take_over` what the list says otherwise. Returns
    each field as it was and as it is."""
    said = {
        "name": row.values["name"],
        "title": row.values.get("title", ""),
        "province": row.values.get("province", ""),
        "sex": row.values.get("sex", ""),
        "phones": row.values.get("phone", ""),
        "protocol_rank": row.values.get("protocol_rank", ""),
    }
    changed: dict[str, list[str | None]] = {}
    for name, value in said.items():
        was = _text_of(getattr(person, name))
        now = "" if was == Sex.unsaid else was
        if value and value != now and (take_over or not now):
            changed[name] = [was, value]
            setattr(person, name, _value(name, value))
    if institution and institution.id != person.institution_id and (take_over or not person.institution_id):
        changed["institution_id"] = [_text_of(person.institution_id), str(institution.id)]
        person.institution_id, present = institution.id, institution
    if changed:
        person.revision += 1
        index_person(person, present)
    return changed


async def _set_details(db: AsyncSession, upload: ListImport, rows: Mapping[UUID, ImportRow]) -> None:
    theirs = col(Invitation.source_id) == upload.id
    said = {id: row.values for id, row in rows.items() if row.values.get("category") or row.values.get("rank")}
    for category in {values["category"] for values in said.values() if values.get("category")}:
        ids = [id for id, values in said.items() if values.get("category") == category]
        named = update(Invitation).where(theirs, col(Invitation.person_id).in_(ids))
        await db.exec(named.values(category=Category(category)))
    reserves = [id for id, values in said.items() if values.get("rank") == "reserve"]
    await db.exec(update(Invitation).where(theirs, col(Invitation.person_id).in_(reserves)).values(is_reserve=True))
    await add_other_addresses(
        db, upload.project_id, {id: row.values.get("other_address", "") for id, row in rows.items()}
    )


async def undo(db: AsyncSession, upload: ListImport, made: dict[str, Any], caller: Caller, *, at: datetime) -> int:
    """Take back everybody of the list who has not been invited yet; people and institutions that came with the list go,
    unless something else points to them by now, and what it changed of others is as before. Raises CannotUndo."""
    waiting = await db.exec(
        select(Invitation.id, Invitation.person_id).where(
            Invitation.source_id == upload.id, Invitation.status == InvitationStatus.nominated
        )
    )
    invitations = {id: person_id for id, person_id in waiting}
    if not invitations:
        raise CannotUndo()
    fresh = {UUID(id) for id in made.get("people", ())} & set(invitations.values())
    held = await still_referenced(db, "invitation", list(invitations))
    held_people = {person_id for id, person_id in invitations.items() if id in held}
    elsewhere = await db.exec(
        select(Invitation.person_id).where(col(Invitation.person_id).in_(fresh), col(Invitation.id).not_in(invitations))
    )
    kept = await still_referenced(db, "person", fresh, ignoring={"invitation", "person_address"})
    gone = fresh - held_people - kept - set(elsewhere)
    going = [id for id, person_id in invitations.items() if person_id in gone]
    await db.exec(delete(Invitation).where(col(Invitation.id).in_(going)))
    await db.exec(
        update(Invitation)
        .where(col(Invitation.id).in_(set(invitations) - set(going)))
        .values(status=InvitationStatus.withdrawn)
    )
    await db.exec(delete(PersonAddress).where(col(PersonAddress.person_id).in_(gone)))
    await db.exec(delete(Person).where(col(Person.id).in_(gone)))
    await _restore(db, made.get("before", {}))
    institutions = {UUID(id) for id in made.get("bodies", ())}
    unused = institutions - await still_referenced(db, "institution", institutions)
    await db.exec(delete(Institution).where(col(Institution.id).in_(unused)))
    return len(invitations)


async def _restore(db: AsyncSession, before: Mapping[str, Mapping[str, Sequence[str | None]]]) -> None:
    """What the import changed and nobody has changed since is as it was."""
    people = await _people(db, [UUID(id) for id in before])
    for person in people:
        for name, (was, came) in before[str(person.id)].items():
            now = getattr(person, name)
            if _text_of(now) == came:
                setattr(person, name, _value(name, was))
        person.revision += 1
    there = await _institutions(db, {person.institution_id for person in people})
    for person in people:
        index_person(person, there.get(person.institution_id))
    await db.flush()


def _value(name: str, text: str | None) -> object:
    """What a column of a person holds, from the text that a list says or an import kept of it."""
    match name:
        case "institution_id":
            return UUID(text) if text else None
        case "protocol_rank":
            return int(text) if text else None
        case "sex":
            return Sex(text or Sex.unsaid)
        case _:
            return text


def _text_of(value: object) -> str | None:
    return None if value is None else str(value)


async def _must_be_open(db: AsyncSession, event_id: UUID) -> None:
    must_take_place((await db.get_one(Event, event_id)).state)


LIST = Purpose(
    name=PARTICIPANTS,
    title=N_("Nomination list"),
    right=Right.plan,
    fields=FIELDS,
    is_enough=rules.has_names,
    needs=N_("Please say which column holds the name, or given and family name."),
    judge=judge,
    apply=apply,
    undo=undo,
    leads_to=lambda upload: f"/events/{upload.about_id}/people",
    must_be_open=_must_be_open,
    labels={"sex": SEXES, "category": CATEGORIES, "rank": rules.RANKS},
)
