"""Counts of diets, as programs read them."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from events.programme.events.rules import SessionKind
from visits.meals.rules import MealCount


class DietText(BaseModel):
    """What has no code, as it was written, and how often; never by whom."""

    text: str
    people: int


class MealOut(BaseModel):
    """How many eat what at one meal of the programme, by the code of caterers; those without a special diet under the
    empty code."""

    session_id: UUID
    day: date
    kind: SessionKind
    starts_at: datetime
    total: int
    counts: dict[str, int]
    texts: list[DietText]

    @classmethod
    def of(cls, one: MealCount) -> "MealOut":
        return cls(
            session_id=UUID(one.meal.key),
            day=one.meal.day,
            kind=one.meal.kind,
            starts_at=one.meal.starts,
            total=one.total,
            counts=dict(one.counts),
            texts=[DietText(text=text, people=people) for text, people in one.texts],
        )
