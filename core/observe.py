"""What an operator sees: structured logs and counters, none of them with personal data."""

import logging
import sys

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram


def set_up_logs(form: str) -> None:
    """JSON or text lines on standard error, each with the request id that is bound at the door."""
    shape = (
        structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Only the kind and place of an error: its text may quote what somebody typed.
            structlog.processors.ExceptionRenderer(
                structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
            )
            if form == "json"
            else structlog.processors.format_exc_info,
            shape,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


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
