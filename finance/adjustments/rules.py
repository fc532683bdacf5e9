"""What is refused of adjustments. Pure."""

from core.errors import N_, Refusal


class AdjustmentCancelled(Refusal):
    status, code, title = 409, "adjustment-cancelled", N_("This adjustment was cancelled already.")
