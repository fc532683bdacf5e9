"""The table of meals for hosts."""

from core.errors import N_
from core.i18n import Words
from events.programme.events.models import Event
from events.programme.events.rules import SESSION_KINDS
from visits.meals.rules import DIETS, Diet, MealCount


def meals_table(event: Event, meals: list[MealCount], say: Words) -> list[list[object]]:
    """A row a meal, a column for each diet that is eaten at all, what has no code in words at the end."""
    used = [diet for diet in Diet if any(diet.value in one.counts for one in meals)]
    heads = [say.translate(name) for name in (N_("Day"), N_("Meal"), N_("Time"), N_("People"), N_("No special diet"))]
    names = [f"{diet.value} {say.translate(DIETS[diet])}" for diet in used]
    rows: list[list[object]] = [[*heads, *names, say.translate("Without a code")]]
    for one in meals:
        meal = one.meal
        texts = "; ".join(f"{text} ({people})" for text, people in one.texts)
        rows.append(
            [
                meal.day,
                say.translate(SESSION_KINDS[meal.kind]),
                say.time(meal.starts, event.zone),
                one.total,
                one.counts.get("", 0),
                *(one.counts.get(diet.value, 0) for diet in used),
                texts,
            ]
        )
    return rows
