"""Who may register on the public page. Pure."""

from datetime import date, datetime

from core.errors import N_, Refusal
from events.invitations.invitations.rules import must_be_in_time
from events.programme.events.rules import Admission


class OnlyByList(Refusal):
    status = 409
    code = "only-by-list"
    title = N_("Only people on the list can take part. If you were invited, please use the link in your mail.")


def must_admit(admission: Admission, opens_on: date | None, until: date, zone: str, *, at: datetime) -> None:
    """An open event, not too early and not too late."""
    if admission is Admission.by_list:
        raise OnlyByList()
    must_be_in_time(opens_on, until, zone, at=at)
