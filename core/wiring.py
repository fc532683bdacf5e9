"""What a package brings to the application: `heyet/app.py` joins what the `wiring.py` of each package returns."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter

from core.personal_data import PersonalData

# Handlers get the worker's context and the job, sweeps the context alone; what they are is known above.
JobHandler = Callable[[Any, Any], Awaitable[None]]
Sweep = Callable[[Any], Awaitable[None]]


@dataclass(frozen=True)
class Wiring:
    """One package's share. `routers` are looked through in their order: what is asked for most comes first."""

    routers: Sequence[APIRouter] = ()
    handlers: Mapping[str, JobHandler] = field(default_factory=dict)
    sweeps: Sequence[Sweep] = ()
    attachment_builders: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    # Tables that calendar feeds show: bytes kept in memory are looked at anew after a write to one of them.
    feed_tables: Sequence[str] = ()
    # act -> what a history calls it
    acts: Mapping[str, str] = field(default_factory=dict)
    personal_data: Sequence[PersonalData] = ()
    # (table, column) -> why it holds no personal data
    impersonal: Mapping[tuple[str, str], str] = field(default_factory=dict)
