"""Purposes for which data may be used. Pure."""

from enum import StrEnum

from core.errors import N_


class ConsentPurpose(StrEnum):
    """What a person is asked to agree to, each apart."""

    data_use = "data-use"
    photographs = "photographs"
    contacts = "contacts"


PURPOSES = {
    ConsentPurpose.data_use: N_("Use of my data for the event"),
    ConsentPurpose.photographs: N_("Photographs"),
    ConsentPurpose.contacts: N_("Sharing my contact with other participants"),
}


# What is asked where a project has no words of its own: version 0.
USUAL_TEXTS = {
    ConsentPurpose.data_use: N_("My data may be used to organise and account for this event."),
    ConsentPurpose.photographs: N_("Photographs of me may be used in reports. (Not needed to take part.)"),
    ConsentPurpose.contacts: N_(
        "My name, institution and e-mail address may be given to the other participants. (Not needed to take part.)"
    ),
}
