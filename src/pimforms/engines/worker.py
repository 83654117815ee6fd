"""The other process: it holds the engine, and does whole pieces of work (a walk, a scenario) for one line of JSON each.

A request is `{"do": "load" | "call", "form": KEY, …}`; the reply `{"done": …}`, or `{"error": [message, fix]}`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pimforms.engines.interview import EngineError

if TYPE_CHECKING:
    from pimforms.engines.javarosa import JavaRosa

Task = Callable[["JavaRosa", dict[str, Any], Any], Any]
"""Called with the interview, with what is remembered about this form between calls, and with what was sent."""


def main() -> None:
    """Reads requests until standard input ends; then ends at once, whatever Java still does."""
    replies = os.fdopen(os.dup(1), "w", encoding="ascii", newline="\n")
    os.dup2(2, 1)  # whatever else is printed, by Java too, goes where complaints go
    forms: dict[str, tuple[JavaRosa, dict[str, Any]]] = {}
    for line in sys.stdin:
        try:
            reply: dict[str, Any] = {"done": _do(json.loads(line), forms)}
        except EngineError as error:
            reply = {"error": [error.message, error.fix]}
        except RecursionError:
            reply = {"error": ["something in this form is nested too deeply for the engine", ""]}
        except Exception as error:  # a fault of ours: the other side turns it into one message
            if os.environ.get("PIMFORMS_TRACEBACK"):
                import traceback

                traceback.print_exc()
            reply = {"error": [f"the worker failed ({type(error).__name__}: {' '.join(str(error).split())})", ""]}
        replies.write(json.dumps(reply) + "\n")
        replies.flush()
    os._exit(0)


def _do(request: Mapping[str, Any], forms: dict[str, tuple[JavaRosa, dict[str, Any]]]) -> Any:
    if request["do"] == "start":
        from pimforms.engines import java

        java.start(long=bool(request["long"]))
        return None
    key = request["form"]
    if request["do"] == "load":
        from pimforms.engines.javarosa import JavaRosa

        forms[key] = JavaRosa(request["xform"], request["folder"]), {}
        return None
    module, _, name = request["task"].partition(":")
    task: Task = getattr(import_module(f"pimforms.engines.{module}"), name)
    interview, memory = forms[key]
    return task(interview, memory, request["given"])


if __name__ == "__main__":
    main()
