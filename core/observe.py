"""What an operator sees: structured logs and counters, none of them with personal data."""

import logging
import sys
import traceback
from pathlib import Path

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from structlog.typing import EventDict, WrappedLogger


def set_up_logs(form: str) -> None:
    """JSON or text lines on standard error, each with the request id that is bound at the door."""
    shape = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_the_place,
            shape,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _only_the_place(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """The kind of an error and where it rose. Its text and its variables may hold what somebody typed."""
    error = line.pop("exc_info", None)
    if isinstance(error, BaseException):
        line["kind"] = type(error).__name__
        line["rose"] = [
            f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)[-6:]
        ]
    return line


class Metrics:
    """Counters of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "heyet_requests", "Answered requests", ["method", "route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "heyet_request_seconds", "Time to answer", ["method", "route"], registry=self.registry
        )
        self.messages = Counter("heyet_messages", "Delivery attempts", ["outcome"], registry=self.registry)
