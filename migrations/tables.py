"""Every table of the house, imported so that migrations can be compared with them."""

from importlib import import_module

MODELS = (
    "core.audit",
    "directory.accounts.models",
    "directory.components.models",
    "directory.merging.models",
    "directory.people.models",
    "directory.projects.models",
    "events.agenda.models",
    "events.attendance.models",
    "events.calendars.models",
    "events.calls.models",
    "events.campaigns.models",
    "events.choices.models",
    "events.digests.models",
    "events.invitations.models",
    "events.link_sessions.models",
    "events.materials.models",
    "events.nominations.models",
    "events.overview.models",
    "events.parts.models",
    "events.places.models",
    "events.privacy.models",
    "events.programme.models",
    "events.questions.models",
    "events.registrations.models",
    "events.retention.models",
    "events.roster.models",
    "events.schedules.models",
    "events.shared_feeds.models",
    "notifications.inbound.models",
    "notifications.outbox.models",
    "notifications.suppression.models",
    "notifications.webhooks.models",
    "notifications.work.models",
    "visits.perdiem.models",
    "visits.stays.models",
)

for name in MODELS:
    import_module(name)
