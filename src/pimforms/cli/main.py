"""The `pimforms` command: finds the command that was asked for, runs it, and turns what goes wrong into one message.

Ends with 0 if all is well, 1 if something is wrong in the form, 2 if the command was used wrongly or cannot do its work.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from pimforms import __version__
from pimforms.cli.console import complain, settle_output, survive_encodings
from pimforms.source import UnreadableSource

OK, FINDINGS, FAILED = 0, 1, 2

# Each is a module of this folder with `arguments(parser)` and `run(options) -> int`, imported when it is asked for.
COMMANDS = {
    "check": "says everything that is wrong in a form, and how to mend it",
    "compile": "writes the workbook (XLSForm) of a form",
    "test": "runs the scenarios of a form in the engine of ODK Collect and KoboCollect",
    "fmt": "lays the text of a form out in the usual way",
    "new": "writes a small form to begin with",
    "diff": "says what changed between two forms, and what of it breaks the data",
    "show": "shows what was added to a form, and why; or the consent as it is spoken",
    "rules": "shows the page of a rule, or all rules",
    "servers": "describes servers, keeps their logins and tries them",
    "push": "sends a form to KoboToolbox or ODK Central, after a look at what is there",
    "verify": "says whether what is live on a server is what the form says",
    "pull": "writes the form that is live on a server as a workbook",
}


def run() -> None:
    """The entry point of the installed command."""
    gc.disable()  # one short run that makes trees and records: collecting would find nothing and cost a third of the time
    code = main(sys.argv[1:])
    gc.freeze()  # Python collects once more at its end, and everything goes then anyway
    sys.exit(code)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; the number it ends with. Never raises: what goes wrong is said in a sentence."""
    survive_encodings()
    try:
        code = _dispatch(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
    except UnreadableSource as error:
        complain(f"{error.path}: {error.message}", error.fix)
    except BrokenPipeError:
        settle_output()  # `| head` has seen enough: nothing is wrong that anyone should read of
    except KeyboardInterrupt:
        complain("stopped")
    except OSError as error:
        settle_output()
        reason = error.strerror or str(error)
        if error.filename:
            complain(f"{error.filename}: {reason}", "check the name, the disk and what you may write there")
        else:  # files are named in their errors, standard output is not
            complain(f"cannot write the output ({reason})", "free some space, or send the output to another place")
    except RecursionError:
        complain("something in this form is nested too deeply", "split the longest condition with `condition NAME = …`")
    except MemoryError:
        complain("there is not enough memory for this", "close other programs, or split the form")
    except Exception as error:
        if os.environ.get("PIMFORMS_TRACEBACK"):
            raise
        complain(
            _fault(error), "please report this line, with the form if you may share it, to whoever maintains pimforms"
        )
    else:
        return code
    return FAILED


def _dispatch(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="pimforms", description="Protection forms as text, compiled to XLSForms.")
    parser.add_argument("--version", action="version", version=f"pimforms {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    asked = next((word for word in argv if not word.startswith("-")), None)
    named = argv[:1] if argv and argv[0] in COMMANDS else list(COMMANDS)  # the others are for the help, and cost time
    for name in named:
        says = COMMANDS[name]
        one = commands.add_parser(name, help=says, description=says[0].upper() + says[1:] + ".")
        if name == asked:
            import_module(f"pimforms.cli.{name}").arguments(one)
    try:
        options = parser.parse_args(argv)
    except SystemExit as stop:  # argparse has said what is wrong, or has shown its help
        return stop.code if isinstance(stop.code, int) else FAILED
    if options.command is None:
        parser.print_help()
        return FAILED
    code: int = import_module(f"pimforms.cli.{options.command}").run(options)
    return code


def _fault(error: Exception) -> str:
    """A fault of ours in one sentence: what it was, and where in the code."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" at {os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace else ""  # noqa: PTH119
    what = " ".join(f"{type(error).__name__}: {error}".split())
    return f"pimforms {__version__} failed; this is not the fault of your form ({what}{where})"


if __name__ == "__main__":
    run()
