"""Words of consent, and what people said to them."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from core import audit
from core.i18n import words
from directory.accounts.access import Caller
from directory.projects.service import get_project
from events.invitations.consents.models import Consent, ConsentText
from events.invitations.consents.rules import USUAL_TEXTS, ConsentPurpose
from events.invitations.consents.schemas import ConsentTextIn, ConsentTextOut
from events.invitations.registrations.models import ResponseContext


async def texts_of(db: AsyncSession, project_id: UUID) -> dict[ConsentPurpose, ConsentTextOut]:
    """The words that count now, for each purpose."""
    found = await db.exec(_texts(), params={"project_id": project_id})
    texts = {
        purpose: ConsentTextOut(
            purpose=purpose, version=0, text_en=words("en").translate(text), text_tr=words("tr").translate(text)
        )
        for purpose, text in USUAL_TEXTS.items()
    }
    return texts | {t.purpose: ConsentTextOut(**t.model_dump()) for t in found}


@cache
def _texts() -> SelectOfScalar[ConsentText]:
    theirs = select(ConsentText).where(col(ConsentText.project_id) == sa.bindparam("project_id"))
    return theirs.order_by(col(ConsentText.version))


async def write_text(
    db: AsyncSession, project_id: UUID, given: ConsentTextIn, caller: Caller, *, at: datetime
) -> ConsentTextOut:
    """The next version of the words for one purpose. The same words again change nothing."""
    await get_project(db, project_id, caller)
    now = (await texts_of(db, project_id))[given.purpose]
    if (now.text_en, now.text_tr) == (given.text_en, given.text_tr):
        return now
    written = ConsentText(project_id=project_id, version=now.version + 1, written_at=at, **given.model_dump())
    db.add(written)
    audit.record(
        db,
        "consent.written",
        project_id,
        at=at,
        project_id=project_id,
        **caller.signature,
        purpose=given.purpose,
        version=written.version,
    )
    await db.flush()
    return ConsentTextOut(**written.model_dump())


async def consents_of(db: AsyncSession, invitation_id: UUID) -> dict[ConsentPurpose, Consent]:
    """The latest word to each purpose that was ever answered."""
    found = await db.exec(_said(), params={"invitation_id": invitation_id})
    return {consent.purpose: consent for consent in found}


@cache
def _said() -> SelectOfScalar[Consent]:
    theirs = select(Consent).where(col(Consent.invitation_id) == sa.bindparam("invitation_id"))
    return theirs.order_by(col(Consent.said_at), col(Consent.id))


async def note_consents(
    db: AsyncSession, context: ResponseContext, said: Mapping[ConsentPurpose, bool], *, at: datetime
) -> None:
    """Write down what the person says now, where it differs from what they said, or the words do."""
    texts = await texts_of(db, context.project.id)
    before = await consents_of(db, context.invitation.id)
    for purpose, is_given in said.items():
        last, version = before.get(purpose), texts[purpose].version
        if last is None and not is_given:
            continue
        if last is not None and (last.is_given, last.version) == (is_given, version):
            continue
        db.add(
            Consent(
                invitation_id=context.invitation.id,
                person_id=context.person.id,
                purpose=purpose,
                version=version,
                is_given=is_given,
                said_at=at,
            )
        )
        audit.record(
            db,
            "consent.given" if is_given else "consent.withdrawn",
            context.person.id,
            at=at,
            project_id=context.project.id,
            by=audit.Actor.person(context.person.id),
            purpose=purpose,
            version=version,
        )
    if context.registration:
        context.registration.agrees_photographs = said.get(
            ConsentPurpose.photographs, context.registration.agrees_photographs
        )
    await db.flush()
