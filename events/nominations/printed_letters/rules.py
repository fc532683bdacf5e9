"""What is refused of printing letters. Pure."""

from core.errors import N_, Refusal


class NothingToPrint(Refusal):
    """Everybody who is asked can be written to by mail."""

    status = 409
    code = "nothing-to-print"
    title = N_("All institutions that were asked can be written to by mail: there is no letter to print.")
