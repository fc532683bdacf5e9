"""What per-diem sheets hold of people."""

from core.personal_data import Erasing, Keeping, PersonalData, by, impersonal, in_projects
from events.privacy.erasure.rules import in_events
from finance.absences.models import Absence
from finance.adjustments.models import Adjustment
from finance.advances.models import Advance
from finance.approvals.models import SheetComment
from finance.evidence_bundles.models import EvidenceBundle
from finance.exchange.models import ExchangeList, ExchangeRate
from finance.monthly_reports.models import ReportReader, ReportSent
from finance.pay_rules.models import PayRules
from finance.payees.models import PayeeDetails
from finance.paying_accounts.models import PayingAccount
from finance.payments.models import Payment, PaymentBatch
from finance.rates.models import RateRow, RateTable
from finance.receipts.models import Receipt, ReceiptCeiling
from finance.returns.models import MoneyReturned
from finance.sheets.models import PaidNight, PerDiemLine, PerDiemSheet, StatementRow
from finance.signed_receipts.models import SignedReceipt
from finance.unit_costs.models import UnitCostBand, UnitCostClaim

PERSONAL = [
    PersonalData(StatementRow, ("name",), by("registration_id", "registration"), Erasing.blank, Keeping.evidence),
    PersonalData(
        StatementRow,
        ("institution", "content"),
        by("registration_id", "registration"),
        Erasing.keep,
        Keeping.evidence,
        "What was paid, of which institution; without a name it says nobody’s.",
    ),
    PersonalData(StatementRow, ("reasons",), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(
        PerDiemLine,
        ("content",),
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
    PersonalData(
        Absence,
        ("leaves_zone", "returns_zone"),
        by("registration_id", "registration"),
        Erasing.keep,
        Keeping.evidence,
        "When somebody was away, by which clocks; without a name it says nobody’s.",
    ),
    PersonalData(
        PaidNight,
        ("person_key",),
        by("registration_id", "registration"),
        Erasing.keep,
        Keeping.evidence,
        "A keyed digest, by which no night is paid twice; nobody can read it.",
        is_shown=False,
    ),
    PersonalData(
        Payment,
        ("name", "holder", "iban", "bic", "bank_name", "account"),
        by("registration_id", "registration"),
        Erasing.blank,
        Keeping.evidence,
    ),
    PersonalData(Payment, ("reference", "reason"), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(
        Payment,
        ("account_key",),
        by("registration_id", "registration"),
        Erasing.blank,
        Keeping.evidence,
        is_shown=False,
    ),
    PersonalData(MoneyReturned, ("reference",), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(
        Receipt,
        ("note", "file_name", "reason"),
        by("registration_id", "registration"),
        Erasing.blank,
        Keeping.evidence,
    ),
    PersonalData(
        Receipt, ("file_hash",), by("registration_id", "registration"), Erasing.blank, Keeping.evidence, is_file=True
    ),
    PersonalData(Receipt, ("note", "reason"), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(
        Adjustment,
        ("reason", "cancelled_why"),
        by("registration_id", "registration"),
        Erasing.blank,
        Keeping.evidence,
    ),
    PersonalData(Adjustment, ("reason", "cancelled_why"), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(
        Advance,
        ("reference", "note", "reason"),
        by("registration_id", "registration"),
        Erasing.blank,
        Keeping.evidence,
    ),
    PersonalData(Advance, ("reference", "note", "reason"), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(UnitCostClaim, ("source",), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(UnitCostBand, ("source",), in_projects(), Erasing.redact, Keeping.evidence),
    PersonalData(PerDiemSheet, ("reason",), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(SheetComment, ("text",), in_events(), Erasing.redact, Keeping.evidence),
    PersonalData(RateTable, ("name", "source", "reason"), in_projects(), Erasing.redact, Keeping.evidence),
    PersonalData(ExchangeList, ("name",), in_projects(), Erasing.redact, Keeping.evidence),
    PersonalData(EvidenceBundle, ("file_hash",), in_events(), Erasing.delete, Keeping.told, is_file=True),
    PersonalData(ReportReader, ("name", "address"), in_projects(), Erasing.redact, Keeping.evidence),
    PersonalData(
        SignedReceipt, ("typed_name",), by("registration_id", "registration"), Erasing.blank, Keeping.evidence
    ),
    PersonalData(
        SignedReceipt,
        ("file_hash",),
        by("registration_id", "registration"),
        Erasing.blank,
        Keeping.evidence,
        is_file=True,
    ),
]
IMPERSONAL = {
    **impersonal(PerDiemLine, "kind currency", "codes"),
    **impersonal(PerDiemSheet, "currency rule_set institution_key basis", "codes, and by what was computed"),
    **impersonal(
        PayingAccount, "holder iban bic columns explanation books", "the account of the agency, and of its books"
    ),
    **impersonal(PaymentBatch, "currency", "a code"),
    **impersonal(PaymentBatch, "payer_holder payer_iban payer_bic explanation", "the account of the agency"),
    **impersonal(Payment, "currency", "a code"),
    **impersonal(MoneyReturned, "currency", "a code"),
    **impersonal(Receipt, "currency digest", "a code, and of the whole file"),
    **impersonal(ReceiptCeiling, "key currency", "codes"),
    **impersonal(PayRules, "home_country home abroad pay_currency receipt_currency switches", "numbers and codes"),
    **impersonal(RateTable, "rule_set shipped summary", "codes and counts of rates"),
    **impersonal(ExchangeRate, "currency units amount", "a published exchange rate"),
    **impersonal(RateRow, "country city grade amounts currency source", "a published list of rates"),
    **impersonal(ReportReader, "address_key language", "a keyed digest, which nobody can read, and a code"),
    **impersonal(ReportSent, "key", "an id"),
    **impersonal(Advance, "currency", "a code from a list"),
    **impersonal(UnitCostClaim, "currency", "a code from a list"),
    **impersonal(UnitCostBand, "currency", "a code from a list"),
    **impersonal(EvidenceBundle, "digest", "of a whole file"),
    **impersonal(Adjustment, "currency", "a code from a list"),
    **impersonal(SignedReceipt, "picture_digest statement_digest currency", "digests and a code"),
}
