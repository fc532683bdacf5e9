"""The web process: the application behind uvicorn."""

from contextlib import suppress
from typing import Any

import uvicorn

from core.settings import Settings
from heyet.app import create_app
from heyet.http import BoundedHttp


class Server(uvicorn.Server):
    """Lets pages that wait for progress end at once when the process is asked to stop."""

    def handle_exit(self, sig: int, frame: Any) -> None:
        self.config.app.state.stopping.set()  # type: ignore[union-attr]
        super().handle_exit(sig, frame)


def run(settings: Settings) -> None:
    """Serve until told to stop; what is under way is finished first."""
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
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
        Server(config).run()
