"""What per-diem sheets hold of people."""

from core.personal_data import Erasing, Keeping, PersonalData, by, impersonal, in_projects
from events.privacy.erasure.rules import in_events
from finance.payees.models import PayeeDetails
from finance.rates.models import RateRow, RateTable
from finance.sheets.models import PerDiemLine, PerDiemSheet

PERSONAL = [
    PersonalData(PerDiemLine, ("name",), by("registration_id", "registration"), Erasing.blank, Keeping.evidence),
    PersonalData(
        PerDiemLine,
        ("institution", "country", "city"),
        by("registration_id", "registration"),
        Erasing.keep,
        Keeping.evidence,
        "Where a night was spent that was paid; without a name it says nobody’s.",
    ),
    PersonalData(
        PayeeDetails,
        ("holder", "iban", "bic", "bank_name", "domestic_account", "grade", "home_city"),
        by("registration_id", "registration"),
        Erasing.blank,
        Keeping.evidence,
    ),
    PersonalData(
        PayeeDetails,
        ("bank_country", "account_currency", "home_country"),
        by("registration_id", "registration"),
        Erasing.keep,
        Keeping.evidence,
        "What a payment was worked out and made by; without a name it says nobody’s.",
    ),
    PersonalData(PerDiemSheet, ("reason",), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(RateTable, ("name", "source", "reason"), in_projects(), Erasing.redact, Keeping.evidence),
]
IMPERSONAL = {
    **impersonal(PerDiemLine, "why facts", "how the amount was worked out: rules, rates and days"),
    **impersonal(PerDiemSheet, "currency rule_set", "codes"),
    **impersonal(RateTable, "rule_set shipped summary", "codes and counts of rates"),
    **impersonal(RateRow, "country city grade amounts currency source", "a published list of rates"),
}
