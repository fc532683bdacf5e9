"""The moment, handed in from outside so that rules and tests can choose it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request

Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


async def _moment_of(request: Request) -> datetime:
    clock: Clock = request.app.state.clock
    return clock()


Moment = Annotated[datetime, Depends(_moment_of)]
