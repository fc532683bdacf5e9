"""Structured data out of HTML: JSON-LD in scripts and microdata in the body, however damaged the rest is.

Each script is parsed by itself: one that fails costs only itself. Three repairs are allowed (a comma that is missing
between two objects, one too many, entities for quotes); what is broken in another way is said to be damaged.
"""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from visits.bookings.rules import MOST_HTML, MOST_JSON_DEEP, MOST_RESERVATIONS

_JSON_LD = "application/ld+json"
_SCRIPT = re.compile(r"<script\b[^>]*>", re.IGNORECASE)
# Wrappers that hide a script from browsers of the nineties.
_WRAPPED = re.compile(r"^\s*(?://)?\s*(?:<!--|<!\[CDATA\[)|(?://)?\s*(?:-->|\]\]>)\s*$")
_ENTITY = re.compile(r"&(?:quot|#34|#x22);", re.IGNORECASE)
_TURKISH = frozenset("ğışİĞŞ")
_MISREAD = str.maketrans("ýþðÝÞÐ", "ışğİŞĞ")
# With these the letters may well be Icelandic.
_ICELANDIC = frozenset("æáíúéóÆÁÍÚÉÓ")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset=["']?([\w-]{2,40})""", re.IGNORECASE)


@dataclass
class FoundMarkup:
    """Objects whose type is a reservation; `is_damaged` if a script that names one could not be read."""

    objects: list[dict[str, Any]] = field(default_factory=list)
    is_repaired: bool = False
    is_damaged: bool = False


def text_of(content: bytes, charset: str = "") -> str:
    """The text of a part or file: by its charset, else as UTF-8, else by what it says of itself, else as Turkish."""
    head = _CHARSET.search(content[:4096])
    for name in (charset or "utf-8-sig", "utf-8-sig", head[1].decode() if head else "utf-8-sig"):
        try:
            return content.decode(name)
        except (LookupError, UnicodeError):
            continue
    return content.decode("windows-1254", "replace")


def turkish_again(text: str) -> tuple[str, bool]:
    """A text whose Turkish letters were read as Latin-1 (ý, þ, ð), with them; and whether it was one."""
    letters = set(text)
    if letters & set("ýþðÝÞÐ") and not letters & _TURKISH and not letters & _ICELANDIC:
        return text.translate(_MISREAD), True
    return text, False


def markup_in(text: str) -> FoundMarkup:
    """All reservations of a page, as JSON-LD and as microdata."""
    found = FoundMarkup()
    # A leading XML declaration would name a charset that the text no longer has; a NUL would end it.
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text[:MOST_HTML]).replace("\0", "")
    if not text.strip():
        return found
    parser = HTMLParser(encoding="utf-8", huge_tree=False)
    try:
        root = document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        return found
    for script in root.iter("script"):
        if script.get("type", "").lower().partition(";")[0].strip() == _JSON_LD:
            # One that was never closed has swallowed those after it.
            for part in _SCRIPT.split(script.text or ""):
                _read_script(part, found)
    found.objects += [thing for thing in _microdata(root) if thing not in found.objects]
    return found


def _read_script(text: str, found: FoundMarkup) -> None:
    text = _WRAPPED.sub("", _WRAPPED.sub("", text)).strip()
    if not text:
        return
    read, is_repaired = parsed_json(text)
    if read is None:
        found.is_damaged = found.is_damaged or "Reservation" in text
        return
    objects = list(reservations_in(read))
    found.objects += [thing for thing in objects if thing not in found.objects]
    found.is_repaired = found.is_repaired or (is_repaired and bool(objects))


def parsed_json(text: str) -> tuple[Any, bool]:
    """The value, and whether it took a repair; None for what is no JSON even so, or nested too deeply."""
    attempts = [text]
    if _ENTITY.search(text):
        attempts.append(html.unescape(text))
    attempts += [_with_commas(attempt) for attempt in attempts]
    for number, attempt in enumerate(attempts):
        if _depth(attempt) > MOST_JSON_DEEP:
            return None, False
        try:
            return json.loads(attempt, strict=False), number > 0
        except (ValueError, RecursionError):
            continue
    return None, False


def _outside_strings(text: str) -> Iterator[tuple[int, str]]:
    """Places and characters that are not within quotes."""
    in_string = is_escaped = False
    for place, letter in enumerate(text):
        if in_string:
            in_string = is_escaped or letter != '"'
            is_escaped = letter == "\\" and not is_escaped
        elif letter == '"':
            in_string = True
            yield place, letter
        else:
            yield place, letter


def _with_commas(text: str) -> str:
    """With a comma between two objects that lack one, and without one before a closing bracket."""
    inserted, dropped = set(), set()
    last, last_place = "", -1
    for place, letter in _outside_strings(text):
        if letter.isspace():
            continue
        if last == "}" and letter == "{":
            inserted.add(place)
        if last == "," and letter in "}]":
            dropped.add(last_place)
        last, last_place = letter, place
    return "".join(
        ("," if place in inserted else "") + ("" if place in dropped else letter) for place, letter in enumerate(text)
    )


def _depth(text: str) -> int:
    deepest = depth = 0
    for _, letter in _outside_strings(text):
        depth += (letter in "{[") - (letter in "}]")
        deepest = max(deepest, depth)
    return deepest


def reservations_in(value: Any) -> Iterator[dict[str, Any]]:
    """Objects that are reservations, in lists, in @graph, or as the value of something else."""
    pending, seen = [value], 0
    while pending and seen < MOST_RESERVATIONS:
        thing = pending.pop(0)
        if isinstance(thing, list):
            pending = [*thing, *pending]
        elif isinstance(thing, dict):
            if kind_of(thing).endswith("Reservation"):
                seen += 1
                yield thing
            else:
                pending = [*(one for one in thing.values() if isinstance(one, dict | list)), *pending]


def kind_of(thing: Any) -> str:
    """The type without its address; of several the one that ends with Reservation, else the first."""
    said = thing.get("@type") if isinstance(thing, dict) else None
    kinds = [str(kind).rstrip("/").rpartition("/")[2] for kind in (said if isinstance(said, list) else [said or ""])]
    return next((kind for kind in kinds if kind.endswith("Reservation")), kinds[0] if kinds else "")


# Microdata


def _microdata(root: HtmlElement) -> list[dict[str, Any]]:
    by_id = {
        element.get("id"): element for element in root.iter() if isinstance(element.tag, str) and element.get("id")
    }
    found: list[dict[str, Any]] = []
    for element in root.iter():
        if isinstance(element.tag, str) and element.get("itemscope") is not None:
            kind = kind_of({"@type": element.get("itemtype", "").split()})
            if kind.endswith("Reservation") and len(found) < MOST_RESERVATIONS:
                thing = _item(element, by_id, 0)
                if thing not in found:
                    found.append(thing)
    return found


def _item(element: HtmlElement, by_id: dict[str | None, HtmlElement], depth: int) -> dict[str, Any]:
    thing: dict[str, Any] = {"@type": element.get("itemtype", "").split()}
    pending = [by_id[name] for name in (element.get("itemref") or "").split() if name in by_id]
    pending = [*element, *pending]
    while pending:
        child = pending.pop(0)
        if not isinstance(child.tag, str):
            continue
        is_item = child.get("itemscope") is not None
        for name in (child.get("itemprop") or "").split():
            value = _item(child, by_id, depth + 1) if is_item and depth < MOST_JSON_DEEP else _value(child)
            _add(thing, name, value)
        if not is_item:
            pending = [*child, *pending]
    return thing


def _value(element: HtmlElement) -> str:
    by_tag = {"meta": "content", "link": "href", "a": "href", "area": "href", "img": "src", "time": "datetime",
              "data": "value", "meter": "value"}  # fmt: skip
    said = element.get("content") or element.get(by_tag.get(str(element.tag), "content"))
    return said if said is not None else " ".join(element.itertext()).strip()


def _add(thing: dict[str, Any], name: str, value: Any) -> None:
    """A second value makes a list; the same one again is none."""
    if name not in thing:
        thing[name] = value
    elif thing[name] != value:
        known = thing[name] if isinstance(thing[name], list) else [thing[name]]
        thing[name] = known if value in known else [*known, value]
