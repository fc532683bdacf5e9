"""Which evidence may be missing, and where it is added. Pure."""

from enum import StrEnum

from core.errors import N_


class EvidenceGap(StrEnum):
    """What an auditor asks for and does not find."""

    attendance = "attendance"
    ticket = "ticket"
    hotel = "hotel"
    receipt = "receipt"
    reference = "reference"


EVIDENCE_GAPS = {
    EvidenceGap.attendance: N_("Attendance not signed"),
    EvidenceGap.ticket: N_("No ticket or boarding pass"),
    EvidenceGap.hotel: N_("No hotel bill"),
    EvidenceGap.receipt: N_("Receipt without a file"),
    EvidenceGap.reference: N_("Payment without a reference"),
}
# The page of the event on which it is added; a reference stands with the payment, on the sheet.
ADDED_UNDER = {
    EvidenceGap.attendance: "attendance",
    EvidenceGap.ticket: "leg-files",
    EvidenceGap.hotel: "receipts",
    EvidenceGap.receipt: "receipts",
}
