"""Names of an event as programs see them."""

from typing import Annotated
from uuid import UUID

from core.paging import Paging, sorting
from directory.people.models import Institution
from events.nominations.requests.models import Nominee
from events.nominations.requests.rules import NomineeRank
from events.nominations.requests.schemas import NomineeOut

# What names may stand by.
NomineePaging = Annotated[Paging, sorting("name", "position", "institution", "state")]


class NomineeBrief(NomineeOut):
    """A name in the event's list, and who gave it."""

    call_id: UUID
    institution: str

    @classmethod
    def given_by(cls, institution: Institution, nominee: Nominee, rank: NomineeRank) -> "NomineeBrief":
        return cls(**NomineeOut.of(nominee, rank).model_dump(), call_id=nominee.call_id, institution=institution.name)
