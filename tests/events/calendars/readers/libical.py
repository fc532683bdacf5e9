"""What libical (Evolution's, GNOME's, KDE's) reads in calendars: {name: text} on stdin, in a process of its own."""

import ctypes
import json
import sys
from ctypes.util import find_library
from typing import Any


class Time(ctypes.Structure):
    """struct icaltimetype"""

    _fields_ = (
        *((name, ctypes.c_int) for name in ("year", "month", "day", "hour", "minute", "second", "is_date", "is_dst")),
        ("zone", ctypes.c_void_p),
    )


def library() -> Any:
    lib = ctypes.CDLL(find_library("ical") or "libical.so.3")
    pointers = ("icalparser_parse_string", "icalcomponent_get_first_component", "icalcomponent_get_next_component")
    for name in pointers:
        getattr(lib, name).restype = ctypes.c_void_p
    for name in ("icalcomponent_get_summary", "icalcomponent_get_location", "icalproperty_status_to_string"):
        getattr(lib, name).restype = ctypes.c_char_p
    for name in ("icalcomponent_get_dtstart", "icalcomponent_get_dtend"):
        getattr(lib, name).restype = Time
    lib.icaltime_as_timet_with_zone.restype = ctypes.c_int64
    lib.icaltime_as_timet_with_zone.argtypes = (Time, ctypes.c_void_p)
    return lib


def read(lib: Any, text: str) -> list[list[Any]]:
    calendar = ctypes.c_void_p(lib.icalparser_parse_string(text.encode()))
    kind = lib.icalcomponent_string_to_kind(b"VEVENT")
    found, entry = [], lib.icalcomponent_get_first_component(calendar, kind)
    while entry:
        this = ctypes.c_void_p(entry)
        starts, ends = lib.icalcomponent_get_dtstart(this), lib.icalcomponent_get_dtend(this)
        status = lib.icalproperty_status_to_string(lib.icalcomponent_get_status(this))
        words = [(text or b"").decode() for text in (lib.icalcomponent_get_summary(this), status)]
        place = (lib.icalcomponent_get_location(this) or b"").decode()
        found.append([*words, place, *(lib.icaltime_as_timet_with_zone(t, t.zone) for t in (starts, ends))])
        entry = lib.icalcomponent_get_next_component(calendar, kind)
    return found


if __name__ == "__main__":
    lib = library()
    json.dump({name: read(lib, text) for name, text in json.load(sys.stdin).items()}, sys.stdout)
