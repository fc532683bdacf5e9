"""Readings that go wrong, for `core.isolation`: it imports what it runs, so they have a module of their own."""

import asyncio
import json
import os
import sys
import time
from contextlib import suppress

import structlog

from core.documents.tables import read_table
from core.errors import Refusal
from core.inputs import parsed_json


def eats_memory(data: bytes) -> int:
    return len(b"x" * 1024 * 1024 * 1024)


def turns_in_circles(data: bytes) -> None:
    while True:
        pass


def sleeps(data: bytes) -> None:
    time.sleep(3600)


def calls_itself(data: bytes) -> None:
    calls_itself(data)


def dies(data: bytes) -> None:
    os._exit(3)


def says_too_much_of_us(data: bytes) -> list[str]:
    return sorted(os.environ)


def writes_a_file(data: bytes) -> None:
    with open(data.decode(), "wb") as file:
        file.write(b"here")


def echoes(data: bytes) -> str:
    return data.decode()


def reads_a_workbook(data: bytes) -> str:
    # What is said on this side is the answer; by itself structlog would print its lines into it.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    try:
        asyncio.run(read_table("list.xlsx", data))
    except Refusal as refusal:
        return type(refusal).__name__
    return "read"


def parses_json(data: bytes) -> int:
    """How many of the bodies were looked at; what is refused counts too."""
    looked = 0
    for body in data.split(b"\0"):
        with suppress(json.JSONDecodeError):
            parsed_json(body)
        looked += 1
    return looked
