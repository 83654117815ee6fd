"""Reading one form in a process of its own while the other one is read here: two long forms in the time of one.

What the compiler adds is made there as well, after the snapshot was handed over; it is thrown away if nobody asks for it.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pimforms.compare.snapshot import Snapshot, Woven

WORTH = 60_000
"""Bytes of a form text from which a process of its own is worth its start: some 150 questions."""

_PROGRAM = """\
import sys
sys.path = [*filter(None, sys.path), sys.argv[1]]
from pimforms.compare.apart import hand_over
hand_over(sys.argv[2])
"""


class Apart:
    """A form text that another process reads. `snapshot` and `woven` wait for it; None if it could not, for any reason."""

    def __init__(self, name: str) -> None:
        self.name = name
        import subprocess  # 15 ms, and only long forms need it

        root = str(Path(__file__).resolve().parent.parent.parent)
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, root, name],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def snapshot(self) -> Snapshot | None:
        found: Snapshot | None = self._next()
        return found

    def woven(self) -> Woven | None:
        found: Woven | None = self._next()
        return found

    def end(self) -> None:
        """Ends the process, whatever it is doing."""
        self._process.kill()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process.wait()

    def _next(self) -> Any:
        import pickle

        try:
            return pickle.load(self._process.stdout)  # type: ignore[arg-type]  # from our own process alone
        except (EOFError, OSError, ValueError, pickle.PickleError):
            return None


def is_worth_it(*names: str) -> bool:
    """Whether two form texts are so long, and so many processors are free, that it is faster."""
    try:
        return all(Path(name).stat().st_size > WORTH for name in names) and _free_processors() > 1
    except OSError:
        return False


def _free_processors() -> float:
    """Processors that were not busy in the last minute; all of them where that is not known (Windows)."""
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return (os.cpu_count() or 1) - busy


def start(name: str) -> Apart | None:
    """The reader of a form text, or None where no process can be started."""
    with suppress(OSError):
        return Apart(name)
    return None


def hand_over(name: str) -> None:
    """What the other process does: the snapshot of a form to standard output, and then what the compiler adds to it."""
    import gc
    import pickle

    from pimforms.compare.of_form import snapshot_of_form, woven
    from pimforms.compare.sides import side

    gc.disable()
    out = sys.stdout.buffer
    with suppress(Exception):  # the other side reads the form once more then, and says what is wrong
        form = side(name).form
        if form is not None:
            pickle.dump(snapshot_of_form(form, name), out, pickle.HIGHEST_PROTOCOL)
            out.flush()
            pickle.dump(woven(form), out, pickle.HIGHEST_PROTOCOL)
            out.flush()
