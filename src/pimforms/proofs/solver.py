"""The solver z3, asked with a limit that is the same on every computer."""

from __future__ import annotations

from typing import Any

INSTALL = 'pip install "pimforms[proofs]"'
STEPS = 30_000_000
"""z3's own count of work for one question, not a time: a slow computer must give the same findings as a fast one."""


def has_solver() -> bool:
    from importlib.util import find_spec

    return find_spec("z3") is not None


class Solver:
    """A z3 solver. `z3` is the module, which is imported only where it is needed."""

    def __init__(self, z3: Any) -> None:
        self.z3 = z3
        self._solver = z3.SimpleSolver()
        self._solver.set("rlimit", STEPS)
        self._solver.set("random_seed", 1)

    def add(self, *formulas: Any) -> None:
        self._solver.add(*formulas)

    def can_hold(self, *assumed: Any) -> bool | None:
        """Whether all that was added can hold together with what is assumed. None if the solver gave up."""
        try:
            found = self._solver.check(*assumed)
        except self.z3.Z3Exception:  # it gives up in more than one way
            return None
        return True if found == self.z3.sat else False if found == self.z3.unsat else None

    def model(self) -> Any:
        return self._solver.model()

    def unsat_core(self) -> set[Any]:
        """What of the assumptions cannot hold together, after `can_hold` said False."""
        return set(self._solver.unsat_core())
