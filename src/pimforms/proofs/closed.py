"""What a condition is worth, and what a value depends on, when only some answers are known.

A `State` says of some answers what they can be; of all others nothing is known. What is found here holds whatever the
others are.
"""

from __future__ import annotations

from collections.abc import Mapping

from pimforms.proofs.xpath import ANYTHING, Node

BLANK = ""
State = Mapping[str, frozenset[str]]
_TURNED = {True: False, False: True, None: None}
_NONE: frozenset[str] = frozenset()
LAST_SAVED = "last-saved#"
_WITHOUT_READS = frozenset({"position", "instance", "last", "current"})


class Known:
    """What is known in one state; each node is looked at once."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._truths: dict[int, bool | None] = {}
        self._reads: dict[int, frozenset[str]] = {}

    def truth(self, node: Node) -> bool | None:
        """Whether a condition holds in every case (True), in none (False), or neither is certain."""
        key = id(node)
        if key not in self._truths:
            self._truths[key] = self._truth(node)
        return self._truths[key]

    def _truth(self, node: Node) -> bool | None:
        if node.kind in ("and", "or"):
            ends = node.kind == "or"
            found: bool | None = not ends
            for part in node.parts:
                each = self.truth(part)
                if each is ends:
                    return ends
                if each is None:
                    found = None
            return found
        if node.kind == "call":
            return self._call(node)
        if node.kind == "sign" and node.value in ("=", "!=") and len(node.parts) == 2:
            same = self._same(*node.parts)
            return same if node.value == "=" else _TURNED[same]
        return None

    def _call(self, node: Node) -> bool | None:
        name, parts = node.value, node.parts
        if name in ("true", "false") and not parts:
            return bool(name == "true")
        if name == "not" and len(parts) == 1:
            return _TURNED[self.truth(parts[0])]
        if name == "if" and len(parts) == 3:
            chosen = self.truth(parts[0])
            if chosen is None:
                one, other = self.truth(parts[1]), self.truth(parts[2])
                return one if one is other else None
            return self.truth(parts[1] if chosen else parts[2])
        if name == "selected" and len(parts) == 2:
            return self._same(parts[0], parts[1])
        return None

    def _same(self, one: Node, other: Node) -> bool | None:
        """Whether an answer is this text. Only the answers of the gate are known, and each has one code."""
        if one.kind == "text":
            one, other = other, one
        if other.kind != "text":
            return None
        if one.kind == "text":
            return bool(one.value == other.value)
        if one.kind != "read" or one.parts or len(one.value) != 1:
            return None
        possible = self.state.get(one.value[0])
        if possible is None:
            return None
        if other.value not in possible:
            return False
        return True if len(possible) == 1 else None

    def reads(self, node: Node) -> frozenset[str]:
        """The answers that a value depends on. What stands behind a closed condition is not among them."""
        key = id(node)
        if key not in self._reads:
            self._reads[key] = self._depends(node)
        return self._reads[key]

    def _depends(self, node: Node) -> frozenset[str]:
        if node.kind == "call" and node.value == "once":
            # It keeps what it once held, whatever its own conditions say afterwards.
            return all_reads(node)
        if node.kind == "call" and node.value == "if" and len(node.parts) == 3:
            chosen = self.truth(node.parts[0])
            if chosen is not None:
                return self.reads(node.parts[1] if chosen else node.parts[2])
        if node.kind in ("and", "or", "sign", "call") and self.truth(node) is not None:
            return _NONE
        if node.kind == "call" and node.value in _WITHOUT_READS:
            return _NONE
        own = frozenset(node.value) if node.kind == "read" else _NONE
        return own.union(*map(self.reads, node.parts))


def all_reads(node: Node) -> frozenset[str]:
    """Every answer that is named in an expression."""
    found: set[str] = set(node.value) if node.kind == "read" else set()
    for part in node.parts:
        found |= all_reads(part)
    return frozenset(found)


def assumed(node: Node | None, state: dict[str, frozenset[str]], codes: Mapping[str, frozenset[str]]) -> None:
    """Narrows a state to the cases in which a condition holds, as far as its `and` says so directly."""
    if node is None:
        return
    if node.kind == "and":
        for part in node.parts:
            assumed(part, state, codes)
        return
    holds = True
    while node.kind == "call" and node.value == "not" and len(node.parts) == 1:
        node, holds = node.parts[0], not holds
    if node.kind != "sign" or node.value not in ("=", "!=") or len(node.parts) != 2:
        return
    one, other = node.parts
    if one.kind == "read" and not one.parts and len(one.value) == 1 and other.kind == "text":
        name = one.value[0]
        if name in codes:
            holds = holds == (node.value == "=")
            before = state.get(name, codes[name])
            state[name] = before & {other.value} if holds else before - {other.value}


def is_unclear(name: str) -> bool:
    """A read that could be of any answer, or of an answer in the record before this one."""
    return name == ANYTHING or name.startswith(LAST_SAVED)
