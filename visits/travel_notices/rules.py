"""What somebody was told of their journey, and what differs since. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from core.errors import N_, Refusal


class NobodyToTell(Refusal):
    """Everybody has been told how their journey stands."""

    status = 409
    code = "nobody-to-tell"
    title = N_("Everybody knows how their journey stands.")


class JourneyItemKind(StrEnum):
    """What a journey is made of, as its traveller sees it."""

    leg = "leg"
    stay = "stay"
    transfer = "transfer"


@dataclass(frozen=True)
class JourneyItem:
    """One line of a journey. Days are ISO days and times "HH:MM" by the clocks of the places, empty where not known.

    `name` is a flight's number, a town or a vehicle; `key` tells one item of a kind from the others.
    """

    kind: JourneyItemKind
    key: str
    name: str
    day: str
    time: str = ""
    until_day: str = ""
    until_time: str = ""
    origin: str = ""
    destination: str = ""

    @property
    def starts(self) -> tuple[str, str]:
        return self.day, self.time


@dataclass(frozen=True)
class ItemChange:
    """What was told and what holds now; one of them is None where an item is gone or new."""

    before: JourneyItem | None
    now: JourneyItem | None

    @property
    def item(self) -> JourneyItem:
        return self.now or self.before  # type: ignore[return-value]


def changes_between(told: Sequence[JourneyItem], now: Sequence[JourneyItem]) -> list[ItemChange]:
    """What differs, as it begins. Something that was changed and changed back is no difference."""
    before, after = {(one.kind, one.key): one for one in told}, {(one.kind, one.key): one for one in now}
    found = [
        ItemChange(before.get(key), after.get(key))
        for key in dict.fromkeys([*before, *after])
        if before.get(key) != after.get(key)
    ]
    return sorted(found, key=lambda one: one.item.starts)


def to_document(items: Sequence[JourneyItem]) -> dict[str, Any]:
    """As a column keeps them."""
    return {"items": [asdict(one) for one in items]}


def from_document(kept: Mapping[str, Any]) -> list[JourneyItem]:
    """The counterpart of `to_document`."""
    return [JourneyItem(**{**one, "kind": JourneyItemKind(one["kind"])}) for one in kept.get("items", [])]
