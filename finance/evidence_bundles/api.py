"""The evidence of a sheet for programs."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.bundles import ZIP
from core.settings import Installed
from core.web import StrictRoute, download
from directory.accounts.access import MoneyReader
from finance.evidence_bundles import service
from finance.evidence_bundles.rules import NoBundleYet
from finance.evidence_bundles.schemas import EvidenceBundleOut
from notifications.jobs.models import Job
from notifications.jobs.schemas import JobOut

PREFIX = "/api/v1/per-diem-sheets/{per_diem_sheet_id}/evidence"
router = APIRouter(prefix=PREFIX, tags=["per diem"], route_class=StrictRoute)
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {ZIP: {}}}}


@router.post("", status_code=202, response_model=JobOut)
async def order(per_diem_sheet_id: UUID, caller: MoneyReader, db: Db, at: Moment) -> Job:
    """Put the evidence together: sheet, signed lists, tickets, receipts, payments, approvals, history, programme, rates
    and a manifest with hashes. The job tells when it is there."""
    return await service.order(db, per_diem_sheet_id, caller, at=at)


@router.get("", response_model=EvidenceBundleOut)
async def evidence(per_diem_sheet_id: UUID, caller: MoneyReader, db: ReadDb) -> EvidenceBundleOut:
    """When it was put together last, and the SHA-256 of the file."""
    found = await service.bundle_of(db, per_diem_sheet_id, caller)
    if found is None:
        raise NoBundleYet()
    return EvidenceBundleOut.of(found)


@router.get("/file", response_class=Response, responses=FILE)
async def evidence_file(
    per_diem_sheet_id: UUID, caller: MoneyReader, db: Db, at: Moment, settings: Installed
) -> Response:
    """The file; the history keeps who took it. It is deleted after seven days."""
    name, content = await service.take(db, per_diem_sheet_id, caller, settings, at=at)
    return download(content, ZIP, name)
