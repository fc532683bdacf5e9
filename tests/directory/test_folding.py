"""Names of every script are found as a plain keyboard writes them, and stand in the order of the alphabet."""

from uuid import UUID

import pytest

from core.collation import sort_key
from core.columns import folded
from directory.people.models import Institution, InstitutionMerge
from tests.people import App

PLAIN = {
    "José Núñez": "jose nunez",
    "Łukasz Wałęsa": "lukasz walesa",
    "Søren Ærø": "soren aero",
    "Đặng Nguyễn": "dang nguyen",
    "Țepeș Ionuț": "tepes ionut",
    "Ḥasan Ẓāhir": "hasan zahir",
    "Işıl ÇİÇEK": "isil cicek",
    "Weiß Jörg": "weiss jorg",
    "Ålesund Bjørn": "alesund bjorn",
    "Þórður Guðmundsson": "thordur gudmundsson",
    "مُحَمَّد": "محمد",
    "Ελένη Παπάς": "ελενη παπασ",
    "प्रिया शर्मा": "प्रिया शर्मा",
    "김민수": "김민수",
}


@pytest.mark.parametrize(("name", "plain"), PLAIN.items())
def test_a_name_folds_to_what_a_plain_keyboard_writes_and_folding_again_changes_nothing(name: str, plain: str) -> None:
    assert (folded(name), folded(folded(name))) == (plain, folded(plain))


async def test_people_are_found_without_their_marks_and_sorted_by_the_alphabet_not_by_codes(app: App) -> None:
    event = await app.event()
    ordered = ["Cem A", "Cüneyt A", "Çetin A", "Demir A", "Hasan A", "Ḥasan A", "Hazar A", "Işık A", "İpek A"]
    ordered += ["Łukasz A", "Orhan A", "Ömer A", "Søren A", "Şen A", "Țepeş A", "Đặng A"][:5]
    await app.name_people(event, ["Đặng B", *reversed(ordered), "김민수"])
    listed = (await app.api().get("/api/v1/people", params={"limit": 100})).json()["items"]
    names = [one["name"] for one in listed]
    assert [one for one in names if one in ordered] == ordered
    assert (names[-1], names.index("Đặng B") < names.index("Hasan A")) == ("김민수", True)
    roster = (await app.api().get(f"/api/v1/events/{event['id']}/people", params={"limit": 100})).json()["items"]
    assert [one["name"] for one in roster] == names
    for typed, name in (("lukasz", "Łukasz A"), ("dang", "Đặng B"), ("HASAN", "Ḥasan A"), ("soren", "Søren A")):
        found = (await app.api().get("/api/v1/people", params={"q": typed})).json()["items"]
        assert name in [one["name"] for one in found]


async def test_institutions_stand_in_the_order_of_the_alphabet_in_either_language(app: App) -> None:
    turkish = ["Çankaya", "Çevre", "Dışişleri", "Ḥasan", "Işık", "İçişleri", "Şişli", "Țepeş"]
    english = ["Đakovo", "Evia", "Łódź", "Malmö", "Münih", "Ø", "Ömür", "Zürich"]
    names = dict(zip(reversed(turkish), english, strict=True))
    for name, in_english in names.items():
        given = {"name": name, "name_en": in_english, "project_id": str(app.project_id)}
        assert (await app.api().post("/api/v1/institutions", json=given)).status_code == 201
    listed = (await app.api().get("/api/v1/institutions", params={"limit": 100})).json()["items"]
    assert [one["name"] for one in listed] == turkish
    organiser = await app.at_desk()
    for language, wanted in (("en", sorted(english, key=english.index)), ("tr", turkish)):
        await organiser.send("/language", {"language": language, "next": "/institutions"})
        page = (await organiser.get("/institutions")).text
        assert sorted(wanted, key=lambda name: page.index(f">{name}<")) == wanted


async def test_what_a_name_is_sorted_by_goes_and_comes_back_with_it(app: App) -> None:
    """Nothing keeps the key of a name that is gone: who is taken out of a name could be read from it."""
    ids = []
    for name in ("Zeki Bey’in Vakfı", "Adalet Vakfı"):
        given = {"name": name, "project_id": str(app.project_id)}
        ids.append((await app.api().post("/api/v1/institutions", json=given)).json()["id"])
    merged = {"kept_id": ids[1], "merged_id": ids[0]}
    done = (await app.api().post("/api/v1/institution-merges", json=merged)).json()
    async with app.database.unit_of_work() as db:
        assert not [key for key in (await db.get_one(InstitutionMerge, UUID(done["id"]))).merged if "sort" in key]
    assert (await app.api().post(f"/api/v1/institution-merges/{done['id']}/undoing")).is_success
    async with app.database.unit_of_work() as db:
        again = await db.get_one(Institution, UUID(ids[0]))
        assert again.sort_key == sort_key("Zeki Bey’in Vakfı")
        again.name = "–"
    async with app.database.reading() as db:
        assert (await db.get_one(Institution, UUID(ids[0]))).sort_key == sort_key("–")


async def test_a_name_of_all_its_letters_is_kept_found_and_sorted(sqlite_app: App) -> None:
    name = ("Ẓ" * 60 + " ") + "ß" * 59
    made = await sqlite_app.api().post(
        "/api/v1/people", json={"name": name, "project_id": str(sqlite_app.project_id), "address": "z@example.org"}
    )
    assert (made.status_code, made.json()["name"]) == (201, name)
    found = (await sqlite_app.api().get("/api/v1/people", params={"q": "ss" * 59})).json()["items"]
    assert [one["name"] for one in found] == [name]
