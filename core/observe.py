"""What an operator sees: structured logs and counters, none of them with personal data."""

import logging
import sys
import traceback
from pathlib import Path
from types import TracebackType

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from structlog.typing import EventDict, Processor, WrappedLogger

from core.errors import Unfit


def set_up_logs(form: str) -> None:
    """JSON or text lines on standard error, each with the request id that is bound by the request middleware.

    Libraries that log by themselves go the same way, and so does an error that nobody caught.
    """
    shape = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _only_the_location,
    ]
    structlog.configure(
        processors=[*before, shape],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = _Foreign(logging.WARNING)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(True)
    sys.excepthook = _note_uncaught


class _Foreign(logging.Handler):
    """Lines of libraries. Their arguments may be what somebody typed, their text what a server said: the first line of
    the pattern is kept, without what was to be filled in, and of an error its kind and place."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            error = record.exc_info[1] if record.exc_info else None
            pattern = str(record.msg).partition("\n")[0] if isinstance(record.msg, str) else ""
            what = pattern if _is_pattern(record) else "said something"
            structlog.get_logger().log(max(record.levelno, logging.WARNING), f"{record.name}: {what}", exc_info=error)
        except Exception:
            self.handleError(record)


def _is_pattern(record: logging.LogRecord) -> bool:
    """Whether the text is the library's own: it is with arguments beside it, or where it is one of its fixed
    sentences."""
    return bool(record.args) or str(record.msg).partition("\n")[0] in _FIXED


# What our libraries say without arguments; anything else may have been put together from what somebody typed.
_FIXED = {
    "Exception in ASGI application",
    "Task exception was never retrieved",
    "Future exception was never retrieved",
    "Application startup failed. Exiting.",
    "Exception in 'lifespan' protocol",
    "Task was destroyed but it is pending!",
}


def _note_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    structlog.get_logger().error("uncaught", exc_info=error)


def _only_the_location(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """The kind of an error and where it rose. Its text and its variables may hold what somebody typed."""
    error = line.pop("exc_info", None)
    if isinstance(error, BaseException):
        line["kind"] = type(error).__name__
        if isinstance(error, Unfit):
            line["why"] = str(error)
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
        self.seconds = Histogram("heyet_request_seconds", "Time to answer", ["method", "route"], registry=self.registry)
        self.messages = Counter("heyet_messages", "Delivery attempts", ["outcome"], registry=self.registry)
