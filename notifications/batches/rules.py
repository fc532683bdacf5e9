"""How a batch stands, what keeps it from being sent, and where added words go. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from html import escape
from typing import Any

from core.errors import N_, NN_, Refusal

# Of what was just sent; a notice has `count`.
ON_THEIR_WAY = NN_("One message is on its way.", "%(num)s messages are on their way.")


class BatchStatus(StrEnum):
    """Where a batch stands; read from its messages, kept nowhere."""

    waiting = "waiting"
    going = "going"
    sent = "sent"
    discarded = "discarded"


BATCH_STATUSES = {
    BatchStatus.waiting: N_("Waits to be sent"),
    BatchStatus.going: N_("Being sent"),
    BatchStatus.sent: N_("Sent"),
    BatchStatus.discarded: N_("Discarded"),
}


class Omitted(StrEnum):
    """Why somebody of a batch gets no mail."""

    no_address = "no-address"
    left_list = "left-list"
    answered = "answered"


OMITTED = {
    Omitted.no_address: N_("No e-mail address"),
    Omitted.left_list: N_("No longer on the list"),
    Omitted.answered: N_("Has answered meanwhile"),
}


class BatchOutdated(Refusal):
    status = 409
    code = "batch-outdated"


class BatchIsOff(BatchOutdated):
    title = N_("The event does not take place any more: please discard these mails.")


class BatchMoved(BatchOutdated):
    title = N_("Time or place has changed since these mails were written: please discard them and write them again.")


class BatchBeingWritten(BatchOutdated):
    code = "batch-being-written"
    title = N_("These mails are just being written. Please try again in a moment.")


class BatchGrown(BatchOutdated):
    code = "batch-grown"
    title = N_("The number of mails is %(count)s by now. Please look again before you send them.")


class NothingToRecall(Refusal):
    status = 409
    code = "nothing-to-recall"
    title = N_("These mails have left: they cannot be taken back.")


def status_of(counts: Mapping[str, int]) -> BatchStatus:
    """How a batch stands by how many of its messages are in which state; cancelled ones count for nothing: of what was
    sent in part the rest may be discarded, or replaced by newer mails."""
    if counts.get("draft"):
        return BatchStatus.waiting
    if counts.get("queued") or counts.get("sending"):
        return BatchStatus.going
    has_left = any(count for state, count in counts.items() if state != "cancelled")
    return BatchStatus.sent if has_left else BatchStatus.discarded


def leaves_at(count: int, seconds: int, *, at: datetime) -> datetime:
    """When mails that are sent now leave: more than one a little later, so that they can be taken back."""
    return at + timedelta(seconds=seconds if count > 1 else 0)


_FIRST = re.compile(r"(<p class=\"text\"[^>]*>).*?</p>", re.DOTALL)


def with_added(plain: str, html: str, added: str) -> tuple[str, str]:
    """A mail's two texts with paragraphs of the organiser after the greeting, which is what each begins with. What was
    typed is text in both."""
    paragraphs = [one.strip() for one in added.replace("\r", "").split("\n\n") if one.strip()]
    if not paragraphs:
        return plain, html
    greeting, _, rest = plain.partition("\n\n")
    plain = "\n\n".join([greeting, *paragraphs, rest])
    found = _FIRST.search(html)
    if found is None:
        return plain, html
    made = "".join(f"{found[1]}{_lines(one)}</p>" for one in paragraphs)
    return plain, html[: found.end()] + made + html[found.end() :]


def _lines(paragraph: str) -> str:
    return "<br>".join(escape(line) for line in paragraph.splitlines())


def added_in(batch: Any, language: str, left_at: datetime | None = None) -> str:
    """What the organiser adds for readers of a language; to a mail that left at a moment, what it was then."""
    name = "added_tr" if language == "tr" else "added_en"
    for former in batch.former_words or ():
        if left_at is not None and left_at < datetime.fromisoformat(former["until"]):
            return str(former[name])
    return str(getattr(batch, name))
