"""The ways Heyet says no: typed, each with a status and a stable code, mapped in one place."""

from collections.abc import Mapping
from typing import ClassVar


def N_(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is shown."""
    return message


def NN_(one: str, many: str) -> tuple[str, str]:
    """Marks a message for one and for %(num)s of something; `Words.count` says it."""
    return one, many


class Unfit(RuntimeError):
    """The installation cannot work like this. Its text is all ours, so that logs may show it."""


class Refusal(Exception):
    """An expected no. Subclasses state a fact; `facts` fill the message's placeholders.

    `field` names the form field the message belongs beside, if there is one.
    """

    status: ClassVar[int]
    code: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, field: str | None = None, *, page: str | None = None, **facts: object) -> None:
        super().__init__(self.code)
        self.field = field
        # Where a person mends it; programs get the refusal itself.
        self.page = page
        self.facts = facts


class MustAgree(Refusal):
    """A step that concerns `count` people, which whoever asks for it was not told: nothing has happened, and pages show
    the same form with a button that says so."""

    status = 409


class NotFound(Refusal):
    status = 404
    code = "not-found"
    title = N_("There is nothing here.")


class FileGone(Refusal):
    status = 404
    code = "file-gone"
    title = N_("This file is not there any more.")


class FileDamaged(FileGone):
    """What lies there is not what was kept. For its reader it is gone; a copy says how many it could not take."""


class StorageAway(Refusal):
    """Where files are kept does not answer, or does not let us in."""

    status = 503
    code = "storage-away"
    title = N_("Files cannot be reached at the moment. Please try again in a few minutes.")


class SignInNeeded(Refusal):
    status = 401
    code = "sign-in-needed"
    title = N_("Please sign in first.")


class NotAllowed(Refusal):
    status = 403
    code = "not-allowed"
    title = N_("Your role does not allow this.")


class ForeignForm(Refusal):
    status = 403
    code = "foreign-form"
    title = N_("This form is too old or came from another site. Please try again.")


class TooMany(Refusal):
    status = 429
    code = "too-many-requests"
    title = N_("Too many requests. Please wait a moment and try again.")

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after=retry_after)


class TooLarge(Refusal):
    status = 413
    code = "too-large"
    title = N_("This is larger than the %(limit)s MB that are accepted.")


class TooManyPixels(Refusal):
    status = 413
    code = "too-many-pixels"
    title = N_("This picture has too many pixels. 2,000 on the longer side are plenty.")


class NotThatKind(Refusal):
    """A file that is something else; `reason` is a message marked with N_ that says what to send instead."""

    status = 415
    code = "unsupported-kind"
    title = N_("This kind of file is not accepted here.")

    def __init__(self, field: str | None = None, reason: str = "", **facts: object) -> None:
        super().__init__(field)
        self.reason, self.facts = reason or self.title, facts


class Unacceptable(Refusal):
    """One field holds what it may not hold; `reason` is a message marked with N_."""

    status = 422
    code = "invalid-input"
    title = N_("Please check what is marked below.")

    def __init__(self, field: str, reason: str, **facts: object) -> None:
        super().__init__(field)
        self.reason, self.facts = reason, facts


class UnacceptableFields(Refusal):
    """Several fields, each with its message marked with N_ and the facts that fill it."""

    status = 422
    code = "invalid-input"
    title = N_("Please check what is marked below.")

    def __init__(self, wrongs: Mapping[str, tuple[str, Mapping[str, object]]]) -> None:
        super().__init__()
        self.wrongs = wrongs


class InUse(Refusal):
    status = 409
    code = "in-use"
    title = N_("Something still hangs on this. Please move or remove that first.")


class LostUpdate(Refusal):
    """The caller's copy is older than what is stored (RFC 9110, 13.1.1)."""

    status = 412
    code = "lost-update"
    title = N_("Somebody saved this since you opened it. Please look at what is there now, then save again.")


class Conflict(Refusal):
    """Somebody else was first: the state is no longer what the caller saw."""

    status = 409
    code = "conflict"
    title = N_("Somebody changed this in the meantime. Please look at it again.")
