"""What notifications bring, and what packages below are told of them."""

from core.wiring import Wiring
from directory.accounts import service as accounts
from directory.duplicates import service as duplicates
from directory.duplicates.service import Reference
from directory.projects import service as projects
from notifications import personal_data
from notifications.acts import ACTS
from notifications.batches.models import BatchOmission
from notifications.first_run import pages as first_run_pages
from notifications.inbound import api as inbound_api
from notifications.inbound import jobs as inbound
from notifications.inbound import pages as inbound_pages
from notifications.inbound.models import InboundMail
from notifications.jobs import api as jobs_api
from notifications.jobs import pages as jobs_pages
from notifications.mail_health import pages as mail_health_pages
from notifications.outbox import api as outbox_api
from notifications.outbox.models import Message
from notifications.releases import api as releases_api
from notifications.releases import pages as releases_pages
from notifications.sign_in import pages as sign_in_pages
from notifications.sign_in.service import invite_member, tell_owner
from notifications.suppression import api as suppression_api
from notifications.suppression import pages as suppression_pages
from notifications.suppression.models import Unsubscription
from notifications.webhooks import api as webhooks_api
from notifications.webhooks import jobs as webhooks
from notifications.webhooks import pages as webhooks_pages


def wire() -> Wiring:
    """The share of notifications. Owners of accounts are told by mail; messages follow people who are merged."""
    accounts.TELLERS[:] = [tell_owner]
    projects.INVITERS[:] = [invite_member]
    duplicates.REFERENCES += [
        Reference(Message),
        Reference(InboundMail),
        Reference(BatchOmission, ("batch_id",)),
        Reference(Unsubscription, ("project_id", "topic")),
    ]
    return Wiring(
        routers=[
            sign_in_pages.router,
            first_run_pages.router,
            suppression_pages.router,
            mail_health_pages.router,
            inbound_pages.router,
            releases_pages.router,
            webhooks_pages.router,
            jobs_pages.router,
            releases_api.router,
            outbox_api.router,
            inbound_api.router,
            suppression_api.router,
            webhooks_api.router,
            jobs_api.router,
        ],
        sweeps=[inbound.purge, webhooks.sweep],
        acts=ACTS,
        personal_data=personal_data.PERSONAL,
        impersonal=personal_data.IMPERSONAL,
    )
