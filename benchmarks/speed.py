"""How fast pimforms is beside pyxform: whole processes, ratios in one run. By hand: `python benchmarks/speed.py`.

    check     `pimforms check` over `xls2xform --skip_validate`       budget 0.5
    compile   `pimforms compile --no-gate` over the same              budget 0.8
    f1_core   `check` of a real form, the solver apart, over the same budget 0.6
    growth    ten times the questions, at most eleven times the time
    memory    peak at 10 000 questions below that of pyxform

pyxform converts the workbook that `compile` wrote. The machine may be shared: commands take turns, and the best time of
each counts. In brackets stands the same ratio of processor times, which other programs on the machine change less.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from forms import big_form

BUDGETS = {"check": 0.5, "compile": 0.8, "f1_core": 0.6}
BIN = Path(sys.executable).parent
PIMFORMS = [str(BIN / "pimforms")]
XLS2XFORM = [str(BIN / "xls2xform"), "--skip_validate"]
# As if the solver was not installed. (It takes longer than all other rules together, and xls2xform proves nothing.)
UNSOLVED = [
    sys.executable,
    "-c",
    "import sys; sys.modules['z3'] = None; from pimforms.cli.main import run; run()",
]
F1_CORE = Path(__file__).parent.parent / "examples" / "f1_core" / "f1_core.pim"
# Installed programs have their bytecode beside them.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@dataclass
class Timed:
    """What one command took, in seconds, turn by turn: by the clock and of the processor; and its peak memory in MB.

    Processor times and memory are 0 where the platform does not tell.
    """

    command: list[str]
    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    memory: float = 0.0

    @property
    def best(self) -> float:
        return min(self.seconds)

    def over(self, peer: Timed) -> str:
        processor = f" ({min(self.processor) / min(peer.processor):.2f})" if all(peer.processor) else ""
        return f"{self.best / peer.best:.2f}{processor}"


def take_turns(commands: list[list[str]], runs: int, *, warm: bool = False) -> list[Timed]:
    """Each command so many times, in turns. Unless it is `warm`, a first turn, which writes bytecode, is not counted."""
    timed = [Timed(command) for command in commands]
    for turn in range(warm, runs + 1):
        for each in timed:
            start = time.perf_counter()
            processor, memory = run(each.command)
            if turn:
                each.seconds.append(time.perf_counter() - start)
                each.processor.append(processor)
                each.memory = max(each.memory, memory)
    return timed


def run(command: list[str]) -> tuple[float, float]:
    """Runs a command; its processor time in seconds and its peak resident memory in MB."""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors, env=ENVIRONMENT)
        processor, peak = 0.0, 0.0
        if os.name == "posix":
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            processor = usage.ru_utime + usage.ru_stime
            peak = usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)
        if process.wait() != 0:
            errors.seek(0)
            sys.exit(f"{' '.join(command)} failed:\n{errors.read().decode(errors='replace')[-2000:]}")
    return processor, peak


def load() -> str:
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores" if hasattr(os, "getloadavg") else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="*", default=[100, 1000, 5000, 10000])
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    print(
        f"{'questions':>9} {'check s':>8} {'compile s':>9} {'pyxform s':>9} {'check':>12} {'compile':>12} "
        f"{'MB':>5} {'MB':>5} {'MB':>5}"
    )
    times: dict[int, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in options.sizes:
            form, book, xform = (Path(folder) / f"form{size}{ending}" for ending in (".pim", ".xlsx", ".xml"))
            form.write_text(big_form(size), encoding="utf-8")
            compile_it = [*PIMFORMS, "compile", str(form), "-o", str(book), "--no-gate"]
            commands = [[*PIMFORMS, "check", str(form)], compile_it, [*XLS2XFORM, str(book), str(xform)]]
            check, compiled, peer = take_turns(commands, options.runs)
            times[size] = (check.best, compiled.best)
            print(
                f"{size:>9} {check.best:>8.2f} {compiled.best:>9.2f} {peer.best:>9.2f} {check.over(peer):>12} "
                f"{compiled.over(peer):>12} {check.memory:>5.0f} {compiled.memory:>5.0f} {peer.memory:>5.0f}  {load()}"
            )
        book, xform = Path(folder) / "f1.xlsx", Path(folder) / "f1.xml"
        run([*PIMFORMS, "compile", str(F1_CORE), "-o", str(book), "--no-gate"])
        check, peer = take_turns(
            [[*UNSOLVED, "check", str(F1_CORE)], [*XLS2XFORM, str(book), str(xform)]], max(options.runs, 5)
        )
        print(f"  f1_core {check.best:>8.2f} {'':>9} {peer.best:>9.2f} {check.over(peer):>12}  {load()}")
    for size in options.sizes:
        if size * 10 in times:
            growth = [times[size * 10][k] / times[size][k] for k in (0, 1)]
            print(f"{size} to {size * 10} questions: check {growth[0]:.1f} times, compile {growth[1]:.1f} times")
    budgets = ", ".join(f"{name} {budget}" for name, budget in BUDGETS.items())
    print(f"budgets: {budgets}, growth 11, memory below pyxform's")


if __name__ == "__main__":
    main()
