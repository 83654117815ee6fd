"""How fast pimforms is beside pyxform: whole processes, ratios in one run. By hand: `python benchmarks/speed.py`.

    check     `pimforms check` over `xls2xform --skip_validate`       budget 0.5
    compile   `pimforms compile --no-gate` over the same              budget 0.8
    growth    ten times the questions, at most eleven times the time
    memory    peak at 10 000 questions below that of pyxform

pyxform converts the workbook that `compile` wrote. The best of several runs is taken: the machine may be shared.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from forms import big_form

BUDGETS = {"check": 0.5, "compile": 0.8}


def timed(command: list[str], runs: int) -> tuple[float, float]:
    """The best wall time in seconds, and the largest peak memory in MB."""
    best, peak = float("inf"), 0.0
    for _ in range(runs):
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        _, error = process.communicate()
        spent = time.perf_counter() - start
        if process.returncode != 0:
            sys.exit(f"{' '.join(command)} failed:\n{error.decode(errors='replace')[-2000:]}")
        best = min(best, spent)
        peak = max(peak, memory(command))
    return best, peak


def memory(command: list[str]) -> float:
    """Peak resident memory in MB of one more run; 0 where the platform does not tell."""
    if os.name != "posix":
        return 0.0
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return usage.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 5000, 10000])
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    bin_folder = Path(sys.executable).parent
    pimforms = [str(bin_folder / "pimforms")]
    xls2xform = [str(bin_folder / "xls2xform"), "--skip_validate"]
    print(
        f"{'questions':>9} {'check s':>8} {'compile s':>9} {'pyxform s':>9} {'check':>6} {'compile':>7} {'MB':>5} {'MB':>5} {'MB':>5}"
    )
    times: dict[int, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in options.sizes:
            form, book, xform = (Path(folder) / f"form{size}{ending}" for ending in (".pim", ".xlsx", ".xml"))
            form.write_text(big_form(size), encoding="utf-8")
            runs = options.runs if size <= 1000 else max(2, options.runs // 2)
            check, check_mb = timed([*pimforms, "check", str(form)], runs)
            compiled, compile_mb = timed([*pimforms, "compile", str(form), "-o", str(book), "--no-gate"], runs)
            peer, peer_mb = timed([*xls2xform, str(book), str(xform)], runs)
            times[size] = (check, compiled)
            print(
                f"{size:>9} {check:>8.2f} {compiled:>9.2f} {peer:>9.2f} {check / peer:>6.2f} {compiled / peer:>7.2f} "
                f"{check_mb:>5.0f} {compile_mb:>5.0f} {peer_mb:>5.0f}"
            )
    for size in options.sizes:
        if size * 10 in times:
            growth = [times[size * 10][k] / times[size][k] for k in (0, 1)]
            print(f"{size} to {size * 10} questions: check {growth[0]:.1f} times, compile {growth[1]:.1f} times")
    print(f"budgets: check {BUDGETS['check']}, compile {BUDGETS['compile']}, growth 11, memory below pyxform's")


if __name__ == "__main__":
    main()
