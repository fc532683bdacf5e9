"""Who may fill in a form: whoever holds their personal link, as long as the form is open."""

from typing import Annotated

from fastapi import Depends, Request

from core.clock import Moment
from events.invitations.invitations.access import Guest, guest_of


async def _respondent(request: Request, at: Moment) -> Guest:
    """The link of a follow-up is mailed months after the event, when it opens nothing else any more."""
    return await guest_of(request, at=at, outlives_event=True)


_respondent.declares = "participant"  # type: ignore[attr-defined]
Respondent = Annotated[Guest, Depends(_respondent)]
