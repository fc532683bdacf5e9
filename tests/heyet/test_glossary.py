"""Pages use the field's words: no label that was given up is left in any message, and each thing has its one name."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from core.i18n import CATALOGUES
from heyet.translations import extracted

# Labels that were given up, and what stands there instead.
ENGLISH = {
    "Start": "Home",
    "Names from institutions": "Nominations",
    "Ask for names": "Request nominations",
    "Names until": "Nomination deadline",
    "Name, to be invited": "Add to invitation list",
    "Add at once, with a place": "Add as confirmed",
    "Write to many": "Bulk e-mail",
    "Look-alikes": "Possible duplicates",
    "Addresses that get nothing": "Blocked addresses",
    "Not sent on purpose": "Suppressed",
    "Too late": "Expired",
    "How the mail is doing": "Delivery status",
    "Release": "Send",
    "Asked": "Invited",
    "Reached": "Delivered",
    "Coming": "Attending",
    "Take back": "Withdraw invitation",
    "Let in": "Approve",
    "Refuse": "Reject",
    "See whom it touches": "Preview",
    "Somebody else comes": "Replaced",
    "Places": "Capacity",
    "Reports to": "Component",
    "First day": "Start date",
    "Last day": "End date",
    "Answers until": "RSVP deadline",
    "Who may come": "Registration",
    "Held": "Completed",
    "Set to": "Publish",
    "Bed provided": "Accommodation deduction",
    "Meals provided": "Meals deduction",
    "Stands under": "Parent institution",
    "Own words": "Mail templates",
    "Second factor": "Two-step verification",
    "leave out": "Skip",
    "I answer for somebody else": "Answer on behalf",
    "What do you not eat?": "Dietary needs",
    "Returned": "Sent back",
}
TURKISH = (
    "Kurumlardan adlar",
    "Ad isteyin",
    "Ad bildirme son günü",
    "Bildir, davet edilecek",
    "Hemen ekle, yeriyle birlikte",
    "Çok kişiye yaz",
    "Benzerler",
    "Çok geç",
    "E-postanın durumu",
    "Kabul et",
    "Geri çevir",
    "Kimi etkilediğini gör",
    "Yerine başkası geliyor",
    "Belirsiz",
    "Belki",
    "Yer sayısı",
    "Bağlı olduğu bileşen",
    "İlk gün",
    "Son gün",
    "Son yanıt günü",
    "Kimler gelebilir",
    "Yapıldı",
    "Yoklama",
    "Karşılanan yatak",
    "Karşılanan öğünler",
    "Kendi sözleriniz",
    "İkinci etken",
    "alma",
    "Ne yemezsiniz?",
    "Çalışan",
    "Çevirmen",
    "Geri çevrildi",
    "İade edildi",
)
# The same letters for another thing: the message, and what it means there.
OTHER_THINGS = {
    "Held": "a booking that the airline holds",
    "The last day is before the first.": "the days of a list of rates",
}
# What a thing is called in Turkish, where somebody might say it otherwise.
NAMES = {
    "Home": "Ana sayfa",
    "Participants": "Katılımcılar",
    "Nominations": "Aday bildirimleri",
    "Nomination deadline": "Son bildirim tarihi",
    "Bulk e-mail": "Toplu e-posta",
    "Possible duplicates": "Olası mükerrer kayıtlar",
    "Blocked addresses": "Engellenen adresler",
    "Delivery status": "Gönderim durumu",
    "Withdraw invitation": "Daveti geri çek",
    "Approve": "Onayla",
    "Reject": "Reddet",
    "Preview": "Önizle",
    "Replaced": "Vekil bildirildi",
    "Attended": "Katıldı",
    "Tentative": "Kararsız",
    "Capacity": "Kontenjan",
    "Component": "Bileşen",
    "Start date": "Başlangıç tarihi",
    "End date": "Bitiş tarihi",
    "RSVP deadline": "Son yanıt tarihi",
    "Registration": "Kayıt türü",
    "Completed": "Gerçekleştirildi",
    "Publish": "Yayımla",
    "Parent institution": "Üst kurum",
    "Mail templates": "E-posta şablonları",
    "Two-step verification": "İki adımlı doğrulama",
    "Staff": "Görevli",
    "Interpreter": "Tercüman",
    "Sent back": "Geri gönderildi",
    "Money to recover": "Geri alınacak tutarlar",
    "Refused": "Reddedildi",
}


def texts(given: object) -> tuple[str, ...]:
    return tuple(given) if isinstance(given, (tuple, list)) else (str(given),)


def turkish() -> Iterator[Message]:
    with (CATALOGUES / "tr" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        yield from (message for message in read_po(file, locale="tr") if message.id)


def is_used(label: str, text: str) -> bool:
    """The label alone, whatever is set around it; of several words, also within a sentence as they were written."""
    if text.strip(" .:…?") == label.strip("?"):
        return True
    return " " in label and re.search(rf"(?<!\w){re.escape(label)}(?!\w)", text) is not None


def test_no_label_that_was_given_up_is_left_in_english() -> None:
    messages = [text for message in extracted() if message.id for text in texts(message.id)]
    found = [(old, new, text) for text in messages for old, new in ENGLISH.items() if is_used(old, text)]
    assert [one for one in found if one[2] not in OTHER_THINGS] == []


def test_no_label_that_was_given_up_is_left_in_turkish() -> None:
    found = [
        (old, message.id, text)
        for message in turkish()
        for text in texts(message.string)
        for old in TURKISH
        if is_used(old, text)
    ]
    assert [one for one in found if not OTHER_THINGS.keys() & set(texts(one[1]))] == []


def test_people_of_an_event_are_participants_and_institutions_have_no_full_name() -> None:
    """The label “People” is for all that a project knows; “Ad soyad” is a person's."""
    by_message = {message.id: {place for place, _ in message.locations} for message in extracted()}
    assert [place for place in by_message["People"] if place.startswith("templates/pages/events/")] == []
    of_people = {message.id for message in turkish() if "Ad soyad" in texts(message.string)}
    named = {place for label in of_people for place in by_message[label]}
    assert [place for place in named if "institution" in place] == []


@pytest.mark.parametrize("english", NAMES)
def test_a_thing_has_its_name_in_both_languages(english: str) -> None:
    known = {message.id: message.string for message in turkish()}
    assert known.get(english) == NAMES[english]
