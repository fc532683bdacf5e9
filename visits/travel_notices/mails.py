"""Mails about one's own journey: how it stands, and what has changed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from core.i18n import Words
from events.invitations.invitations.mails import MailContext, MailText, message_to, subject_to, title_of, words_of
from notifications.outbox.mails import Paragraph
from notifications.outbox.models import Message
from visits.travel_notices.rules import ItemChange, JourneyItem, JourneyItemKind

JOURNEY = "visits/journey"


def journey_message(
    mail: MailContext, changes: Sequence[ItemChange], now: Sequence[JourneyItem], round: int, *, at: datetime
) -> Message:
    """What has changed, old and new, then the whole journey; without `changes` the journey alone."""
    say = words_of(mail)
    if changes:
        subject = say.translate("Your journey has changed: %(event)s", event=subject_to(mail))
        opening = [say.translate("Your journey to “%(event)s” has changed:", event=title_of(mail))]
        opening += [f"– {line}" for one in changes for line in change_lines(one, say)]
        opening += [say.translate("This is your whole journey now:")] if now else []
    else:
        subject = say.translate("Your journey: %(event)s", event=subject_to(mail))
        opening = [say.translate("This is how your journey to “%(event)s” stands:", event=title_of(mail))]
    opening += [f"– {item_line(one, say)}" for one in now]
    opening.append(say.translate("Times are by the clocks of each place."))
    return message_to(
        replace(mail, link=f"{mail.link}/travel", sessions=()),
        JOURNEY,
        str(round),
        MailText(subject, [Paragraph(line) for line in opening], say.translate("See my journey"), is_brief=True),
        at=at,
    )


def change_lines(change: ItemChange, say: Words) -> list[str]:
    """One change in words: what holds now, and what held before."""
    if change.now is None:
        return [say.translate("No longer: %(item)s", item=item_line(change.item, say))]
    if change.before is None:
        return [say.translate("New: %(item)s", item=item_line(change.now, say))]
    return [
        say.translate(
            "%(item)s. Before: %(before)s", item=item_line(change.now, say), before=item_line(change.before, say)
        )
    ]


def item_line(item: JourneyItem, say: Words) -> str:
    """One line of a journey in words."""
    if item.kind is JourneyItemKind.stay:
        days = say.days(date.fromisoformat(item.day), date.fromisoformat(item.until_day))
        return say.translate("Nights in %(place)s: %(days)s", place=item.name, days=days)
    when = _when(item.day, item.time, say)
    route = " → ".join(filter(None, [item.origin, item.destination]))
    what = ", ".join(filter(None, [item.name, route]))
    if item.kind is JourneyItemKind.transfer and not item.time:
        day = say.day(date.fromisoformat(item.day), "medium")
        return say.translate(
            "Transfer: %(what)s, %(day)s; we will tell you the time of the pick-up", what=what, day=day
        )
    if item.kind is JourneyItemKind.transfer:
        return say.translate("Transfer: %(what)s, pick-up %(when)s", what=what, when=when)
    if not item.until_day:
        return say.translate("%(what)s, departure %(when)s", what=what, when=when)
    until_day = item.until_day if item.until_day != item.day else ""
    return say.translate(
        "%(what)s, departure %(when)s, arrival %(until)s",
        what=what,
        when=when,
        until=_when(until_day, item.until_time, say),
    )


def _when(day: str, time: str, say: Words) -> str:
    said = say.day(date.fromisoformat(day), "medium") if day else ""
    return " ".join(filter(None, [said, time or say.translate("time not known")]))
