"""The kit of the pages on one page: what a template is put together from, in both languages, light and dark."""

from fastapi import APIRouter, Request, Response

from core.errors import N_
from core.i18n import words
from core.pages import render
from core.web import language_of
from directory.accounts.access import Reader
from events.programme.events.rules import EVENT_KINDS, EVENT_STATES

router = APIRouter(include_in_schema=False)
COLOURS = ("secondary", "blue", "green", "yellow", "red")
NOTES = {
    "success": N_("It is done."),
    "warning": N_("Please look at this before you go on."),
    "danger": N_("This could not be done."),
}


@router.get("/style")
async def style(request: Request, caller: Reader) -> Response:
    """Badges, buttons, forms, tables, messages and plots, as `forms.html`, `kit.html` and `charts.html` make them."""
    return render(
        request,
        "home/style.html",
        wrong={"wrong_field": words(language_of(request)).translate(N_("Please fill this in."))},
        colours=COLOURS,
        notes=NOTES,
        kinds=EVENT_KINDS,
        states=EVENT_STATES,
    )
