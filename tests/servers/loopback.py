"""A server on this computer that tests speak to over real HTTP, and that can be told to fail.

A fake server is a function from `Asked` to `Given`; it holds its state in its own object. `Loopback` runs it, keeps a log of what was
asked, and plays faults: the connection cut before or after the request was carried out, silence, a busy answer, a page
of HTML from a gateway, JSON that breaks off.
"""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request. `path` without the query; `params` is the query; `body` the raw bytes."""

    method: str
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    address: str

    @property
    def json(self) -> Any:
        return json.loads(self.body or b"null")


@dataclass(frozen=True)
class Given:
    """One answer. `body` is JSON unless it is bytes or text. `source` names the recorded exchange that it is shaped after."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = ""
    source: str = ""

    def encoded(self) -> tuple[bytes, str]:
        if isinstance(self.body, bytes):
            return self.body, self.content_type or "application/octet-stream"
        if isinstance(self.body, str) and self.content_type:
            return self.body.encode(), self.content_type
        if self.body is None and self.status in (204, 304):
            return b"", ""
        return json.dumps(self.body, ensure_ascii=False).encode(), self.content_type or "application/json"


HTML_502 = Given(502, "<html><body><h1>502 Bad Gateway</h1></body></html>", content_type="text/html")


@dataclass
class Fault:
    """What goes wrong with the next `times` requests that match, after `skip` of them went well.

    `kind`: "cut_before" (nothing was done), "cut_after" (it was done, no answer came), "silence" (it was done, the answer
    comes too late), "truncated" (it was done, the JSON breaks off), "instead" (nothing was done, `answer` came).
    """

    kind: str
    method: str = ""
    path: str = ""
    times: int = 1
    skip: int = 0
    answer: Given = HTML_502
    seconds: float = 1.5

    def takes(self, asked: Asked) -> bool:
        if self.times <= 0 or (self.method and asked.method != self.method) or not re.search(self.path, asked.path):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True


@dataclass
class Loopback:
    """A running fake: its address, what was asked of it and answered, and the faults that are still to come."""

    address: str
    log: list[tuple[Asked, Given | None]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def asked(self, method: str, path: str = "") -> list[Asked]:
        """The requests of one method whose path matches, in order."""
        return [asked for asked, _ in self.log if asked.method == method and re.search(path, asked.path)]

    @property
    def changes(self) -> list[Asked]:
        """Every request that could change something."""
        return [asked for asked, _ in self.log if asked.method not in ("GET", "HEAD")]


class _Busy:
    """How many requests are being answered. A late answer must not outlive its test and disturb the next one."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = threading.Condition()

    def __enter__(self) -> None:
        with self._changed:
            self._count += 1

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._count -= 1
            self._changed.notify_all()

    def wait(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._count == 0, timeout=10)


@contextmanager
def running(answer: Callable[[Asked], Given]) -> Iterator[Loopback]:
    """Runs a fake on a free port of the loopback address until the block ends."""
    lock = threading.Lock()
    busy = _Busy()
    held: dict[str, Loopback] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # head and body are two writes: without this each answer waits 40 ms

        def log_message(self, *_: object) -> None:
            """Tests print nothing."""

        def _run(self) -> None:
            with busy:
                self._serve()

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            server = held["server"]
            asked = Asked(
                self.command, parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), dict(self.headers), body,
                server.address,
            )  # fmt: skip
            fault = next((fault for fault in server.faults if fault.takes(asked)), None)
            kind = fault.kind if fault else ""
            if kind == "cut_before":
                server.log.append((asked, None))
                return self._cut()
            if fault is not None and kind == "instead":
                given = fault.answer
            else:
                with lock:
                    given = answer(asked)
            server.log.append((asked, given))
            if kind == "cut_after":
                return self._cut()
            if fault is not None and kind == "silence":
                time.sleep(fault.seconds)
            self._reply(given, truncated=kind == "truncated")

        def _cut(self) -> None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

        def _reply(self, given: Given, *, truncated: bool) -> None:
            body, content_type = given.encoded()
            if truncated:
                body = body[: len(body) // 2]
            try:
                self.send_response(given.status)
                for name, value in given.headers.items():
                    self.send_header(name, value)
                if content_type:
                    self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):  # the client has lost patience: that is the test
                self.close_connection = True

        do_GET = do_HEAD = do_POST = do_PATCH = do_PUT = do_DELETE = _run

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        held["server"] = loopback = Loopback(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield loopback
        finally:
            server.shutdown()
            thread.join()
            busy.wait()
