"""What the roster can show, find, and do to many people at once. Pure."""

from enum import StrEnum

from core.errors import N_


class Mark(StrEnum):
    """Something worth finding beside the answer."""

    unanswered = "unanswered"
    not_opened = "not-opened"
    no_address = "no-address"
    bounced = "bounced"
    missing = "missing"
    reapplied = "reapplied"
    checked_in = "checked-in"
    not_checked_in = "not-checked-in"
    certified = "certified"


MARKS = {
    Mark.unanswered: N_("Not answered"),
    Mark.not_opened: N_("Link not opened"),
    Mark.no_address: N_("No address"),
    Mark.bounced: N_("Mail came back"),
    Mark.missing: N_("Data missing"),
    Mark.reapplied: N_("Asked again on the public page"),
    Mark.checked_in: N_("Attended"),
    Mark.not_checked_in: N_("Place, not attended"),
    Mark.certified: N_("Has a certificate"),
}


FUNNEL = (N_("Invited"), N_("Delivered"), N_("Opened"), N_("Answered"), N_("Attending"))


class Column(StrEnum):
    """What a line of the roster shows beside the name."""

    position = "position"
    institution = "institution"
    province = "province"
    address = "address"
    category = "category"
    answer = "answer"
    answered_at = "answered-at"
    origin = "origin"
    mail = "mail"
    opened = "opened"
    details = "details"
    guests = "guests"
    signed = "signed"
    reason = "reason"


COLUMNS = {
    Column.position: N_("Position"),
    Column.institution: N_("Institution"),
    Column.province: N_("Province"),
    Column.address: N_("E-mail"),
    Column.category: N_("Category"),
    Column.answer: N_("Answer"),
    Column.answered_at: N_("Answered on"),
    Column.origin: N_("Came by"),
    Column.mail: N_("Invitation mail"),
    Column.opened: N_("Link opened"),
    Column.details: N_("Data"),
    Column.guests: N_("Guests"),
    Column.signed: N_("Half-days signed"),
    Column.reason: N_("Reason"),
}
USUAL = (Column.institution, Column.address, Column.answer, Column.details)
