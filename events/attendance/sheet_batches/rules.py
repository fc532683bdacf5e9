"""What is refused of a batch. Pure."""

from core.errors import N_, Refusal

MOST = 60


class NoEventChosen(Refusal):
    """Nothing was ticked, or events of another project were."""

    status = 422
    code = "no-event-chosen"
    title = N_("Please tick the events whose sheets you want to print.")


class NoSheetYet(Refusal):
    """An event of those asked for has no sheet."""

    status = 409
    code = "no-sheet-yet"
    title = N_("“%(event)s” has no sign-in sheet yet. Please make the sheets first.")
