"""How long `pimforms diff` takes beside pyxform: whole processes, ratios in one run. By hand: `python benchmarks/diff.py`.

    .pim and .pim     two form texts over `xls2xform --skip_validate` on one of them     budget 0.5
    .xlsx and .xlsx   their workbooks over the same                                      budget 0.5
    one process       two form texts, the second one not read beside the first

Some questions, choices and words differ between the two forms. The runs of all take turns, and the best one of each is
taken: the machine may be shared. The two form texts are read in two processes at once, which needs two free processors.
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

BUDGET = 0.5
_ALONE = (
    "import sys; from pimforms.compare import apart; apart.WORTH = 10**12; from pimforms.cli.main import run; run()"
)


def seconds(command: list[str]) -> float:
    """The wall time of one run."""
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False)
    spent = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr.decode(errors='replace')[-2000:]}")
    return spent


def changed(text: str) -> str:
    """The form a month later: a question renamed, one gone, a choice gone, words and a condition changed."""
    edits = (
        ("in this place?", "around here?", 7), ("ask q13 ", "ask q13b ", 1), ("ask q26 integer", "ask q26 decimal", 1),
        ('  c7 "Choice 7 of list 3"', '  c9 "Choice 7 of list 3"', 1), ("at most 100", "at most 120", 5),
    )  # fmt: skip
    for old, new, times in edits:
        text = text.replace(old, new, times)
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    bin_folder = Path(sys.executable).parent
    pimforms = str(bin_folder / "pimforms")
    load = f", load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors" if hasattr(os, "getloadavg") else ""
    print(f"best of {options.runs}{load}; budget {BUDGET}")
    print(
        f"{'questions':>9} {'pyxform s':>9} {'.pim s':>7} {'.xlsx s':>7} {'alone s':>7} {'.pim':>6} {'.xlsx':>6} {'alone':>6}"
    )
    with tempfile.TemporaryDirectory() as folder:
        for size in options.sizes:
            old, new = (Path(folder) / f"{name}{size}.pim" for name in ("old", "new"))
            old.write_text(big_form(size), encoding="utf-8")
            new.write_text(changed(big_form(size)), encoding="utf-8")
            books = [path.with_suffix(".xlsx") for path in (old, new)]
            for path, book in zip((old, new), books, strict=True):
                seconds([pimforms, "compile", str(path), "-o", str(book), "--no-gate"])
            peer = [str(bin_folder / "xls2xform"), "--skip_validate", str(books[0]), str(old.with_suffix(".xml"))]
            commands = {
                "peer": peer,
                "pim": [pimforms, "diff", str(old), str(new)],
                "xlsx": [pimforms, "diff", *map(str, books)],
                "alone": [sys.executable, "-c", _ALONE, "diff", str(old), str(new)],
            }
            best = dict.fromkeys(commands, float("inf"))
            for _ in range(options.runs):
                for name, command in commands.items():
                    best[name] = min(best[name], seconds(command))
            ratios = [best[name] / best["peer"] for name in ("pim", "xlsx", "alone")]
            print(
                f"{size:>9} {best['peer']:>9.2f} {best['pim']:>7.2f} {best['xlsx']:>7.2f} {best['alone']:>7.2f} "
                + " ".join(f"{ratio:>6.2f}" for ratio in ratios)
            )


if __name__ == "__main__":
    main()
