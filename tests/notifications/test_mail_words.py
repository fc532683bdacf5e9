"""What mails say: days as their readers write them, and nothing of the other language."""

import re

from tests.every_mail import TEXT, every_mail
from tests.people import App

ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
ADDRESS = re.compile(r"\S+://\S+|\S+@\S+")
# What staff wrote themselves is in whichever language they wrote it.
OWN_WORDS = (
    *TEXT,
    "Coordination and Training",
    "After the meeting",
    "12 mails",
    "Your nights were paid for.",
    "The meeting is for judges.",
)
ENGLISH = re.compile(r"\b(the|of|and|for|with|from|is|are|has|have|was|this|that|by)\b", re.IGNORECASE)


async def test_no_mail_says_a_day_in_iso_form_nor_english_to_who_reads_turkish(sqlite_app: App) -> None:
    found = set()
    for mail in await every_mail(sqlite_app):
        for line in f"{mail.subject}\n{mail.plain}".splitlines():
            said = ADDRESS.sub("", line)
            if any(own in line for own in OWN_WORDS):
                continue
            if ISO_DAY.search(said) or (mail.language == "tr" and ENGLISH.search(said)):
                found.add((mail.kind, line[:200]))
    assert sorted(found) == []
