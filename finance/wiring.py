"""What finance brings."""

from core.wiring import Wiring
from directory.imports import service as imports
from directory.tasks import service as tasks
from events.portal.page import views as participant_page
from finance import personal_data
from finance.absences import api as absences_api
from finance.absences import pages as absences_pages
from finance.acts import ACTS
from finance.adjustments import api as adjustments_api
from finance.adjustments import pages as adjustments_pages
from finance.advances import api as advances_api
from finance.advances import pages as advances_pages
from finance.approvals import api as approvals_api
from finance.approvals import pages as approvals_pages
from finance.approvals import service as approvals
from finance.downloads import api as downloads_api
from finance.downloads import pages as downloads_pages
from finance.evidence_bundles import api as evidence_bundles_api
from finance.evidence_bundles import jobs as evidence_jobs
from finance.evidence_bundles import pages as evidence_bundles_pages
from finance.evidence_bundles.service import MAKE
from finance.evidence_gaps import api as evidence_gaps_api
from finance.evidence_gaps import pages as evidence_gaps_pages
from finance.exchange import api as exchange_api
from finance.exchange import pages as exchange_pages
from finance.exchange import service as exchange
from finance.figures import api as figures_api
from finance.figures import pages as figures_pages
from finance.monthly_reports import api as monthly_reports_api
from finance.monthly_reports import jobs as monthly_report_jobs
from finance.monthly_reports import pages as monthly_reports_pages
from finance.monthly_reports import service as monthly_reports
from finance.monthly_reports.mails import REPORT_FILE
from finance.overlaps import api as overlaps_api
from finance.overview import api as overview_api
from finance.overview import pages as overview_pages
from finance.overview.service import finance_tasks
from finance.pay_rules import api as pay_rules_api
from finance.pay_rules import pages as pay_rules_pages
from finance.payees import api as payees_api
from finance.payees import pages as payees_pages
from finance.payees.service import is_paid
from finance.paying_accounts import api as paying_accounts_api
from finance.paying_accounts import pages as paying_accounts_pages
from finance.payments import api as payments_api
from finance.payments import pages as payments_pages
from finance.playground import api as playground_api
from finance.playground import pages as playground_pages
from finance.portal import api as portal_api
from finance.portal import pages as portal_pages
from finance.rate_lists import api as rate_lists_api
from finance.rate_lists import pages as rate_lists_pages
from finance.rate_lists import service as rate_lists
from finance.rates import api as rates_api
from finance.rates import pages as rates_pages
from finance.rates import service as rates
from finance.rates.rules import RatedRuleSet, RateScope
from finance.receipts import api as receipts_api
from finance.receipts import pages as receipts_pages
from finance.returns import api as returns_api
from finance.returns import pages as returns_pages
from finance.rules.registry import RULE_SETS
from finance.set_offs.service import set_off
from finance.sheets import service as sheets
from finance.signed_receipts import api as signed_receipts_api
from finance.signed_receipts import pages as signed_receipts_pages
from finance.unit_costs import api as unit_costs_api
from finance.unit_costs import pages as unit_costs_pages

ROUTERS = [
    portal_pages.router,
    overview_pages.router,
    figures_pages.router,
    monthly_reports_pages.router,
    evidence_gaps_pages.router,
    approvals_pages.router,
    returns_pages.router,
    payments_pages.router,
    paying_accounts_pages.router,
    downloads_pages.router,
    signed_receipts_pages.router,
    evidence_bundles_pages.router,
    pay_rules_pages.router,
    payees_pages.router,
    receipts_pages.router,
    absences_pages.router,
    adjustments_pages.router,
    advances_pages.router,
    unit_costs_pages.router,
    rates_pages.router,
    rate_lists_pages.router,
    exchange_pages.router,
    playground_pages.router,
    portal_api.router,
    overview_api.router,
    figures_api.router,
    monthly_reports_api.router,
    evidence_gaps_api.router,
    approvals_api.router,
    returns_api.router,
    payments_api.router,
    paying_accounts_api.router,
    downloads_api.router,
    signed_receipts_api.router,
    overlaps_api.router,
    evidence_bundles_api.router,
    pay_rules_api.router,
    payees_api.router,
    receipts_api.router,
    absences_api.router,
    adjustments_api.router,
    advances_api.router,
    unit_costs_api.router,
    rates_api.router,
    rate_lists_api.router,
    exchange_api.router,
    playground_api.router,
]


def wire() -> Wiring:
    """The share of finance; participants of events that pay are led to their payment."""
    participant_page.PAYS[:] = [is_paid]
    imports.PURPOSES[rate_lists.RATES] = rate_lists.LIST
    imports.PURPOSES[exchange.EXCHANGE] = exchange.LIST
    rates.RULE_SETS.update({key: _rated(one.title, by_contract=one.by_contract) for key, one in RULE_SETS.items()})
    rates.USES[:] = [sheets.uses_of_table]
    approvals.APPROVED[:] = [set_off]
    tasks.SOURCES.append(finance_tasks)
    return Wiring(
        routers=ROUTERS,
        handlers={MAKE: evidence_jobs.make},
        sweeps=[evidence_jobs.sweep, monthly_report_jobs.sweep],
        attachment_builders={REPORT_FILE: monthly_reports.attachment},
        acts=ACTS,
        personal_data=personal_data.PERSONAL,
        impersonal=personal_data.IMPERSONAL,
    )


def _rated(title: str, *, by_contract: bool) -> RatedRuleSet:
    """Lists that go by the contract are renewed every other year, others every year."""
    return RatedRuleSet(title, RateScope.contract, 24) if by_contract else RatedRuleSet(title)
