"""The engine in a process of its own, with a time limit: an engine that hangs or dies is one clear message."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from pimforms.engines.interview import EngineError

SECONDS = 60.0
"""How long one piece of work may take. A walk takes a twentieth of a second."""
AHEAD = 4
"""How many pieces of work are sent before the first answer is read, so that both processes always have something to do."""


class Engine:
    """A worker. Java starts with it, while this process may still be compiling. Close it, or use it in a `with`."""

    def __init__(self, *, seconds: float = SECONDS, long: bool = False) -> None:
        self._seconds = seconds
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  closed with the worker
        self._replies: queue.Queue[str] = queue.Queue()
        self._forms = 0
        self._waiting = 0
        root = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pimforms.engines.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            env={**os.environ, "PYTHONPATH": path},
        )
        threading.Thread(target=self._listen, daemon=True).start()
        self._send({"do": "start", "long": long})

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def load(self, xform: str, folder: str | Path) -> str:
        """Reads a form; the key to name it by. `folder` is where its CSV files are. Raises EngineError."""
        self._forms += 1
        key = str(self._forms)
        self._send({"do": "load", "form": key, "xform": xform, "folder": str(folder)})
        self._drain()
        return key

    def call(self, form: str, task: str, given: Any = None) -> Any:
        """What a task (`module:function` of this package, see `worker.Task`) returns. Raises EngineError."""
        self._drain()
        self._send({"do": "call", "form": form, "task": task, "given": given})
        return self._receive()

    def stream(self, form: str, task: str, given: Iterable[Any]) -> Iterator[Any]:
        """As `call` for each of `given`, in order; the worker goes on while the results are looked at."""
        self._drain()
        ahead = iter(given)
        for each in ahead:
            self._send({"do": "call", "form": form, "task": task, "given": each})
            if self._waiting > AHEAD:
                yield self._receive()
        while self._waiting:
            yield self._receive()

    def close(self) -> None:
        """Ends the worker."""
        with suppress(OSError):
            if self._process.stdin is not None:
                self._process.stdin.close()
        self._process.kill()
        self._process.wait()
        self._said.close()

    # ---- the pipe

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._replies.put(line.decode("ascii", "replace"))
        self._replies.put("")

    def _send(self, request: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._waiting += 1
        try:
            self._process.stdin.write(json.dumps(request).encode("ascii") + b"\n")
            self._process.stdin.flush()
        except OSError:
            pass  # it has ended; reading its answer says how

    def _drain(self) -> None:
        while self._waiting:
            self._receive()

    def _receive(self) -> Any:
        try:
            line = self._replies.get(timeout=self._seconds)
        except queue.Empty:
            self._process.kill()
            raise EngineError(
                f"the engine of ODK Collect did not answer within {self._seconds:g} seconds",
                "look for a repeat whose number has no limit, or for a calculation over many members",
            ) from None
        self._waiting -= 1
        if not line:
            self._replies.put("")  # whoever asks again hears the same
            raise EngineError(
                f"the engine of ODK Collect ended by itself{self._last_words()}",
                "run it again; if it ends again, report this",
            )
        reply = json.loads(line)
        if "error" in reply:
            raise EngineError(*reply["error"])
        return reply["done"]

    def _last_words(self) -> str:
        self._process.wait()
        self._said.seek(0)
        lines = self._said.read().decode("utf-8", "replace").strip().splitlines()
        return f" ({lines[-1].strip()[:200]})" if lines else f" (code {self._process.returncode})"


def to_xform(sheets: Any) -> str:
    """The XForm of a workbook. Raises EngineError with what pyxform says against it."""
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    from pimforms.xlsform.gate import as_dict

    try:
        xform: str = convert(as_dict(sheets), validate=False).xform
    except PyXFormError as error:
        raise EngineError(
            f"pyxform refuses this form: {' '.join(str(error).split())}", "run `pimforms compile` to see where"
        ) from None
    return xform
