"""HTTP/1.1 with patience that ends: headers and bodies that do not come are not waited for.

uvicorn times connections between requests only; within one a stranger may send a byte an hour, and holds a connection
with each. It also keeps headers of any length.
"""

import asyncio

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class BoundedHttp(HttpToolsProtocol):
    """Closes a connection whose request does not come in time; who waits for its body sees that the client is gone."""

    max_headers = 64 * 1024
    # Seconds until the headers are there, between two pieces of a body, and for all of it: ten megabytes by telephone.
    header_seconds = 10.0
    piece_seconds = 15.0
    body_seconds = 120.0
    _timer: asyncio.TimerHandle | None = None
    _header_bytes = 0
    _is_in_headers = False
    _is_in_body = False
    _body_ends = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait(self.header_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        was_in_headers = self._is_in_headers
        super().data_received(data)
        if self.transport.is_closing():
            self._stop_waiting()
        elif self._is_in_headers:
            self._header_bytes += len(data) if was_in_headers else 0
            if self._header_bytes > self.max_headers:
                self._stop_waiting()
                self.send_400_response("Headers are too long.")
            elif self._timer is None:
                self._wait(self.header_seconds)
        elif self._is_in_body:
            self._wait(min(self.piece_seconds, max(0.0, self._body_ends - self.loop.time())))

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_in_headers, self._is_in_body, self._header_bytes = True, False, 0

    def on_headers_complete(self) -> None:
        if sum(len(name) + len(value) for name, value in self.headers) + len(self.url) > self.max_headers:
            raise httptools.HttpParserError("headers are too long")
        super().on_headers_complete()
        self._is_in_headers, self._is_in_body = False, True
        self._body_ends = self.loop.time() + self.body_seconds

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._is_in_body = False
        self._stop_waiting()

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._timer = self.loop.call_later(seconds, self._hang_up)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _hang_up(self) -> None:
        self._timer = None
        if self._is_in_body and self.flow.read_paused:
            self._wait(self.piece_seconds)  # it is we who do not read
        else:
            self.transport.close()
