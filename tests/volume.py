"""A PostgreSQL of any size, as years of use leave it, filled by SQL: for plans of queries, and for measuring.

Rows go through the tables' own columns: what is not said here is what the model gives, and what is encrypted is really
sealed, from a small pool. Ids are made of the moment and a number, so that one size gives the same rows each time.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from core.audit import AuditEntry, AuditSeal
from directory.people.models import Institution, Person
from directory.projects.models import Project
from events.attendance.records.models import Attendance, AttendanceRecord
from events.calendars.personal_feeds.models import Feed
from events.invitations.invitations.models import Invitation, PersonalLink
from events.invitations.registrations.models import Registration
from events.programme.events.models import Event, Session
from finance.sheets.models import PerDiemLine, PerDiemSheet, StatementRow
from notifications.batches.models import MessageBatch
from notifications.jobs.models import Job
from notifications.outbox.models import Message
from tests.volume_rows import Filler, loading

_PER_INSTITUTION = 50
_SESSIONS = 6
_MAILS = (*(("events/invitation", 40), ("events/reminder", 20), ("events/answer", 15), ("events/practical", 3)),)
_ACTS = (("invitation.sent", 40), ("invitation.opened", 30), ("invitation.answered", 15))


@dataclass(frozen=True)
class Volume:
    """How much there is. The last event of the first project has a list of `largest`; one event in `paid` has per
    diems; `letters` are those of a mail's text, which its page doubles."""

    people: int
    events: int
    messages: int
    projects: int = 20
    largest: int = 2000
    paid: int = 5
    letters: int = 250
    waiting: int = 2000

    @property
    def invited(self) -> int:
        """People of each event's list but the largest."""
        return self.messages // len(_MAILS) // self.events

    @property
    def listed(self) -> int:
        """The number of the event with the largest list."""
        return self.events - self.events % self.projects - (0 if self.events % self.projects else self.projects)


def token_of(table: str, id: UUID) -> str:
    """The secret of a row's link: `link` of a personal page, `feed` of a calendar."""
    return f"{table}-{id}"


class Filling(Filler):
    """All that an installation of this volume holds."""

    def __init__(self, connection: AsyncConnection, volume: Volume, project_id: UUID, *, at: datetime) -> None:
        super().__init__(connection, project_id, at=at)
        self.volume = volume

    async def all(self) -> None:
        """Everything, in one transaction of the caller's."""
        await self.define()
        async with loading(self.connection):
            await self._who()
            await self._programme()
            await self._invitations()
            await self._mails()
            await self._history()
            await self._attendance()
            await self._sheets()
            await self._calendars_and_jobs()

    async def _who(self) -> None:
        """Projects; institutions and people of each."""
        many = self.volume.projects
        await self.fill(
            Project,
            f"generate_series(1, {many - 1}) n, project first WHERE first.id = '{self.project_id}'",
            id=self.id("project", "n"),
            acronym="'V-' || n",
            **{name: f"first.{name}" for name in ("title", "donor", "contract_number")},
        )
        await self.connection.exec_driver_sql(
            "CREATE TEMPORARY TABLE volume_project ON COMMIT DROP AS SELECT 0 AS number, "
            f"'{self.project_id}'::uuid AS id UNION ALL SELECT n, {self.id('project', 'n')} "
            f"FROM generate_series(1, {many - 1}) n"
        )
        belongs = f"JOIN volume_project p ON p.number = n % {many}"
        bodies = max(many, self.volume.people // _PER_INSTITUTION // many * many)
        await self.fill(
            Institution,
            f"generate_series(0, {bodies - 1}) n {belongs}",
            id=self.id("institution", "n"),
            project_id="p.id",
            **{"name": "'Adliye ' || n", "search": "'adliye ' || n", "sort_key": "'adliye ' || n"},
            **{"name_en": "'Court ' || n", "search_en": "'court ' || n", "sort_key_en": "'court ' || n"},
            kind="'court'",
        )
        given = "(ARRAY['Ayşe','Mehmet','Gülşen','Oğuz','Çetin','Ülkü','Elif'])[1 + n % 7]"
        plain = "(ARRAY['ayse','mehmet','gulsen','oguz','cetin','ulku','elif'])[1 + n % 7]"
        family, address = "'soyadi' || n / 7", "'kisi' || n || '@example.org'"
        await self.fill(
            Person,
            f"generate_series(0, {self.volume.people - 1}) n {belongs}",
            id=self.id("person", "n"),
            project_id="p.id",
            name=f"{given} || ' Soyadı' || n / 7",
            title="'Hâkim'",
            institution_id=self.id("institution", f"n % {bodies}"),
            province="'TR-06'",
            address=address,
            address_key=address,
            search=f"{plain} || ' ' || {family}",
            name_key=f"{plain} || ' ' || {family}",
            sort_key=f"{plain} || ' ' || {family}",
            phones=self.sealed("n", 20),
        )

    async def _programme(self) -> None:
        """Events of four years, the last of them ahead; six sessions each."""
        v = self.volume
        day = f"(({self.now})::date + 60 - ({v.events - 1} - n) * 1500 / {v.events})"
        size = f"CASE WHEN n = {v.listed} THEN {v.largest} ELSE {v.invited} END"
        await self.fill(
            Event,
            f"generate_series(0, {v.events - 1}) n JOIN volume_project p ON p.number = n % {v.projects}",
            id=self.id("event", "n"),
            project_id="p.id",
            code="'V' || lpad(to_hex(n), 8, '0')",
            title="'Toplantı ' || n",
            search="'toplanti ' || n || ' ankara'",
            kind="(ARRAY['training','coordination-meeting','study-visit','other'])[1 + n % 4]",
            state=f"CASE WHEN {day} < ({self.now})::date THEN 'held' ELSE 'published' END",
            zone="'Europe/Istanbul'",
            venue="'Ankara'",
            first_day=day,
            last_day=f"{day} + 1",
            capacity=size,
            taken=f"({size}) * 6 / 10",
            created_at=f"{day} - interval '60 days'",
            changed_at=f"{day} - interval '50 days'",
        )
        await self.fill(
            Session,
            f"generate_series(0, {_SESSIONS - 1}) s, event e WHERE e.code LIKE 'V0%'",
            id=self.id("session", f"pg_temp.number_of(e.id) * {_SESSIONS} + s"),
            event_id="e.id",
            title="'Oturum ' || s",
            kind="'content'",
            starts_at="e.first_day + interval '6 hours' + interval '1 hour' * s",
            ends_at="e.first_day + interval '7 hours' + interval '1 hour' * s",
            created_at="e.created_at",
            changed_at="e.changed_at",
        )

    async def _invitations(self) -> None:
        """Who was asked, by which links, and who said yes."""
        v = self.volume
        per_project = v.people // v.projects
        number = f"(pg_temp.number_of(e.id) * {v.largest} + i)"
        # Of the same project: people and events take turns among projects alike.
        person = (
            f"(pg_temp.number_of(e.id) % {v.projects} + {v.projects} * "
            f"((pg_temp.number_of(e.id) / {v.projects} * {v.invited} + i) % {per_project}))"
        )
        asked = "e.first_day - interval '40 days'"
        named = f"least({asked}, {self.now} - interval '1 day')"
        size = f"CASE WHEN pg_temp.number_of(e.id) = {v.listed} THEN {v.largest} ELSE {v.invited} END"
        await self.fill(
            Invitation,
            f"event e CROSS JOIN LATERAL generate_series(0, {size} - 1) i WHERE e.code LIKE 'V0%'",
            id=self.id("invitation", number, named),
            event_id="e.id",
            person_id=self.id("person", person),
            status="CASE WHEN i % 10 < 6 THEN 'accepted' WHEN i % 10 < 8 THEN 'declined' ELSE 'invited' END",
            notified_sequence="0",
            nominated_at=named,
            invited_at=named,
            opened_at=named,
            answered_at=f"CASE WHEN i % 10 < 8 THEN {named} END",
            answers="CASE WHEN i % 10 < 8 THEN 1 ELSE 0 END",
        )
        # A mail in two carries a fresh link; the first is one that a reader of this table can know.
        token = "CASE l WHEN 0 THEN 'link-' || i.id ELSE 'link-' || l || i.id END"
        await self.fill(
            PersonalLink,
            "invitation i, generate_series(0, 1) l",
            id=self.id("link", "pg_temp.number_of(i.id) * 2 + l", "i.invited_at"),
            invitation_id="i.id",
            token_hash=f"encode(sha256(convert_to({token}, 'UTF8')), 'hex')",
            made_at="i.invited_at",
        )
        await self.fill(
            Registration,
            "invitation i WHERE i.standing = 'accepted'",
            id=self.id("registration", "pg_temp.number_of(i.id)", "i.answered_at"),
            event_id="i.event_id",
            person_id="i.person_id",
            invitation_id="i.id",
            status="'confirmed'",
            registered_at="i.answered_at",
            changed_at="i.answered_at",
            told_at="i.answered_at",
            passport_name=self.sealed("pg_temp.number_of(i.id)", 16),
            mobile=self.sealed("pg_temp.number_of(i.id)", 14),
        )

    async def _mails(self) -> None:
        """Sent ones of every event, drafts of what is ahead, and some that are due."""
        v = self.volume
        for number, (kind, days) in enumerate(_MAILS):
            moment = f"least(e.first_day - interval '{days} days', {self.now} - interval '1 hour')"
            its = f"(pg_temp.number_of(i.id) * {len(_MAILS)} + {number})"
            batch = self.id("batch", f"pg_temp.number_of(e.id) * {len(_MAILS)} + {number}")
            draft = f"e.first_day >= ({self.now})::date AND {days} < 5"
            due = f"{draft} AND i.id IN (SELECT id FROM invitation ORDER BY id DESC LIMIT {v.waiting})"
            state = (
                f"CASE WHEN {due} THEN 'queued' WHEN {draft} THEN 'draft' WHEN {its} % 100 = 0 THEN 'failed' "
                "ELSE 'sent' END"
            )
            about = {
                **{"project_id": "e.project_id", "about_id": "e.id", "kind": f"'{kind}'", "written_at": moment},
                "sent_at": f"CASE WHEN NOT ({draft}) THEN {moment} END",
            }
            await self.fill(
                MessageBatch,
                f"event e WHERE e.code LIKE 'V0%' AND {days} <> 15",
                **{"id": batch, "is_open": draft, "written_by": "'Elif Karaca'"},
                **about,
            )
            await self.fill(
                Message,
                "invitation i JOIN event e ON e.id = i.event_id JOIN person p ON p.id = i.person_id",
                **about,
                id=self.id("message", its, moment),
                dedupe_key=f"'{kind}:' || i.id",
                batch_id="NULL::uuid" if days == 15 else batch,
                person_id="p.id",
                state=state,
                is_bulk="false" if days == 15 else "true",
                due_at=moment,
                attempts=f"CASE WHEN {draft} THEN 0 ELSE 1 END",
                answer=f"CASE WHEN {draft} THEN '' ELSE '250 2.0.0 Ok: queued' END",
                language="'tr'",
                sender_address="'heyet@example.org'",
                to_name="p.name",
                to_address="p.address",
                subject=self.sealed(its, 30),
                plain=self.sealed(its, v.letters),
                html=self.sealed(its, 2 * v.letters),
            )

    async def _history(self) -> None:
        """Three acts of each invitation, one of each event, and seals on all but the latest."""
        for number, (act, days) in enumerate(_ACTS):
            moment = f"least(e.first_day - interval '{days} days', {self.now} - interval '2 hours')"
            await self.fill(
                AuditEntry,
                "invitation i JOIN event e ON e.id = i.event_id",
                id=self.id("entry", f"pg_temp.number_of(i.id) * {len(_ACTS)} + {number}", moment),
                at=moment,
                project_id="e.project_id",
                actor_id="i.person_id",
                actor="'person'",
                act=f"'{act}'",
                object_id="i.id",
                signature="repeat('0', 64)",
            )
        await self.fill(
            AuditEntry,
            "event e, generate_series(1, 5) n WHERE e.code LIKE 'V0%'",
            id=self.id("entry", "(1::bigint << 50) + pg_temp.number_of(e.id) * 5 + n", "e.created_at"),
            at="e.created_at + interval '1 hour' * n",
            project_id="e.project_id",
            actor="'program'",
            act="'event.changed'",
            object_id="e.id",
            signature="repeat('0', 64)",
        )
        last = "(SELECT coalesce(max(position), 0) FROM audit_seal)"
        await self.fill(
            AuditSeal,
            "(SELECT a.id, row_number() OVER (ORDER BY a.id) AS n FROM audit_entry a LEFT JOIN audit_seal s ON "
            "s.entry_id = a.id WHERE s.entry_id IS NULL) a",
            position=f"{last} + a.n",
            entry_id="a.id",
            digest="repeat('0', 64)",
            link="repeat('0', 64)",
            signature="repeat('0', 64)",
            sealed_at=self.now,
        )

    async def _attendance(self) -> None:
        """Both half-days of the first day of what is over."""
        over = "registration r JOIN event e ON e.id = r.event_id AND e.state = 'held', generate_series(0, 1) h"
        fields = {
            "event_id": "e.id",
            "registration_id": "r.id",
            "day": "e.first_day",
            "half": "(ARRAY['am','pm'])[1 + h]",
            "entered_at": "e.first_day + interval '10 hours'",
        }
        number = "pg_temp.number_of(r.id) * 2 + h"
        await self.fill(
            AttendanceRecord,
            over,
            id=self.id("record", number, "e.first_day::timestamptz"),
            is_present="true",
            source="'sheet'",
            **fields,
        )
        await self.fill(Attendance, over, id=self.id("attendance", number, "e.first_day::timestamptz"), **fields)

    async def _sheets(self) -> None:
        """One sheet of per diems for one event in so many, a line a day for each who was there."""
        number = "pg_temp.number_of(e.id)"
        who = "(SELECT id FROM account ORDER BY id LIMIT 1)"
        await self.fill(
            PerDiemSheet,
            f"event e WHERE e.code LIKE 'V0%' AND e.state = 'held' AND {number} / {self.volume.projects} "
            f"% {self.volume.paid} = 0",
            id=self.id("sheet", number),
            project_id="e.project_id",
            event_id="e.id",
            currency="'EUR'",
            state="'paid'",
            people="e.taken",
            first_day="e.first_day",
            last_day="e.last_day",
            total_minor="e.taken * 20000",
            submitted_at="e.last_day + interval '5 days'",
            checked_at="e.last_day + interval '6 days'",
            decided_at="e.last_day + interval '7 days'",
            **dict.fromkeys(("submitted_by", "checked_by", "decided_by"), who),
            paid_at="e.last_day + interval '9 days'",
        )
        paid = "per_diem_sheet s JOIN registration r ON r.event_id = s.event_id"
        await self.fill(
            StatementRow,
            paid,
            id=self.id("row", "pg_temp.number_of(r.id)", "s.submitted_at"),
            event_id="s.event_id",
            sheet_id="s.id",
            registration_id="r.id",
            number=f"pg_temp.number_of(r.id) % {self.volume.largest}",
            name=self.sealed("pg_temp.number_of(r.id)", 16),
            institution="'Adliye'",
            **dict.fromkeys(("earned_minor", "balance_minor", "reserved_minor"), "20000"),
        )
        await self.fill(
            PerDiemLine,
            f"{paid}, generate_series(0, 1) d",
            id=self.id("line", "pg_temp.number_of(r.id) * 2 + d", "s.submitted_at"),
            sheet_id="s.id",
            registration_id="r.id",
            number="d",
            kind="'day'",
            day="s.first_day + d",
            currency="'EUR'",
            amount_minor="10000",
        )

    async def _calendars_and_jobs(self) -> None:
        """A tenth of the people subscribe to their calendar; three jobs of each event are done."""
        await self.fill(
            Feed,
            "person p WHERE pg_temp.number_of(p.id) % 10 = 0 AND p.address LIKE 'kisi%'",
            id=self.id("feed", "pg_temp.number_of(p.id)"),
            person_id="p.id",
            token_hash="encode(sha256(convert_to('feed-' || p.id, 'UTF8')), 'hex')",
            made_at=self.now,
        )
        await self.fill(
            Job,
            "event e, generate_series(0, 2) n WHERE e.code LIKE 'V0%'",
            id=self.id("job", "pg_temp.number_of(e.id) * 3 + n"),
            name="'events.announce'",
            project_id="e.project_id",
            about_id="e.id",
            stage="'done'",
            due_at="e.created_at",
            payload="''",
        )


async def fill(connection: AsyncConnection, volume: Volume, project_id: UUID, *, at: datetime) -> None:
    """Fill an installation with a project on PostgreSQL. Statistics are the caller's to make."""
    await Filling(connection, volume, project_id, at=at).all()
