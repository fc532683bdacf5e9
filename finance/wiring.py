"""What finance brings."""

from core.wiring import Wiring
from events.portal.page import views as participant_page
from finance import personal_data
from finance.acts import ACTS
from finance.payees import api as payees_api
from finance.payees import pages as payees_pages
from finance.payees.service import is_paid
from finance.portal import api as portal_api
from finance.portal import pages as portal_pages
from finance.rates import api as rates_api
from finance.rates import pages as rates_pages
from finance.sheets import api as sheets_api
from finance.sheets import pages as sheets_pages

ROUTERS = [
    portal_pages.router,
    sheets_pages.router,
    payees_pages.router,
    rates_pages.router,
    portal_api.router,
    sheets_api.router,
    payees_api.router,
    rates_api.router,
]


def wire() -> Wiring:
    """The share of finance; participants of events that pay are led to their payment."""
    participant_page.PAYS[:] = [is_paid]
    return Wiring(
        routers=ROUTERS,
        acts=ACTS,
        personal_data=personal_data.PERSONAL,
        impersonal=personal_data.IMPERSONAL,
    )
