"""Every table, imported so that migrations can be compared with them."""

from importlib import import_module

MODELS = (
    "core.audit",
    "directory.accounts.models",
    "directory.components.models",
    "directory.duplicates.models",
    "directory.people.models",
    "directory.projects.models",
    "events.attendance.sign_in_sheets.models",
    "events.calendars.personal_feeds.models",
    "events.calendars.shared_feeds.models",
    "events.invitations.capacity.models",
    "events.invitations.consents.models",
    "events.invitations.invitations.models",
    "events.invitations.link_sessions.models",
    "events.invitations.questionnaires.models",
    "events.invitations.registrations.models",
    "events.invitations.session_signups.models",
    "events.invitations.snapshots.models",
    "events.materials.models",
    "events.messaging.campaigns.models",
    "events.messaging.digests.models",
    "events.messaging.reminders.models",
    "events.nominations.lists.models",
    "events.nominations.requests.models",
    "events.participants.roster.models",
    "events.privacy.erasure.models",
    "events.privacy.purge.models",
    "events.privacy.retention.models",
    "events.programme.agenda.models",
    "events.programme.events.models",
    "events.programme.speaker_notices.models",
    "events.reporting.dashboards.models",
    "finance.rates.models",
    "finance.sheets.models",
    "notifications.inbound.models",
    "notifications.jobs.models",
    "notifications.outbox.models",
    "notifications.suppression.models",
    "notifications.webhooks.models",
    "visits.stays.models",
)

for name in MODELS:
    import_module(name)
