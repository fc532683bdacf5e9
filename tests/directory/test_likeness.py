"""Which names mean one institution."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.institutions.rules import LIKELY, Known, best_match, likeness
from directory.people.geography import provinces, provinces_named, subdivision_code

DIRECTORATE = "Afyonkarahisar İl Göç İdaresi Müdürlüğü"
TEXTS = st.text("abcçğıİIşŞüÜ .'-12", max_size=30) | st.sampled_from([DIRECTORATE, "AFYON GİM", "Ankara CBS", "EGM"])


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("AFYONKARAHİSAR GİM", DIRECTORATE),
        ("Afyon İGİM", DIRECTORATE),
        ("İl Göç İd. Md.", DIRECTORATE),
        ("Afyon İl Göç İd.Müd.lüğü", DIRECTORATE),
        ("AFYONKARAHISAR IL GOC IDARESI MUDURLUGU", DIRECTORATE),
        ("Afyonkarahisar PDMM", "Afyonkarahisar Provincial Directorate of Migration Management"),
        ("K.Maraş İl Göç İdaresi Müdürlüğü", "Kahramanmaraş İl Göç İdaresi Müdürlüğü"),
        ("Ş. Urfa GİM", "Şanlıurfa İl Göç İdaresi Müdürlüğü"),
        ("Ankara C.Başsavcılığı", "Ankara Cumhuriyet Başsavcılığı"),
        ("Ankara CBS", "Ankara Cumhuriyet Başsavcılığı"),
        ("EGM", "Emniyet Genel Müdürlüğü"),
        ("T.C. Aile ve Sosyal Hizmetler Bak.", "Aile ve Sosyal Hizmetler Bakanlığı"),
        ("Göç İdaresi Bşk.", "Göç İdaresi Başkanlığı"),
        ("Ankara 2. Ağır Ceza Mah.", "Ankara 2. Ağır Ceza Mahkemesi"),
        ("Goc Idaresi Baskanligii", "Göç İdaresi Başkanlığı"),
    ],
)
def test_an_abbreviated_or_misspelled_name_is_like_the_whole_one(written: str, known: str) -> None:
    assert likeness(written, known) >= LIKELY


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("Ankara GİM", DIRECTORATE),
        ("Afyonkarahisar İl Emniyet Müdürlüğü", DIRECTORATE),
        ("Afyonkarahisar Göç İdaresi Genel Müdürlüğü", DIRECTORATE),
        ("Afyonkarahisar İlçe Göç İdaresi Müdürlüğü", DIRECTORATE),
        ("İçişleri Bakanlığı", "Dışişleri Bakanlığı"),
        ("Ankara 1. Ağır Ceza Mahkemesi", "Ankara 2. Ağır Ceza Mahkemesi"),
        ("Ankara Üniversitesi", "Gazi Üniversitesi"),
        ("Ankara Çocuk Hizmetleri Müdürlüğü", "Ankara Gençlik Hizmetleri Müdürlüğü"),
        ("Çankaya Kaymakamlığı", "Keçiören Kaymakamlığı"),
        ("Ankara", "Ankara Barosu"),
        ("", ""),
        ("…", "!"),
    ],
)
def test_another_province_level_number_or_task_is_another_institution(written: str, known: str) -> None:
    assert likeness(written, known) < LIKELY


@given(TEXTS, TEXTS)
def test_likeness_is_a_share_and_the_same_from_both_sides(a: str, b: str) -> None:
    assert 0.0 <= likeness(a, b) == likeness(b, a) <= 1.0


def _directorates() -> list[Known]:
    return [Known(uuid4(), (f"{name} İl Göç İdaresi Müdürlüğü",), code) for code, name in provinces().items()]


def _meant(text: str, known: list[Known], province: str = "") -> Known | None:
    found = best_match(text, known, province=province)
    return found[0] if found else None


def test_the_province_beside_a_name_tells_which_of_81_is_meant() -> None:
    ministry = Known(uuid4(), ("İçişleri Bakanlığı", "Ministry of Interior"), "TR-06")
    directorates = {one.province: one for one in _directorates()}
    known = [*directorates.values(), ministry]
    assert _meant("AFYON GİM", known) is directorates["TR-03"]
    assert _meant("İl Göç İd. Md.", known, "TR-03") is directorates["TR-03"]
    # Without it any of them may be meant; what the name itself says counts more than what stands beside it.
    assert _meant("İl Göç İd. Md.", known) is None
    assert _meant("Ankara GİM", known, "TR-03") is directorates["TR-06"]
    # Who works for a ministry may do so in any province, and its English name is as good.
    assert _meant("İçişleri Bak.", known, "TR-03") is ministry
    assert _meant("Ministry of the Interior", known) is ministry
    assert _meant("Kızılay", known) is None


def test_a_name_without_its_province_belongs_to_where_it_stands() -> None:
    ankara, izmir = [Known(uuid4(), ("Kadın Danışma Merkezi",), code) for code in ("TR-06", "TR-35")]
    assert _meant("İzmir Kadın Danışma Merk.", [ankara, izmir]) is izmir
    assert _meant("Bursa Kadın Danışma Merkezi", [ankara, izmir]) is None


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Afyon", "TR-03"),
        ("k. maraş", "TR-46"),
        ("K.MARAŞ", "TR-46"),
        ("İçel", "TR-33"),
        ("Urfa", "TR-63"),
        ("Hakkari", "TR-30"),
        ("Istanbul", "TR-34"),
    ],
)
def test_provinces_are_known_by_former_short_and_english_names(written: str, code: str) -> None:
    assert subdivision_code(written, "TR") == code


def test_each_of_the_81_provinces_is_found_in_a_name_in_both_languages() -> None:
    for language in ("tr", "en"):
        assert len(provinces(language)) == 81
        for code, name in provinces(language).items():
            assert subdivision_code(name, "TR") == code
            assert provinces_named(f"{name} barosu".casefold().replace("i̇", "i"))[1] <= {code}
