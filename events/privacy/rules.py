"""Purposes for which data may be used, and what stands in the way of erasing. Pure."""

from enum import StrEnum

from core.errors import N_, Refusal


class Purpose(StrEnum):
    """What a person is asked to agree to, each apart."""

    data_use = "data-use"
    photographs = "photographs"
    contacts = "contacts"


PURPOSES = {
    Purpose.data_use: N_("Use of my data for the event"),
    Purpose.photographs: N_("Photographs"),
    Purpose.contacts: N_("Sharing my contact with other participants"),
}
# What is asked where a project has no words of its own: version 0.
USUAL_TEXTS = {
    Purpose.data_use: N_("My data may be used to organise and account for this event."),
    Purpose.photographs: N_("Photographs of me may be used in reports. (Not needed to take part.)"),
    Purpose.contacts: N_(
        "My name, institution and e-mail address may be given to the other participants. (Not needed to take part.)"
    ),
}


class StillComing(Refusal):
    status = 409
    code = "still-coming"
    title = N_("This person is still asked to “%(event)s”. Please take the invitation back first.")


class RequestSettled(Refusal):
    status = 409
    code = "request-settled"
    title = N_("This request has been dealt with already.")
