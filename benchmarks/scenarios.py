"""How fast forms are proved in the engine of the phone: whole processes. By hand: `python benchmarks/scenarios.py`.

    scenarios   50 interviews, each to its end, on a form of 100 questions    budget 3 seconds
    walks       1 000 walks through examples/f1_core                          budget 60 seconds

The budgets are seconds; what a second is worth on this machine shows the peer in the same run: ODK Validate, a Java program
that loads the same form once and walks through nothing. Commands take turns, and the best time of each counts.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from speed import F1_CORE, PIMFORMS, XLS2XFORM, Timed, load, run, take_turns

from forms import big_form
from pimforms.xlsform.gate import find_java, find_validator

QUESTIONS, SCENARIOS, WALKS = 100, 50, 1000
BUDGETS = {"scenarios": 3.0, "walks": 60.0}


def scenarios(number: int) -> str:
    """So many interviews through `big_form`: each opens or closes a group, and looks at what is in it."""
    lines: list[str] = []
    for each in range(number):
        group, code = each % 5, each % 8
        first, counted = f"q{group * 20}", group * 20 + 5
        asked = code in (1, 2)
        lines += [f'scenario s{each} "Interview {each}"', "  given consent", f"  answer {first} c{code}"]
        if asked:
            lines += [f"  answer q{counted} {each}", f"  expect refused q{counted + 1} {101 + each}"]
            lines += [f"  expect recorded q{counted} {each}", f"  expect asked q{counted + 1}"]
        else:
            lines += [f"  expect not asked q{counted}", f"  expect not recorded q{counted}"]
        lines += [f"  expect value {first} c{code}", "  expect outcome complete", "end scenario"]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5, help="how often the scenarios are run")
    parser.add_argument("--walks", type=int, default=1, help="how often the walks are run")
    options = parser.parse_args()
    java, jar = find_java(), find_validator()
    if java is None or jar is None:
        raise SystemExit("no Java or no ODK Validate: pip install 'pimforms[test]'")
    with tempfile.TemporaryDirectory() as folder:
        form, book, xform = (Path(folder) / f"form{ending}" for ending in (".pim", ".xlsx", ".xml"))
        form.write_text(big_form(QUESTIONS), encoding="utf-8")
        form.with_suffix(".test.pim").write_text(scenarios(SCENARIOS), encoding="utf-8")
        run([*PIMFORMS, "compile", str(form), "-o", str(book), "--no-gate"])
        run([*XLS2XFORM, str(book), str(xform)])
        validate = [java, "-Djava.awt.headless=true", "-jar", str(jar), str(xform)]
        ours, peer = take_turns([[*PIMFORMS, "test", str(form)], validate], options.runs)
        _say("scenarios", f"{SCENARIOS} scenarios, {QUESTIONS} questions", ours, peer)
        walk = [*PIMFORMS, "test", str(F1_CORE), "--walks", str(WALKS), "--seed", "1"]
        if options.walks:
            ours, peer = take_turns([walk, validate], options.walks, warm=True)
            _say("walks", f"{WALKS} walks through f1_core", ours, peer)


def _say(budget: str, what: str, ours: Timed, peer: Timed) -> None:
    print(
        f"{what}: {ours.best:.2f} s (budget {BUDGETS[budget]:g} s), {ours.over(peer)} times ODK Validate "
        f"({peer.best:.2f} s), {load()}"
    )


if __name__ == "__main__":
    main()
