"""Writes the generated pages of docs/: settings, operations of the API, the list of decisions; with --check it fails
where one is out of date."""

import re
import sys
from pathlib import Path
from typing import get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from core.settings import Settings
from events.invitations.invitations.rules import InvitationStatus
from events.invitations.phases.rules import BY_ITSELF, OF_WHOM, PERMITTED, Act, Phase
from heyet.api_description import operations
from heyet.app import routed

DOCS = Path(__file__).resolve().parent.parent / "docs"
SETTINGS = """# Configuration

Every setting is an environment variable, or a line of `.env` in the folder Heyet is started from. The
defaults are the embedded way to run: SQLite, work in the web process, mail kept in the local mailbox.
`heyet check` says what is missing or unsafe.

This page is written from `core/settings.py` by `make docs`.

| Variable | Default | Meaning |
|---|---|---|
"""
DECISIONS = """# Decisions

One short record each: what was decided, why, and what else was weighed. Who decides anew writes a new record and puts
`replaced by 00NN` in the place of `in force` in the old one, whose text stays. Write `00NN-some-words.md` in this
folder with the next number; `make docs` adds it to this list.

| | Decision | Date | |
|---|---|---|---|
"""
REGISTRATION = """# What each moment of an event allows

An event has phases, by the calendar where it takes place; a day belongs to its phase as a whole, the last one for
answers and the last one for substitutes too. Without a deadline answers are open until the event ends. Where several
phases hold at a time (a freeze before the deadline, the days of the event after both), an act needs a yes of each.

Staff are bound by none of it: they note what they were told, whenever that was. Who has signed or checked in cannot
leave or hand over by link, and stays in the list of participants whatever becomes of the invitation. Of a cancelled
event people may only leave; a postponed one takes no answers. A session is chosen before it begins, and
two that overlap are not: who has chosen one, or waits for it, leaves it first. A place that becomes
free in a session goes to who waits, or is kept for their answer, as the event's own do; not to
who sits in another one then, as a session may have moved.

*Promote* means that a place which became free goes to who waits, or is offered to them, by itself. An event may say
that it does so after the deadline too (`fills_late`), until it begins; whenever it is, the organiser gives free
places to who waits on the page of the waiting list. An offer is kept for its hours, beyond the deadline too, and
never longer than until the event begins.

This page is written from `events/invitations/phases/rules.py` by `make docs`; the code asks that table, and
`tests/events/invitations/test_phases.py` tries each of its cells.

"""
BY_STATUS = """
By how an invitation stands; what a star marks is done by itself. Everybody may say or end a consent whenever they
like, and correct their name unless names are frozen.

"""
EVERYBODYS = (Act.say_consent, Act.correct_name)
RECORD = re.compile(r"# (?P<number>\d{4}) (?P<title>.+)\n\n(?P<date>\d{4}-\d\d-\d\d) · (?P<status>.+)\n\n")


def pages(docs: Path = DOCS) -> dict[Path, str]:
    """Every generated page and what it should hold."""
    return {
        docs / "configuration.md": configuration(),
        docs / "registration.md": registration(),
        docs / "api-operations.txt": api_operations(docs / "api-operations.txt"),
        docs / "decisions" / "README.md": decisions(docs / "decisions"),
    }


def configuration() -> str:
    """The page of settings."""
    return SETTINGS + "".join(_row(name, field) for name, field in Settings.model_fields.items())


def registration() -> str:
    """The page of what each moment of an event allows."""
    head = f"| | {' | '.join(phase.replace('-', ' ') for phase in Phase)} |\n|---|{':-:|' * len(Phase)}\n"
    by_act = "".join(
        f"| {act.replace('-', ' ')} | {' | '.join('yes' if phase in PERMITTED[act] else '–' for phase in Phase)} |\n"
        for act in Act
    )
    by_status = "".join(
        f"| **{status}** | {' | '.join(_acts_in(status, phase) for phase in Phase)} |\n" for status in InvitationStatus
    )
    return f"{REGISTRATION}{head}{by_act}{BY_STATUS}{head}{by_status}"


def _acts_in(status: InvitationStatus, phase: Phase) -> str:
    acts = [act for act in Act if act not in EVERYBODYS and status in OF_WHOM[act] and phase in PERMITTED[act]]
    return ", ".join(act.replace("-", " ") + (" *" if act in BY_ITSELF else "") for act in acts) or "–"


def decisions(folder: Path) -> str:
    """The list of records. Raises ValueError where one has no head, or a number that is not the next."""
    rows = []
    for number, path in enumerate(sorted(folder.glob("[0-9]*.md")), 1):
        head = RECORD.match(path.read_text(encoding="utf-8"))
        if head is None or head["number"] != path.name[:4] or int(head["number"]) != number:
            raise ValueError(f"docs/decisions/{path.name} should be number {number:04} and begin like the others.")
        rows.append(f"| {head['number']} | [{head['title']}]({path.name}) | {head['date']} | {head['status']} |\n")
    return DECISIONS + "".join(rows)


def api_operations(kept: Path) -> str:
    """The names of all operations of the API, one a line. What stands there stays: programs call it by that name, so
    whoever takes one away deletes its line by hand, and says so in CHANGELOG.md."""
    there = {f"{one.id} {one.verb} {one.path}" for one in operations(routed().openapi())}
    known = set(kept.read_text(encoding="utf-8").splitlines()) if kept.exists() else set()
    return "".join(f"{line}\n" for line in sorted(there | known))


def _row(name: str, field: FieldInfo) -> str:
    default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
    shown = f"`{default}`" if field.default_factory is None and str(default) else "empty"
    choices = [f"`{choice}`" for choice in get_args(field.annotation) if isinstance(choice, str)]
    meaning = f"{field.description}{' One of ' + ', '.join(choices) + '.' if choices else ''}"
    return f"| `HEYET_{name.upper()}` | {shown} | {meaning.replace('|', chr(92) + '|')} |\n"


def main() -> None:
    try:
        wanted = pages()
    except ValueError as error:
        sys.exit(str(error))
    for path, text in wanted.items():
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            sys.exit(f"docs/{path.relative_to(DOCS)} is out of date: run `make docs`.")


if __name__ == "__main__":
    main()
