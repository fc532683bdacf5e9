"""What the history of what is paid says, in words."""

from core.errors import N_

ACTS = {
    "rates.imported": N_("Rate table imported"),
    "rates.in-force": N_("Rate table put into force"),
    "rates.discarded": N_("Rate table discarded"),
    "rates.withdrawn": N_("Rate table withdrawn"),
    "per-diem.submitted": N_("Per-diem sheet submitted"),
    "per-diem.approved": N_("Per-diem sheet approved"),
    "per-diem.returned": N_("Per-diem sheet returned"),
    "payee.entered": N_("Payment details entered"),
    "payee.revealed": N_("Account number shown whole"),
    "per-diem.downloaded": N_("Per-diem sheet downloaded"),
}
