"""Whether there is room. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from events.invitations.invitations.rules import Category


@dataclass(frozen=True)
class Seeker:
    """Somebody who wants a place. `institutions` are their own and all that stand above it, `seats` what they
    need with those whom they bring."""

    category: Category
    institutions: frozenset[UUID]
    seats: int = 1


@dataclass
class Limit:
    """So many places, so many of them taken; for everybody where neither category nor institution is named. More may
    be taken than there are: a quota that shrinks removes nobody."""

    capacity: int
    taken: int
    category: Category | None = None
    institution_id: UUID | None = None

    def counts(self, who: Seeker) -> bool:
        """Whether the person takes up one of these places."""
        is_category = self.category is None or self.category is who.category
        return is_category and (self.institution_id is None or self.institution_id in who.institutions)


def has_room(limits: Sequence[Limit], who: Seeker) -> bool:
    """A person needs their seats in each limit that counts for them. An overbooked limit has none."""
    return all(limit.taken + who.seats <= limit.capacity for limit in limits if limit.counts(who))


def take(limits: Sequence[Limit], who: Seeker) -> None:
    """Note that the person has their places."""
    for limit in limits:
        limit.taken += who.seats if limit.counts(who) else 0


def has_room_before(limits: Sequence[Limit], who: Seeker, waiting: Sequence[Seeker]) -> bool:
    """A newcomer gets a place where there is room for them, and for nobody who has waited longer."""
    return has_room(limits, who) and not any(has_room(limits, one) for one in waiting)


def with_all_above(institution_id: UUID | None, parents: Mapping[UUID, UUID | None]) -> frozenset[UUID]:
    """An institution and those above it; a circle, which no rule allows, ends where it began."""
    found: set[UUID] = set()
    while institution_id is not None and institution_id not in found:
        found.add(institution_id)
        institution_id = parents.get(institution_id)
    return frozenset(found)
