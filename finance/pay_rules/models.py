"""What each project pays by."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import document


class PayRules(SQLModel, table=True):
    """By which rule sets a project pays at home and abroad, from when its lists count, and in which currency.

    Without a `pay_currency` everybody is paid in the currency of their rates; receipts are paid in `receipt_currency`.
    `switches` are the project's own, by "home" and "abroad", as text. `official_days` before and after an event still
    belong to the journey; nights outside are private. `assumes_nights` takes the event's nights for whoever has
    none entered. Dates up to `closed_until` are closed: no sheet with a line on them is submitted any more.
    With `shows_statements` participants see what they get and why, with `signs_on_screen` they may sign for it there.
    """

    __tablename__ = "pay_rules"

    project_id: UUID = Field(primary_key=True, foreign_key="project.id")
    home_country: str = Field(default="TR", max_length=2)
    home: str = Field(default="eu_external", max_length=32)
    abroad: str = Field(default="eu_external", max_length=32)
    contract_date: date | None = None
    pay_currency: str = Field(default="", max_length=3)
    receipt_currency: str = Field(default="EUR", max_length=3)
    switches: dict[str, Any] = document(default_factory=dict)
    official_days: int = 1
    assumes_nights: bool = False
    closed_until: date | None = None
    shows_statements: bool = True
    signs_on_screen: bool = False
    revision: int = 0

    def rule_set(self, country: str) -> str:
        """The set for a journey to that country."""
        return self.home if country == self.home_country else self.abroad

    def own_switches(self, country: str) -> dict[str, Any]:
        """What the project set for it, by names of `rules.SWITCHES`."""
        found: dict[str, Any] = self.switches.get("home" if country == self.home_country else "abroad", {})
        return found
