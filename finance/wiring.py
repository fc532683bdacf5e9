"""What finance brings."""

from core.wiring import Wiring
from finance import personal_data
from finance.acts import ACTS
from finance.rates import api as rates_api
from finance.rates import pages as rates_pages
from finance.sheets import api as sheets_api
from finance.sheets import pages as sheets_pages


def wire() -> Wiring:
    """The share of finance."""
    return Wiring(
        routers=[sheets_pages.router, rates_pages.router, sheets_api.router, rates_api.router],
        acts=ACTS,
        personal_data=personal_data.PERSONAL,
        impersonal=personal_data.IMPERSONAL,
    )
