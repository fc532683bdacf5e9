"""Templates: what the formatter may break across lines, and the choices of a select box."""

import re
import sys
from enum import StrEnum
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2
import pytest
from jinja2 import DictLoader, Environment, FileSystemLoader

from core.i18n import messages, words
from core.pages import TEMPLATES, Pages
from core.templating import Compiled
from heyet.translations import extracted
from tests.conftest import settings_for


class Kind(StrEnum):
    TRAINING = "training"
    VISIT = "visit"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    return Pages(settings_for("", tmp_path_factory.mktemp("pages")))


def rendered(pages: Pages, source: str, language: str = "en", **context: Any) -> str:
    start = '{% import "forms.html" as forms with context %}'
    known = {"typed": {}, "wrong": {}, "form_token": "", "path": "/"}
    return pages.environments[language].from_string(start + source).render(known | context).strip()


def offered(html: str) -> list[tuple[str, str, bool]]:
    """Value, text and whether it is chosen, of each option."""
    found = re.findall(r'<option\s+value="([^"]*)"\s*(selected)?\s*>(.*?)</option>', html)
    return [(value, text, bool(chosen)) for value, chosen, text in found]


def test_conditional_attributes_on_lines_of_their_own_stay_apart(pages: Pages) -> None:
    source = '<input\n  {% if a %}required{% endif %}\n  {% if a %}maxlength="5"{% endif %}\n>'
    assert rendered(pages, source, a=True).split() == ["<input", "required", 'maxlength="5"', ">"]


def test_indentation_is_left_out_and_what_people_wrote_is_not(pages: Pages) -> None:
    html = rendered(pages, "<div>\n      <p>{{ text }}</p>\n</div>", text="one\n   two")
    assert html == "<div>\n<p>one\n   two</p>\n</div>"


def test_messages_by_enum_are_offered_in_the_language_of_the_page(pages: Pages) -> None:
    source = '{{ forms.select("kind", "", kinds, "visit", first=_("Everybody")) }}'
    names = {Kind.TRAINING: "Yes", Kind.VISIT: "Study visit"}
    options = offered(rendered(pages, source, "tr", kinds=names))
    assert [(value, chosen) for value, _, chosen in options] == [("", False), ("training", False), ("visit", True)]
    assert [text for _, text, _ in options] == ["Herkes", "Evet", "Çalışma ziyareti"]


def test_what_stands_in_a_template_is_said_in_each_language_though_that_is_compiled_once(pages: Pages) -> None:
    loader = DictLoader({"planted.html": '{{ {"1": "Yes"}|options }} {{ _("Yes") }}'})
    english, turkish = (pages.environments[one].overlay(loader=loader) for one in ("en", "tr"))
    said = [unescape(one.get_template("planted.html").render()) for one in (english, turkish)]
    assert said == ["[('1', 'Yes')] Yes", "[('1', 'Evet')] Evet"]


def test_pairs_and_values_are_offered_as_they_are(pages: Pages) -> None:
    pairs = rendered(pages, '{{ forms.select("x", "", choices) }}', "tr", choices={"1": "Yes"}.items())
    values = rendered(pages, '{{ forms.select("x", "", choices) }}', choices=["Europe/Vienna", "Europe/Istanbul"])
    assert offered(pairs) == [("1", "Yes", False)]
    assert [value for value, _, _ in offered(values)] == ["Europe/Vienna", "Europe/Istanbul"]
    assert all(value == text for value, text, _ in offered(values))


def test_rows_are_offered_by_id_with_what_the_page_says_of_them(pages: Pages) -> None:
    source = '{% call(row) forms.select("row", "", rows, 2) %}\n  {{ row.title }}\n{% endcall %}'
    rows = [SimpleNamespace(id=1, title="A & B"), SimpleNamespace(id=2, title="C")]
    assert offered(rendered(pages, source, rows=rows)) == [("1", "A &amp; B", False), ("2", "C", True)]


def test_what_was_typed_is_chosen_again_whatever_was_stored(pages: Pages) -> None:
    source = '{{ forms.select("x", "", [("1", "one"), ("2", "two")], "1") }}'
    assert [chosen for *_, chosen in offered(rendered(pages, source, typed={"x": "2"}))] == [False, True]


def test_a_field_leads_to_its_hint_and_to_what_is_wrong_with_it(pages: Pages) -> None:
    source = '{{ forms.textarea("x", "X", hint="how") }}'
    fine, wrong = rendered(pages, source), rendered(pages, source, wrong={"x": "Too long"}, typed={"x": "…"})
    assert 'aria-describedby="x-hint"' in fine
    assert 'id="x-hint"' in fine
    assert 'aria-describedby="x-wrong"' in wrong
    assert 'id="x-wrong">Too long' in wrong


def test_words_are_translated_filled_and_escaped_as_the_templates_language_does(pages: Pages) -> None:
    source = '{{ _("Choose %(name)s", name=name) }} {{ _("%(share)s %%", share=5) }}'
    said = rendered(pages, source, "tr", name="<b>")
    assert said == f"{words('tr').translate('Choose %(name)s', name='&lt;b&gt;')} 5 %"


@pytest.mark.parametrize("language", ["en", "tr"])
def test_what_is_no_message_of_ours_is_shown_as_text(pages: Pages, language: str) -> None:
    """What a mail server answered, what somebody called a table: said with `_` where it may be ours as well."""
    for text in ("<script>", "452 mailbox 99% full", "100%", "%(name)s", '"'):
        assert unescape(said := rendered(pages, "{{ _(text) }}", language, text=text)) == text
        assert not set(said) & set('<"')


class Loud:
    def __str__(self) -> str:
        return "<b>loud</b>"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("plain", "plain"),
        ("a & <b> \"c\" 'd'", "a &amp; &lt;b&gt; &#34;c&#34; &#39;d&#39;"),
        (7, "7"),
        (Kind.VISIT, "visit"),
        (Loud(), "&lt;b&gt;loud&lt;/b&gt;"),
        (None, "None"),
    ],
    ids=str,
)
def test_whatever_a_page_shows_is_escaped_once(pages: Pages, value: object, shown: str) -> None:
    source = "{% macro m(v) %}{{ v }}{% endmacro %}{{ value }}|{{ m(value) }}|{{ m(m(value)) }}"
    assert rendered(pages, source, value=value) == "|".join([shown] * 3)


def test_macros_functions_and_classes_are_called_alike_in_loops(pages: Pages) -> None:
    source = (
        "{% macro m(v, w='-') %}{{ v }}{{ w }}"
        "{% if caller is defined and caller %}{{ caller() }}{% endif %}{% endmacro %}"
        "{% for n in (1, 2) %}{{ m(n) }}{{ m(n, w=0) }}{{ f(n, more=2) }}{{ kind('visit') }}"
        "{% call m(n) %}<i>{{ n }}</i>{% endcall %}{% endfor %}"
    )
    html = rendered(pages, source, f=lambda n, more: n + more, kind=Kind)
    assert html == "1-103visit1-<i>1</i>2-204visit2-<i>2</i>"


def test_choices_stand_in_the_order_of_the_alphabet(pages: Pages) -> None:
    source = "{{ ['ZW', 'TD', 'OM', 'UA', 'UZ', 'DK', 'CZ']|paired(say.country)|by_name|map(attribute=1)|join(', ') }}"
    assert rendered(pages, source, "tr") == "Çad, Çekya, Danimarka, Özbekistan, Ukrayna, Umman, Zimbabve"
    source = "{{ ['ZW', 'AX', 'CI', 'HR']|paired(say.country)|by_name|map(attribute=1)|join(', ') }}"
    assert rendered(pages, source) == "Åland Islands, Côte d’Ivoire, Croatia, Zimbabwe"


def test_no_list_of_countries_stands_in_another_order() -> None:
    sources = {path.name: path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")}
    assert not {name for name, text in sources.items() if re.search(r"paired\(say\.country\)(?!\|by_name)", text)}


class Counting(Environment):
    """Counts what it compiles; Jinja asks for that only where nothing was kept."""

    compiled = 0

    def compile(self, *given: Any, **more: Any) -> Any:
        self.compiled += 1
        return super().compile(*given, **more)


@pytest.fixture
def keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment of the tests says."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


def begun(folder: Path) -> Counting:
    """As a process that starts anew."""
    return Counting(loader=FileSystemLoader(folder), bytecode_cache=Compiled(folder))


def shown(environment: Counting) -> tuple[str, int]:
    return environment.get_template("page.html").render(), environment.compiled


def test_the_next_start_compiles_only_what_has_changed(keeping: None, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("{{ 1 + 1 }}")
    assert shown(begun(tmp_path)) == ("2", 1)
    assert shown(begun(tmp_path)) == ("2", 0)
    page.write_text("{{ 1 + 2 }}")
    assert shown(begun(tmp_path)) == ("3", 1)


def test_what_was_compiled_and_is_damaged_is_compiled_again(keeping: None, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("{{ 1 + 1 }}")
    shown(begun(tmp_path))
    (kept,) = (tmp_path / "__pycache__").iterdir()
    whole = kept.read_bytes()
    flipped = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(0, len(whole), 40)]
    for damaged in (b"", whole[:5], whole[:-7], whole[:47], b"x" * 99, *flipped):
        kept.write_bytes(damaged)
        assert shown(begun(tmp_path)) == ("2", 1)
    assert shown(begun(tmp_path)) == ("2", 0)


def test_another_jinja_compiles_again(keeping: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "page.html").write_text("{{ 1 + 1 }}")
    shown(begun(tmp_path))
    monkeypatch.setattr(jinja2, "__version__", "3.999")
    assert shown(begun(tmp_path)) == ("2", 1)


def test_where_nothing_can_be_kept_pages_are_shown_all_the_same(keeping: None, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("{{ 1 + 1 }}")
    (tmp_path / "__pycache__").write_text("no folder")
    assert shown(begun(tmp_path)) == ("2", 1)


def test_whoever_forbids_python_to_keep_what_it_compiled_forbids_this_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    (tmp_path / "page.html").write_text("{{ 1 + 1 }}")
    shown(begun(tmp_path))
    assert not (tmp_path / "__pycache__").exists()


def test_a_sentence_that_is_counted_too_is_translated_where_it_stands_alone(pages: Pages) -> None:
    assert rendered(pages, '{{ _("Per-diem sheet") }}', "tr") == "Harcırah çizelgesi"
    assert {one.id if isinstance(one.id, str) else one.id[0] for one in extracted() if one.id} <= messages()


def test_nothing_is_said_as_nothing_and_not_as_the_heading_of_the_catalogue(pages: Pages) -> None:
    assert rendered(pages, '{{ _("") }}', "tr") == ""
