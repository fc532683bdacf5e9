"""Where evidence of what is paid is found. Slices that keep some say so here (wiring)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from finance.sheet_files.rules import EvidenceLink

FindEvidence = Callable[[AsyncSession, UUID], Awaitable[Mapping[UUID, Sequence[EvidenceLink]]]]
# Of an event: documents by registration, each with its address.
EVIDENCE: list[FindEvidence] = []
