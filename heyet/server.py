"""The web process: the application behind uvicorn."""

import errno
import socket
from contextlib import suppress
from typing import Any

import uvicorn

from core.errors import Unfit
from core.settings import Settings
from heyet.app import create_app
from heyet.http import BoundedHttp


class Server(uvicorn.Server):
    """Lets pages that wait for progress end at once when the process is asked to stop."""

    def handle_exit(self, sig: int, frame: Any) -> None:
        self.config.app.state.stopping.set()  # type: ignore[union-attr]
        super().handle_exit(sig, frame)


def bound(settings: Settings) -> socket.socket:
    """The address that is served at, taken before anything is said or written. Raises Unfit where that cannot be."""
    is_v6 = ":" in settings.host
    taken = socket.socket(socket.AF_INET6 if is_v6 else socket.AF_INET)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((settings.host, settings.port))
    except OSError as error:
        taken.close()
        reason = "something serves there already" if error.errno == errno.EADDRINUSE else str(error.strerror)
        raise Unfit(
            f"Heyet cannot be at {settings.host}, port {settings.port}: {reason}. HEYET_PORT=8080 takes another port."
        ) from None
    return taken


def run(settings: Settings, at: socket.socket) -> None:
    """Serve until told to stop; what is under way is finished first."""
    config = uvicorn.Config(
        create_app(settings),
        loop="uvloop",
        http=BoundedHttp,
        ws="none",
        access_log=False,
        log_level="warning",
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=10,
        proxy_headers=False,
    )
    # Where the folder cannot be written, commands print the address as it is set.
    with suppress(OSError):
        settings.served_at.write_text(settings.base_url, encoding="utf-8")
    with suppress(KeyboardInterrupt):  # the server raises it again when all is put away
        Server(config).run(sockets=[at])
