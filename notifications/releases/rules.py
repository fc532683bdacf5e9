"""What may be done with a mail that waits. Pure."""

from core.errors import N_, Refusal


class NotADraft(Refusal):
    status = 409
    code = "not-a-draft"
    title = N_("This has been sent or discarded already.")
