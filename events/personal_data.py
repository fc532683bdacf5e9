"""What the tables of events hold of people, and how the rows of one event are found."""

import sqlalchemy as sa
from sqlmodel import col, select

from core.personal_data import (
    Erasing,
    Keeping,
    PersonalData,
    Subject,
    Table,
    by,
    by_address,
    impersonal,
    in_projects,
    nobodys,
)
from directory.accounts.models import Membership
from events.attendance.badge_codes.models import BadgeCode
from events.attendance.certificates.models import Certificate
from events.attendance.check_in.models import DeskScan
from events.attendance.desk_links.models import DeskDevice, DeskLink
from events.attendance.evaluations.models import Evaluation, EvaluationResponse
from events.attendance.platform_logs.models import PlatformLog
from events.attendance.records.models import AttendanceRecord
from events.attendance.scans.models import Scan, ScanPage
from events.attendance.sign_in_sheets.models import SheetVersion
from events.attendance.superiors.models import Superior
from events.calendars.personal_feeds.models import Feed
from events.calendars.shared_feeds.models import SharedFeed
from events.invitations.consents.models import ConsentText
from events.invitations.invitations.models import Invitation, PersonalLink
from events.invitations.link_sessions.models import LinkCode, LinkSession
from events.invitations.questionnaires.models import Question, QuestionAnswer
from events.invitations.registrations.models import Registration
from events.invitations.snapshots.models import NotifiedSnapshot
from events.invitations.substitutions.models import SubstitutionProposal
from events.materials.models import Material
from events.messaging.campaigns.models import Campaign
from events.messaging.reminders.models import Scheduled
from events.nominations.letters.models import NominationLetter
from events.nominations.requests.models import NominationLink, NominationRequest, Nominee
from events.participants.letter_files.models import LetterFile
from events.participants.roster.models import RosterColumns
from events.privacy.address_changes.models import AddressChange
from events.privacy.erasure.models import ErasureRequest
from events.privacy.erasure.rules import in_events
from events.privacy.retention.models import Hold
from events.programme.agenda.models import AgendaVersion, SessionPerson, VenueRoom
from events.programme.events.models import Event, Session
from events.programme.speaker_notices.models import SpeakerNotice
from events.reporting.dashboards.models import SavedFilter
from events.reporting.outcomes.models import EventOutcome

_RANDOM = "hash of a random token"
_CODE = "a code from a list"


def _of_staff(table: Table, subject: Subject) -> sa.ColumnElement[bool]:
    """What those keep for themselves who work in the person's projects."""
    staff = select(Membership.account_id).where(col(Membership.project_id).in_(subject.projects))
    return col(SavedFilter.account_id).in_(staff)


def _theirs(table: Table, subject: Subject) -> sa.ColumnElement[bool]:
    return sa.or_(
        by("invitation_id", "invitation")(table, subject),
        sa.and_(by_address("address")(table, subject), in_events()(table, subject)),
    )


def _as_superior(table: Table, subject: Subject) -> sa.ColumnElement[bool]:
    return sa.and_(by_address("address")(table, subject), in_events()(table, subject))


def _by_superior(table: Table, subject: Subject) -> sa.ColumnElement[bool]:
    """What they answered as somebody's superior, where a form is not anonymous."""
    return col(EvaluationResponse.superior_id).in_(select(Superior.id).where(_as_superior(Superior, subject)))


PERSONAL = [
    PersonalData(Invitation, ("reason", "answered_by"), by("person_id"), Erasing.blank, Keeping.told),
    PersonalData(Invitation, ("answered_by", "reason"), in_events(), Erasing.redact, Keeping.told),
    PersonalData(
        Registration,
        ("passport_name", "mobile", "diet", "accessibility", "emergency_contact", "draft", "guest_names"),
        by("person_id"),
        Erasing.blank,
        Keeping.told,
    ),
    PersonalData(
        QuestionAnswer, ("value", "media_type"), by("invitation_id", "invitation"), Erasing.delete, Keeping.told
    ),
    PersonalData(QuestionAnswer, ("value",), in_events(), Erasing.redact, Keeping.told),
    PersonalData(
        QuestionAnswer, ("file_hash",), by("invitation_id", "invitation"), Erasing.delete, Keeping.told, is_file=True
    ),
    PersonalData(AttendanceRecord, ("reason",), by("registration_id", "registration"), Erasing.blank, Keeping.evidence),
    PersonalData(AttendanceRecord, ("reason",), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(PlatformLog, ("content", "file_name"), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(BadgeCode, ("code",), by("invitation_id", "invitation"), Erasing.delete, Keeping.told),
    PersonalData(DeskLink, ("label",), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(DeskDevice, ("label",), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(DeskScan, ("gate",), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(SheetVersion, ("content",), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(Scan, ("file_name", "kept_at"), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(
        Scan,
        ("file_hash",),
        nobodys,
        Erasing.keep,
        Keeping.evidence,
        "The signed sheet proves to the funding body who took part; it shows all who signed, and no one alone.",
        is_file=True,
    ),
    PersonalData(ScanPage, ("walk_ins",), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(
        ScanPage,
        ("picture_hash",),
        nobodys,
        Erasing.keep,
        Keeping.evidence,
        "A page of the signed sheet, made straight.",
        is_file=True,
    ),
    PersonalData(
        Certificate, ("content", "reason"), by("registration_id", "registration"), Erasing.blank, Keeping.evidence
    ),
    PersonalData(
        Certificate,
        ("file_hash",),
        by("registration_id", "registration"),
        Erasing.blank,
        Keeping.evidence,
        is_file=True,
    ),
    PersonalData(Certificate, ("content", "reason"), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(EvaluationResponse, ("answers",), by("registration_id", "registration"), Erasing.delete, Keeping.told),
    PersonalData(EvaluationResponse, ("answers",), in_events(), Erasing.redact, Keeping.told),
    # What a superior said goes before the address by which it is found.
    PersonalData(EvaluationResponse, ("answers",), _by_superior, Erasing.delete, Keeping.told),
    PersonalData(Superior, ("name", "address"), _as_superior, Erasing.blank, Keeping.told),
    PersonalData(Superior, ("name", "address"), in_events(), Erasing.redact, Keeping.told, is_one=True),
    PersonalData(EventOutcome, ("text", "owner"), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(Evaluation, ("questions",), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(Nominee, ("name", "title", "address"), _theirs, Erasing.blank, Keeping.told),
    PersonalData(Nominee, ("name", "title", "address"), in_events(), Erasing.redact, Keeping.told, is_one=True),
    PersonalData(AddressChange, ("former", "address"), by("person_id"), Erasing.delete, Keeping.known),
    PersonalData(SubstitutionProposal, ("name", "title", "address"), _theirs, Erasing.blank, Keeping.told),
    PersonalData(
        SubstitutionProposal,
        ("answered_by",),
        by("invitation_id", "invitation"),
        Erasing.blank,
        Keeping.told,
    ),
    PersonalData(
        SubstitutionProposal,
        ("name", "title", "address", "answered_by"),
        in_events(),
        Erasing.redact,
        Keeping.told,
        is_one=True,
    ),
    PersonalData(SpeakerNotice, ("content", "known_before"), by("person_id"), Erasing.delete, Keeping.told),
    PersonalData(
        SessionPerson,
        ("languages",),
        by("person_id"),
        Erasing.keep,
        Keeping.evidence,
        "That somebody interpreted, and between which languages; the name is gone with the person.",
    ),
    PersonalData(Feed, ("client",), by("person_id"), Erasing.blank, Keeping.told),
    PersonalData(SharedFeed, ("label", "client", "room"), by("person_id"), Erasing.blank, Keeping.evidence),
    PersonalData(SharedFeed, ("label", "room"), in_projects(), Erasing.redact, Keeping.evidence),
    PersonalData(ErasureRequest, ("outcome",), by("person_id"), Erasing.blank, Keeping.evidence),
    PersonalData(ErasureRequest, ("outcome",), in_projects(), Erasing.redact, Keeping.evidence),
    PersonalData(AgendaVersion, ("content", "published_by"), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(NotifiedSnapshot, ("content",), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(
        Event,
        (
            "texts",
            "title",
            "search",
            "description",
            "title_en",
            "title_tr",
            "description_en",
            "description_tr",
            "target_group",
            "interpretation",
            "contact_name",
            "contact_address",
            "venue",
            "online_url",
        ),
        in_projects(),
        Erasing.redact,
        Keeping.evidence,
    ),
    PersonalData(Session, ("title", "title_en", "title_tr", "room"), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(
        Campaign,
        ("subject_en", "subject_tr", "text_en", "text_tr", "wanted"),
        in_events(),
        Erasing.redact,
        Keeping.evidence,
    ),
    PersonalData(NominationRequest, ("note",), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(
        NominationLetter,
        ("reference", "signer", "signer_title", "file_name"),
        in_events(),
        Erasing.redact,
        Keeping.evidence,
    ),
    PersonalData(
        NominationLetter,
        ("file_hash",),
        nobodys,
        Erasing.keep,
        Keeping.evidence,
        "The letter that the organiser’s institution signed; it names no participant.",
        is_file=True,
    ),
    PersonalData(LetterFile, ("file_hash",), in_events(), Erasing.delete, Keeping.told, is_file=True),
    PersonalData(
        Material,
        ("title", "title_en", "title_tr", "file_name", "licence"),
        in_events(),
        Erasing.redact,
        Keeping.evidence,
    ),
    PersonalData(
        Material,
        ("file_hash",),
        nobodys,
        Erasing.keep,
        Keeping.evidence,
        "What the project hands out; organisers remove it.",
        is_file=True,
    ),
    PersonalData(
        Question,
        ("label_en", "label_tr", "hint_en", "hint_tr", "options"),
        in_events(),
        Erasing.redact,
        Keeping.evidence,
    ),
    PersonalData(Hold, ("reason",), in_projects(), Erasing.redact, Keeping.evidence),
    PersonalData(ConsentText, ("text_en", "text_tr"), in_projects(), Erasing.redact, Keeping.evidence),
    PersonalData(SavedFilter, ("name", "query"), _of_staff, Erasing.redact, Keeping.staff),
]
IMPERSONAL = {
    **impersonal(AddressChange, "former_token_hash new_token_hash", _RANDOM),
    **impersonal(LinkCode, "code_hash", "keyed hash of a code that lives for a quarter of an hour"),
    **impersonal(LinkSession, "token_hash", _RANDOM),
    **impersonal(NominationLink, "token_hash", _RANDOM),
    **impersonal(PersonalLink, "token_hash", _RANDOM),
    **impersonal(Feed, "token_hash", _RANDOM),
    **impersonal(Feed, "language", _CODE),
    **impersonal(SharedFeed, "token_hash", _RANDOM),
    **impersonal(SharedFeed, "language", _CODE),
    **impersonal(
        Event, "code budget_line languages map_url country zone start_time end_time allowed_domains", "of the meeting"
    ),
    **impersonal(VenueRoom, "name equipment", "of a room"),
    **impersonal(LetterFile, "ending", "of a file's name"),
    **impersonal(Campaign, "materials papers", "ids of rows, and codes"),
    **impersonal(Material, "language media_type", _CODE),
    **impersonal(Question, "depends_value", "the key of an option"),
    **impersonal(RosterColumns, "columns", _CODE),
    **impersonal(Scheduled, "clock", "a time of day"),
    **impersonal(BadgeCode, "code_hash", _RANDOM),
    **impersonal(PlatformLog, "file_digest", "a digest of the whole file"),
    **impersonal(DeskLink, "token_hash", _RANDOM),
    **impersonal(DeskDevice, "token_hash", _RANDOM),
    **impersonal(Certificate, "code_hash", _RANDOM),
    **impersonal(Certificate, "number", "of the certificate, by project and year"),
    **impersonal(SheetVersion, "sheet file_digest", "random, and a digest of the whole sheet"),
    **impersonal(SheetVersion, "language", _CODE),
    **impersonal(Superior, "language", _CODE),
    **impersonal(EvaluationResponse, "pair_hash", "hash of a word that somebody made up"),
    **impersonal(Scan, "digest", "of the whole file"),
    **impersonal(Scan, "media_type", _CODE),
    **impersonal(ScanPage, "warnings code", "codes, and what stands in the square code of a page"),
    **impersonal(ScanPage, "cells region", "places on paper, and ids of registrations"),
    **impersonal(SheetVersion, "layout", "places on paper, and ids of registrations"),
}
