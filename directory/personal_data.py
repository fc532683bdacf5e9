"""What the tables of directory, and the history below them, hold of people."""

import json
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from core.audit import AuditEntry, AuditNote, AuditSeal
from core.ids import new_id
from core.mentions import Mention
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
from directory.import_memory.models import ImportMemory
from directory.imports.models import ListImport
from directory.institution_batches.models import InstitutionBatch
from directory.people.models import Institution, InstitutionMerge, Merge, Person, PersonAddress
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


def _forgotten(text: Any, mention: Mention) -> Any:
    """What is remembered by a text is found by it no more; two such texts of a project stay two."""
    return new_id().hex if mention.is_in(str(text)) else text


def _without_lines(kept: Any, mention: Mention) -> Any:
    """A list as it was read loses the whole line of a person, and what was corrected, matched or changed with it."""
    if not kept:
        return kept
    read = json.loads(kept)
    if not isinstance(read, dict):
        return kept

    def is_theirs(*parts: object) -> bool:
        return mention.is_in(json.dumps(parts, ensure_ascii=False))

    for sheet in read.get("sheets", ()):
        sheet["lines"] = [line for line in sheet["lines"] if not is_theirs(line)]
    for name in {"rows", "matches"} & read.keys():
        read[name] = [one for one in read[name] if not is_theirs(one)]
    for name in {"cells", "institutions", "before"} & read.keys():
        read[name] = (
            {key: one for key, one in read[name].items() if not is_theirs(key, one)} if read[name] else read[name]
        )
    left = json.dumps(read, ensure_ascii=False)
    return kept if json.loads(kept) == read else left


PERSONAL = [
    PersonalData(
        ListImport,
        ("content", "choices", "rows", "made"),
        in_projects(),
        Erasing.redact,
        Keeping.told,
        redact=_without_lines,
    ),
    PersonalData(ListImport, ("file_name",), in_projects(), Erasing.redact, Keeping.evidence),
    # Of a column that was mapped the wrong way round.
    PersonalData(
        ImportMemory, ("text",), in_projects(), Erasing.redact, Keeping.evidence, redact=_forgotten, is_shown=False
    ),
    PersonalData(
        Person,
        ("name", "title", "title_en", "protocol_rank", "address"),
        by("id"),
        Erasing.blank,
        Keeping.known,
    ),
    PersonalData(
        Person,
        ("address_key", "search", "name_key", "sort_key", "surname_key"),
        by("id"),
        Erasing.blank,
        Keeping.known,
        is_shown=False,
    ),
    PersonalData(
        Person,
        ("passport_name", "phones", "diet", "accessibility", "notes", "languages"),
        by("id"),
        Erasing.blank,
        Keeping.told,
    ),
    PersonalData(
        Person,
        ("province", "sex", "language"),
        by("id"),
        Erasing.keep,
        Keeping.evidence,
        "The donor’s indicators count by province and sex; none of them names anybody.",
    ),
    PersonalData(PersonAddress, ("address", "address_key"), by("person_id"), Erasing.delete, Keeping.known),
    PersonalData(Merge, ("before",), _merged, Erasing.blank, Keeping.told, is_shown=False),
    PersonalData(AuditNote, ("text",), _of_their_projects, Erasing.redact, Keeping.evidence),
    PersonalData(
        Institution,
        (
            "name",
            "search",
            "name_en",
            "search_en",
            "sort_key",
            "sort_key_en",
            "address",
            "letterhead_en",
            "letterhead_tr",
        ),
        in_projects(),
        Erasing.redact,
        Keeping.evidence,
    ),
    PersonalData(
        InstitutionMerge,
        ("search", "search_en", "merged", "before", "removed"),
        in_projects(),
        Erasing.redact,
        Keeping.evidence,
        "What undoing a merge of two institutions needs.",
    ),
    PersonalData(
        Project,
        ("title", "title_tr", "contact", "mail_from", "texts", "signatory", "signatory_function"),
        in_projects("id"),
        Erasing.redact,
        Keeping.evidence,
    ),
    PersonalData(Component, ("title", "title_tr"), in_projects(), Erasing.redact, Keeping.evidence),
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
    **impersonal(ListImport, "purpose", _CODE),
    **impersonal(ImportMemory, "purpose kind value", "a code, the name of a field or the id of an institution"),
    **impersonal(ApiToken, "token_hash", _RANDOM),
    **impersonal(ApiToken, "rights", _CODE),
    **impersonal(OneTimeLink, "token_hash", _RANDOM),
    **impersonal(SignIn, "token_hash", _RANDOM),
    **impersonal(SignIn, "browser", "which of the usual browsers and systems it is"),
    **impersonal(RecoveryCode, "code_hash", "hash of a random code"),
    **impersonal(Component, "code", "the contract’s number of an activity"),
    **impersonal(Institution, "country province", _CODE),
    **impersonal(InstitutionBatch, "added", "ids of rows"),
    **impersonal(InstitutionMerge, "moved", "ids of rows"),
    **impersonal(Logo, "media_type", _CODE),
    **impersonal(Merge, "moved", "ids of rows"),
    **impersonal(
        Project,
        "acronym donor donor_tr contract_number funding_statement_en funding_statement_tr",
        "the grant’s documents",
    ),
    **impersonal(Project, "zone languages", _CODE),
}
