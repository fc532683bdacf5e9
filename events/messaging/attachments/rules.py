"""Which documents of one person's can go with a mail. Pure."""

from enum import StrEnum

from core.errors import N_, Refusal


class AttachmentKind(StrEnum):
    """What is made for one person."""

    calendar = "calendar"
    itinerary = "itinerary"
    certificate = "certificate"


ATTACHMENT_KINDS = {
    AttachmentKind.calendar: N_("Their sessions as a calendar file"),
    AttachmentKind.itinerary: N_("Their programme with nights, PDF"),
    AttachmentKind.certificate: N_("Certificate of attendance, PDF"),
}


class AttachmentMissing(Refusal):
    """Somebody on the list has no such document: that stops the writing, not the sending."""

    status = 409
    code = "paper-missing"
    title = N_("For %(count)s of them there is no such document. Please choose only those who %(who)s.")


WHO = {
    AttachmentKind.calendar: N_("have a place"),
    AttachmentKind.itinerary: N_("have a place"),
    AttachmentKind.certificate: N_("have a certificate: they are issued under Attendance"),
}
