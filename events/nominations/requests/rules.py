"""Naming people for an institution: who is within its quota, what a pasted list says. Pure."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from core.documents.tables import Cell, Line
from core.errors import N_, Refusal, Unacceptable
from core.zones import utc_day
from directory.imports.rules import read_headings, read_rows
from directory.list_repairs.rules import with_address_repaired
from events.invitations.invitations.rules import takes_answers
from events.nominations.lists.rules import FIELDS, has_names

MOST_NAMED = 200
REMIND_BEFORE = timedelta(days=3)
# Links look back, and documents are asked for, some time after the names were due.
LINK_OUTLIVES_DEADLINE = timedelta(days=90)


class NomineeState(StrEnum):
    """What became of a name."""

    named = "named"
    accepted = "accepted"
    rejected = "rejected"


class NomineeRank(StrEnum):
    """What the institution sees of a name: a reserve is named beyond the quota."""

    named = "named"
    reserve = "reserve"
    accepted = "accepted"
    rejected = "rejected"


NOMINEE_RANKS = {
    NomineeRank.named: N_("Nominated"),
    NomineeRank.reserve: N_("Reserve"),
    NomineeRank.accepted: N_("Accepted"),
    NomineeRank.rejected: N_("Not accepted"),
}


class LetterState(StrEnum):
    """What became of the letter to an institution."""

    none = "none"
    unwritten = "unwritten"
    draft = "draft"
    going = "going"
    sent = "sent"
    failed = "failed"
    opened = "opened"
    ended = "ended"


LETTER_STATES = {
    LetterState.none: N_("On paper: no focal point"),
    LetterState.unwritten: N_("Not written yet"),
    LetterState.draft: N_("Waits to be sent"),
    LetterState.going: N_("On its way"),
    LetterState.sent: N_("Sent"),
    LetterState.failed: N_("Could not be delivered"),
    LetterState.opened: N_("Opened"),
    LetterState.ended: N_("Ended"),
}


def letter_state(mails: Collection[str], *, is_ended: bool, is_opened: bool, is_reachable: bool) -> LetterState:
    """The letter's true state, by the states of the mails that were written and whether one was opened."""
    if is_ended:
        return LetterState.ended
    if is_opened:
        return LetterState.opened
    for state, found in (
        ("sent", LetterState.sent),
        ("sending", LetterState.going),
        ("queued", LetterState.going),
        ("draft", LetterState.draft),
    ):
        if state in mails:
            return found
    if not is_reachable:
        return LetterState.none
    return LetterState.failed if mails else LetterState.unwritten


class NamingIsOver(Refusal):
    status = 409
    code = "naming-over"
    title = N_("The nomination deadline was %(day)s. Please write to the organiser.")


class CallWithdrawn(Refusal):
    status = 410
    code = "call-withdrawn"
    title = N_("This link no longer works. The organiser can send you a new one.")


class CallsMade(NamedTuple):
    """How many institutions were asked, and how many letters to their focal points wait to be sent."""

    institutions: int
    letters: int


class NobodyToCall(Refusal):
    status = 409
    code = "nobody-to-call"
    title = N_("No institution is chosen, or nominations are requested already from all that are.")


class NobodyToRemind(Refusal):
    status = 409
    code = "nobody-to-remind"
    title = N_("Every institution that can be written to has nominated people.")


class NoNames(Refusal):
    status = 409
    code = "no-names"
    title = N_("Nobody is left to accept here.")


def must_take_names(until: date, zone: str, is_withdrawn: bool, *, at: datetime) -> None:
    """The whole of the last day counts, seen where the event is."""
    if is_withdrawn:
        raise CallWithdrawn()
    if not takes_answers(until, zone, at=at):
        raise NamingIsOver(day=until)


def must_be_ahead(day: date, zone: str, *, at: datetime) -> None:
    """A deadline that is asked for is not over yet where the event is."""
    if not takes_answers(day, zone, at=at):
        raise Unacceptable("answer_by", N_("This day is past."))


def is_link_over(until: date, *, at: datetime) -> bool:
    return utc_day(at) > until + LINK_OUTLIVES_DEADLINE


def ranks_of(states: Sequence[NomineeState], capacity: int) -> list[NomineeRank]:
    """What each name in its order is: the first ones within the quota, those beyond it reserves."""
    found, used = [], 0
    for state in states:
        if state is NomineeState.rejected:
            found.append(NomineeRank.rejected)
            continue
        used += 1
        if state is NomineeState.accepted:
            found.append(NomineeRank.accepted)
        else:
            found.append(NomineeRank.named if used <= capacity else NomineeRank.reserve)
    return found


def reminder_at(answer_by: date, zone: str) -> datetime:
    """Nine in the morning three days before the deadline, where the event is."""
    return datetime.combine(answer_by - REMIND_BEFORE, time(9), tzinfo=ZoneInfo(zone))


def pasted_rows(text: str) -> list[tuple[int, str, str, str]]:
    """Line, name, position and address of each line that was pasted from a spreadsheet or typed.

    With headings the columns may stand in any order; without, the cell with an @ is the address, the first
    other one the name, the second the position.
    """
    delimiter = "\t" if "\t" in text else ";"
    lines = [
        Line(number, [Cell(with_address_repaired(cell.strip())) for cell in line.split(delimiter)])
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip()
    ]
    heads = {index: cell.text for index, cell in enumerate(lines[0].cells)} if lines else {}
    columns = read_headings(heads, FIELDS)
    if has_names(columns.values()):
        rows = read_rows(lines, FIELDS, heading=lines[0].number, columns=columns)
        return [
            (row.number, row.values["name"], row.values.get("title", ""), row.values.get("address", "")) for row in rows
        ]
    found: list[tuple[int, str, str, str]] = []
    for line in lines:
        address = next((cell.text for cell in line.cells if "@" in cell.text), "")
        others = [cell.text for cell in line.cells if cell.text and "@" not in cell.text]
        name, title, *_ = [*others, "", ""]
        found.append((line.number, name, title, address))
    return found
