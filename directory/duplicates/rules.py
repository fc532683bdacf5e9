"""When two records look like one person, and when they cannot be merged. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from rapidfuzz import process
from rapidfuzz.distance import Indel

from core.errors import N_, Refusal

# The share of letters that two names have in common, in the same order (2 x common / all letters of both).
LIKENESS = 0.88
# One letter more or less is a slip; a word more is another person, as often as not.
MOST_LETTERS_MORE = 3


class SamePersonTwice(Refusal):
    status = 422
    code = "same-person-twice"
    title = N_("A person cannot be merged with themself.")


class TwoProjects(Refusal):
    status = 422
    code = "two-projects"
    title = N_("These are records of two projects. What somebody told one project stays there.")


class MergedAlready(Refusal):
    status = 409
    code = "merged-already"
    title = N_("One of the two has been merged already.")


class BothNamed(Refusal):
    status = 409
    code = "both-named"
    title = N_("Both are on the list of the same event. Please withdraw one of the two invitations first.")


class KeepTheOther(Refusal):
    status = 409
    code = "keep-the-other"
    title = N_("The invitation of this record has been withdrawn, that of the other one counts. Please keep the other.")


class NothingToUndo(Refusal):
    status = 409
    code = "nothing-to-undo"
    title = N_("This merge has been undone already, or the person was merged again since.")


class ForgottenSince(Refusal):
    status = 409
    code = "forgotten-since"
    title = N_("What was known of these two has been erased or forgotten since. They cannot be taken apart any more.")


class MailboxHasOwner(Refusal):
    status = 409
    code = "mailbox-has-owner"
    title = N_(
        "The address %(address)s of the record that was taken in is that of %(name)s by now. Please give that record "
        "another one first."
    )


@dataclass(frozen=True)
class KnownPerson:
    """A person as likeness sees them. `key` is the name, folded and its words sorted."""

    id: UUID
    project_id: UUID
    key: str
    institution_id: UUID | None


def are_alike(people: Sequence[KnownPerson]) -> list[tuple[UUID, UUID]]:
    """Pairs of one project with the same words in their names, or with names nearly the same in one institution.

    Every two colleagues are compared: 2,000 of one institution take a quarter of a second.
    """
    pairs: dict[tuple[UUID, UUID], None] = {}
    by_key: dict[tuple[UUID, str], list[KnownPerson]] = {}
    by_institution: dict[UUID, list[KnownPerson]] = {}
    for person in people:
        by_key.setdefault((person.project_id, person.key), []).append(person)
        if person.institution_id:
            by_institution.setdefault(person.institution_id, []).append(person)
    for same in by_key.values():
        for n, a in enumerate(same):
            for b in same[n + 1 :]:
                pairs[_ordered(a.id, b.id)] = None
    for colleagues in by_institution.values():
        keys = [person.key for person in colleagues]
        for n, a in enumerate(colleagues):
            near = process.extract(
                a.key, keys[n + 1 :], scorer=Indel.normalized_similarity, score_cutoff=LIKENESS, limit=None
            )
            for key, _, m in near:
                if abs(len(a.key) - len(key)) <= MOST_LETTERS_MORE:
                    pairs[_ordered(a.id, colleagues[n + 1 + m].id)] = None
    return list(pairs)


def _ordered(a: UUID, b: UUID) -> tuple[UUID, UUID]:
    return (a, b) if a < b else (b, a)
