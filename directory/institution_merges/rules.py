"""When two records look like one institution, and when they cannot be merged. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from core.errors import N_, Refusal
from directory.institutions.rules import LIKELY, Known, likeness_of, provinces_of
from directory.people.models import InstitutionKind


class SameInstitutionTwice(Refusal):
    status = 422
    code = "same-institution-twice"
    title = N_("An institution cannot be merged with itself.")


class OfTwoProjects(Refusal):
    status = 422
    code = "two-projects"
    title = N_("These are institutions of two projects.")


class NotUndoable(Refusal):
    status = 409
    code = "nothing-to-undo"
    title = N_("This merge has been undone already, or the institution was merged again since.")


class NameTaken(Refusal):
    status = 409
    code = "name-taken"
    title = N_("The name that it had belongs to another institution now. Please rename that one first.")


@dataclass(frozen=True)
class Candidate:
    """An institution as likeness sees it, with its project and kind."""

    known: Known
    project_id: UUID
    kind: InstitutionKind


def are_alike(institutions: Sequence[Candidate]) -> list[tuple[UUID, UUID]]:
    """Pairs of one project and kind whose names are likely to mean one body, the likeliest first.

    What came with a list is of kind `other`, whatever it is. Those of different provinces are not compared: of a
    thousand institutions, 81 of each kind, that leaves some ten thousand pairs.
    """
    scored = {}
    for a, b in _comparable(institutions):
        if a.kind is b.kind or InstitutionKind.other in (a.kind, b.kind):
            score = likeness_of(a.known, b.known)
            if score >= LIKELY:
                first, second = sorted((a.known.id, b.known.id))
                scored[first, second] = score
    return sorted(scored, key=lambda pair: (-scored[pair], pair))


def _comparable(institutions: Sequence[Candidate]) -> Iterable[tuple[Candidate, Candidate]]:
    """Two of one project that share a province, or of which one says none. Some come twice."""
    of_project: dict[UUID, list[Candidate]] = {}
    for one in institutions:
        of_project.setdefault(one.project_id, []).append(one)
    for some in of_project.values():
        by_province: dict[str, list[Candidate]] = {}
        for one in some:
            for code in provinces_of(one.known) or [""]:
                by_province.setdefault(code, []).append(one)
        for together in by_province.values():
            yield from combinations(together, 2)
        nowhere = by_province.pop("", [])
        yield from ((one, other) for one in nowhere for rest in by_province.values() for other in rest)
