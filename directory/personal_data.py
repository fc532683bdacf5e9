"""What the tables of directory, and the history below them, hold of people."""

import sqlalchemy as sa
from sqlmodel import col, select

from core.audit import AuditEntry, AuditNote, AuditSeal
from core.personal_data import (
    Erasing,
    Keeping,
    PersonalData,
    Subject,
    Table,
    by,
    impersonal,
    in_projects,
    nobodys,
)
from directory.accounts.models import Account, ApiToken, Membership, OneTimeLink, RecoveryCode, SignIn
from directory.components.models import Component
from directory.people.models import Institution, Merge, Person, PersonAddress
from directory.projects.models import Logo, Project

_RANDOM = "hash of a random token"
_PROOF = "hash or signature of an entry, which names nobody"
_CODE = "a code from a list"


def _of_their_projects(table: Table, subject: Subject) -> sa.ColumnElement[bool]:
    theirs = sa.or_(col(AuditEntry.project_id).is_(None), col(AuditEntry.project_id).in_(subject.projects))
    return col(AuditNote.entry_id).in_(select(AuditEntry.id).where(theirs))


def _merged(table: Table, subject: Subject) -> sa.ColumnElement[bool]:
    people = subject.ids["person"]
    return sa.or_(col(Merge.kept_id).in_(people), col(Merge.merged_id).in_(people))


PERSONAL = [
    PersonalData(
        Person,
        ("name", "title", "address"),
        by("id"),
        Erasing.blank,
        Keeping.known,
    ),
    PersonalData(Person, ("address_key", "search", "name_key"), by("id"), Erasing.blank, Keeping.known, is_shown=False),
    PersonalData(
        Person,
        ("passport_name", "phones", "diet", "accessibility", "notes", "languages"),
        by("id"),
        Erasing.blank,
        Keeping.told,
    ),
    PersonalData(
        Person,
        ("province", "language"),
        by("id"),
        Erasing.keep,
        Keeping.evidence,
        "The donor’s indicators count by province; neither names anybody.",
    ),
    PersonalData(PersonAddress, ("address", "address_key"), by("person_id"), Erasing.delete, Keeping.known),
    PersonalData(Merge, ("before",), _merged, Erasing.blank, Keeping.told, is_shown=False),
    PersonalData(AuditNote, ("text",), _of_their_projects, Erasing.redact, Keeping.evidence),
    PersonalData(
        Institution,
        ("name", "search", "address", "letterhead_en", "letterhead_tr"),
        in_projects(),
        Erasing.redact,
        Keeping.evidence,
    ),
    PersonalData(
        Project, ("title", "contact", "mail_from", "texts"), in_projects("id"), Erasing.redact, Keeping.evidence
    ),
    PersonalData(Component, ("title",), in_projects(), Erasing.redact, Keeping.evidence),
    PersonalData(
        Logo, ("file_hash",), nobodys, Erasing.keep, Keeping.evidence, "A partner’s mark on the papers.", is_file=True
    ),
    PersonalData(Logo, ("title",), in_projects(), Erasing.redact, Keeping.evidence),
    PersonalData(
        Account,
        ("name", "address", "address_key", "password", "totp_secret"),
        nobodys,
        Erasing.keep,
        Keeping.staff,
        "Staff sign in with it; it is no participant’s.",
    ),
    PersonalData(Membership, ("name",), nobodys, Erasing.keep, Keeping.staff, "What a project calls its staff."),
    PersonalData(ApiToken, ("name",), nobodys, Erasing.keep, Keeping.staff, "Staff’s word for a program."),
]
IMPERSONAL = {
    **impersonal(AuditEntry, "act facts", "acts, ids, numbers and codes: words are refused when it is written"),
    **impersonal(AuditEntry, "signature", _PROOF),
    **impersonal(AuditSeal, "digest link signature", _PROOF),
    **impersonal(Account, "language", _CODE),
    **impersonal(ApiToken, "token_hash", _RANDOM),
    **impersonal(ApiToken, "rights", _CODE),
    **impersonal(OneTimeLink, "token_hash", _RANDOM),
    **impersonal(SignIn, "token_hash", _RANDOM),
    **impersonal(SignIn, "browser", "which of the usual browsers and systems it is"),
    **impersonal(RecoveryCode, "code_hash", "hash of a random code"),
    **impersonal(Component, "code", "the contract’s number of an activity"),
    **impersonal(Institution, "country province", _CODE),
    **impersonal(Logo, "media_type", _CODE),
    **impersonal(Merge, "moved", "ids of rows"),
    **impersonal(
        Project, "acronym donor contract_number funding_statement_en funding_statement_tr", "the grant’s papers"
    ),
    **impersonal(Project, "zone languages", _CODE),
}
