"""To who waited for a session and has a place in it now."""

from datetime import datetime
from uuid import UUID

from events.invitations.invitations.mails import MailContext, MailText, message_to, subject_to, words_of
from events.programme.events.models import Session
from notifications.outbox.mails import Paragraph
from notifications.outbox.models import Message

SESSION_PLACE = "events/session-place"


def session_message(mail: MailContext, session: Session, signup_id: UUID, *, at: datetime) -> Message:
    """A place became free; `signup_id` and the moment tell one such mail from the next."""
    say = words_of(mail)
    text = say.translate(
        "A place in “%(session)s” became free, and it is yours: %(moment)s. If you do not want it any more, please "
        "give it back on your page.",
        session=session.title_in(say.language),
        moment=say.moment(session.starts_at, mail.event.zone),
    )
    return message_to(
        mail,
        SESSION_PLACE,
        f"{signup_id}:{at.isoformat(timespec='seconds')}",
        MailText(
            subject=say.translate("A place in a session: %(event)s", event=subject_to(mail)),
            opening=[Paragraph(text)],
            button=say.translate("Open my page"),
        ),
        at=at,
    )
