"""Purposes for which data may be used, and what stands in the way of erasing. Pure."""

from core.errors import N_, Refusal


class StillComing(Refusal):
    status = 409
    code = "still-coming"
    title = N_("This person is still invited to “%(event)s”. Please withdraw the invitation first.")


class RequestSettled(Refusal):
    status = 409
    code = "request-settled"
    title = N_("This request has been dealt with already.")
