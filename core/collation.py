"""The order of names in lists, by the rules of a language, the same on every database.

A database sorts by rules of its own, SQLite by none. So what a list is sorted by is a key that ICU makes of the name,
written in hexadecimal figures: whatever rules a database has, those figures stand in one order.
"""

import threading

import icu

# Of the languages spoken here the one with letters of its own in the alphabet: ç after c, ı before i. What it says
# nothing of stands where all languages put it, Ḥasan beside Hasan, and every script in its own order.
LANGUAGE = "tr"
MOST = 700
_local = threading.local()


def sort_key(text: str) -> str:
    """What sorts as the text does; empty for no text.

    Keys made by another version of ICU may differ; only what is shown first does then. A key that is too long loses its
    end: texts that differ so late stand in any order.
    """
    if not hasattr(_local, "collator"):
        # One for each thread: they are not to be shared.
        _local.collator = icu.Collator.createInstance(icu.Locale(LANGUAGE))  # type: ignore[attr-defined]
    return str(_local.collator.getSortKey(text).hex())[:MOST] if text else ""


def surname_first(name: str) -> str:
    """A name as lists by surname take it: “Ayşe Nur Yılmaz” is “Yılmaz, Ayşe Nur”.

    The surname is the last word, or what stands before a comma (“Yılmaz, Ayşe”); where some words are in capitals
    and others are not (“María GARCÍA LÓPEZ”, “GARCÍA LÓPEZ María”), it is those: so write the lists of the EU.
    """
    before, comma, after = name.partition(",")
    if comma and after.strip():
        return f"{before.strip()}, {after.strip()}"
    words = name.split()
    loud = [word for word in words if len(word) > 2 and word.isupper()]
    if not loud or len(loud) == len(words):
        loud = words[-1:]
        return ", ".join(filter(None, [" ".join(loud), " ".join(words[:-1])]))
    return f"{' '.join(loud)}, {' '.join(word for word in words if word not in loud)}"


def surname_key(name: str) -> str:
    """What sorts as the name does by surname, then by given name; empty for no name."""
    return sort_key(surname_first(name.strip()))
