"""What the history of what is paid says, in words."""

from core.errors import N_

ACTS = {
    "rates.imported": N_("Rate table imported"),
    "rates.in-force": N_("Rate table put into force"),
    "rates.discarded": N_("Rate table discarded"),
    "rates.withdrawn": N_("Rate table withdrawn"),
    "pay-rules.changed": N_("How the project pays changed"),
    "per-diem.submitted": N_("Per-diem sheet submitted"),
    "per-diem.approved": N_("Per-diem sheet approved"),
    "per-diem.returned": N_("Per-diem sheet returned"),
    "payee.entered": N_("Payment details entered"),
    "payee.revealed": N_("Account number shown whole"),
    "per-diem.checked": N_("Per-diem sheet checked"),
    "per-diem.recalled": N_("Per-diem sheet recalled"),
    "per-diem.closed": N_("Per-diem sheet closed"),
    "receipt.claimed": N_("Receipt claimed"),
    "receipt.corrected": N_("Receipt corrected"),
    "receipt.withdrawn": N_("Receipt withdrawn"),
    "receipt.accepted": N_("Receipt accepted"),
    "receipt.refused": N_("Receipt refused"),
    "receipt-ceiling.set": N_("Ceiling for receipts set"),
    "receipt-ceiling.removed": N_("Ceiling for receipts removed"),
    "per-diem.downloaded": N_("Per-diem sheet downloaded"),
    "paying-account.changed": N_("Account that the project pays from changed"),
    "payment-batch.made": N_("Payments put together"),
    "payments.paid": N_("Payments made"),
    "payments.failed": N_("Payments failed"),
    "payments.cancelled": N_("Payments cancelled"),
    "money.returned": N_("Money came back"),
}
