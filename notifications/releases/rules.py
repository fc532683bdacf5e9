"""What may be done with a mail that waits. Pure."""

from core.errors import N_, Refusal

# What the key of a mail begins with that was discarded: its own one may be used again.
DISCARDED = "discarded:"


class NotADraft(Refusal):
    status = 409
    code = "not-a-draft"
    title = N_("This has been sent or discarded already.")
