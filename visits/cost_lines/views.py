"""The table of a visit's costs, for pages and programs."""

from core.errors import N_
from core.i18n import Words
from visits.cost_lines.rules import COST_HEADINGS, COST_STAGES
from visits.cost_lines.service import VisitCosts


def costs_table(found: VisitCosts, say: Words) -> list[list[object]]:
    """Every line with its person, below headings."""
    names = found.names
    heads = [N_("Cost heading"), N_("Stage"), N_("What for"), N_("Name"), N_("Amount"), N_("Currency")]
    rows: list[list[object]] = [[say.translate(head) for head in heads]]
    for item in found.items:
        rows.append(
            [
                say.translate(COST_HEADINGS[item.heading]),
                say.translate(COST_STAGES[item.stage]),
                item.text,
                names.get(item.registration_id, "") if item.registration_id else "",
                item.amount.amount,
                item.amount.currency,
            ]
        )
    return rows
