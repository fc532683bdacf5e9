"""To who waited for a session: they have a place in it, one is kept for them, or it is kept no longer."""

from datetime import datetime
from uuid import UUID

from core.i18n import Words
from events.invitations.invitations.mails import MailContext, MailText, message_to, subject_to, words_of
from events.invitations.session_signups.rules import SessionNews
from events.programme.events.models import Session
from notifications.outbox.mails import Paragraph
from notifications.outbox.models import Message

SESSION_PLACE = "events/session-place"


def session_message(
    mail: MailContext, session: Session, signup_id: UUID, news: SessionNews, *, until: datetime | None, at: datetime
) -> Message:
    """A place became free, at once or until an answer, or is kept no longer; `signup_id` and the moment tell one such
    mail from the next."""
    say = words_of(mail)
    title, moment = session.title_in(say.language), say.moment(session.starts_at, mail.event.zone)
    kept = say.moment(until, mail.event.zone) if until else ""
    return message_to(
        mail,
        SESSION_PLACE,
        f"{signup_id}:{at.isoformat(timespec='seconds')}",
        MailText(
            subject=say.translate("A place in a session: %(event)s", event=subject_to(mail)),
            opening=[Paragraph(_said(news, say, title, moment, kept))],
            button=say.translate("Open my page"),
        ),
        at=at,
    )


def _said(news: SessionNews, say: Words, title: str, moment: str, until: str) -> str:
    match news:
        case SessionNews.offered:
            return say.translate(
                "A place in “%(session)s” became free: %(moment)s. It is kept for you until %(until)s. Please take it "
                "or give it back on your page.",
                session=title,
                moment=moment,
                until=until,
            )
        case SessionNews.expired:
            return say.translate(
                "The place in “%(session)s” was kept for you until %(until)s and goes to the next who waits. You can "
                "ask for one again on your page.",
                session=title,
                until=until,
            )
        case _:
            return say.translate(
                "A place in “%(session)s” became free, and it is yours: %(moment)s. If you do not want it any more, "
                "please give it back on your page.",
                session=title,
                moment=moment,
            )
