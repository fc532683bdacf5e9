"""Purposes for which data may be used, and what stands in the way of erasing. Pure."""

from datetime import date, timedelta

from core.errors import N_, Refusal

# Turkish law says thirty days (KVKK 6698, article 13), the GDPR without delay and within a month (article 12(3)).
DAYS_TO_ANSWER = timedelta(days=30)
# Whoever is refused is told the reasons (GDPR, article 12(4); KVKK, article 13).
WHY = N_("Please write why it is kept: the person is told.")


def answer_by(asked_on: date) -> date:
    """The last day on which a request can be answered."""
    return asked_on + DAYS_TO_ANSWER


class StillComing(Refusal):
    status = 409
    code = "still-coming"
    title = N_("This person is still invited to “%(event)s”. Please withdraw the invitation first.")


class RequestSettled(Refusal):
    status = 409
    code = "request-settled"
    title = N_("This request has been dealt with already.")
