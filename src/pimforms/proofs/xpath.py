"""The XPath of a workbook's cells, read back: what is proved of a form is proved of what the phone gets.

The whole of XPath 1.0 is read, with `${name}` as XLSForm adds it. What cannot be read gives None, and nothing is proved
of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

ANYTHING = "*"
"""Stands for a read that could be of any answer."""


class Node(NamedTuple):
    """`kind` is one of "text", "number", "read", "call", "and", "or", "sign".

    `value` is the text, the number as written, the function's name or the sign; of a "read" the names that it reads.
    `parts` are the expressions inside: operands, arguments, predicates.
    """

    kind: str
    value: Any = ""
    parts: tuple[Node, ...] = ()


_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>'[^']*'|"[^"]*")
      | (?P<reference>\$\{[^{}]*\})
      | (?P<number>\d+(?:\.\d*)?|\.\d+)
      | (?P<name>[^\W\d][\w.-]*(?::(?!:)[^\W\d][\w.-]*)?)
      | (?P<sign>//|\.\.|::|<=|>=|!=|[()\[\]/.@,|+\-*=<>])
    )""",
    re.X,
)
_RANKS = {
    "or": 1, "and": 2, "=": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4,
    "+": 5, "-": 5, "*": 6, "div": 6, "mod": 6, "|": 7,
}  # fmt: skip
_NODE_TESTS = ("text", "node", "comment", "processing-instruction")
_END = ("end", "")


class _Unreadable(Exception):
    pass


class Book:
    """All expressions of one workbook. What is written twice is one node, so that it need be looked at only once."""

    def __init__(self) -> None:
        self._read: dict[str, Node | None] = {}
        self._nodes: dict[tuple[Any, ...], Node] = {}

    def read(self, xpath: str) -> Node | None:
        """The expression of a cell; None if it is not XPath, or nested too deep to be looked at."""
        if xpath not in self._read:
            self._read[xpath] = self._new(xpath)
        return self._read[xpath]

    def _new(self, xpath: str) -> Node | None:
        try:
            tokens = [*_tokens(xpath), _END]
            reader = _Reader(tokens, self._node)
            node = reader.expression(1)
        except (_Unreadable, RecursionError):
            return None
        return node if reader.at == len(tokens) - 1 else None

    def _node(self, kind: str, value: Any = "", parts: tuple[Node, ...] = ()) -> Node:
        key = (kind, value, *map(id, parts))
        found = self._nodes.get(key)
        if found is None:
            found = self._nodes[key] = Node(kind, value, parts)
        return found


def _tokens(xpath: str) -> Iterator[tuple[str, str]]:
    at, end = 0, len(xpath.rstrip())
    while at < end:
        match = _TOKEN.match(xpath, at)
        if match is None:
            raise _Unreadable
        at = match.end()
        kind = match.lastgroup or ""
        yield kind, match[kind]


class _Reader:
    """One level of rank a call, so that a long chain of `if` stays shallow."""

    def __init__(self, tokens: list[tuple[str, str]], node: Callable[..., Node]) -> None:
        self.tokens = tokens
        self.node = node
        self.at = 0

    def take(self, sign: str) -> bool:
        if self.tokens[self.at] == ("sign", sign):
            self.at += 1
            return True
        return False

    def need(self, sign: str) -> None:
        if not self.take(sign):
            raise _Unreadable

    def expression(self, lowest: int) -> Node:
        left = self.operand()
        while True:
            kind, sign = self.tokens[self.at]
            rank = _RANKS.get(sign, 0) if kind in ("sign", "name") else 0
            if rank < lowest:
                return left
            self.at += 1
            right = self.expression(rank + 1)
            if sign in ("and", "or"):
                inner = left.parts if left.kind == sign else (left,)
                left = self.node(sign, "", (*inner, right))
            else:
                left = self.node("sign", sign, (left, right))

    def operand(self) -> Node:
        minus = False
        while self.take("-"):
            minus = True
        node = self.path()
        return self.node("sign", "-", (node,)) if minus else node

    def path(self) -> Node:
        kind, text = self.tokens[self.at]
        if kind == "text":
            self.at += 1
            return self._behind(self.node("text", text[1:-1]))
        if kind == "number":
            self.at += 1
            return self.node("number", text)
        if kind == "reference":
            self.at += 1
            return self._behind(self.node("read", (text[2:-1].strip(),)))
        if self.take("("):
            node = self.expression(1)
            self.need(")")
            return self._behind(node)
        if kind == "name" and self.tokens[self.at + 1] == ("sign", "(") and text not in _NODE_TESTS:
            self.at += 2
            return self._behind(self.node("call", text, self._arguments()))
        return self._location()

    def _arguments(self) -> tuple[Node, ...]:
        found: list[Node] = []
        if self.take(")"):
            return ()
        while True:
            found.append(self.expression(1))
            if self.take(")"):
                return tuple(found)
            self.need(",")

    def _behind(self, node: Node) -> Node:
        """Predicates and steps behind a value: `${members}[./age < 18]/age`."""
        inside = self._predicates()
        names: tuple[str, ...] = ()
        if self.tokens[self.at] in (("sign", "/"), ("sign", "//")):
            names, more = self._steps(begun=True)
            inside = (*inside, *more)
        if not inside and not names:
            return node
        if node.kind == "read":
            return self.node("read", (*node.value, *names), inside)
        return self.node("read", names, (node, *inside))

    def _predicates(self) -> tuple[Node, ...]:
        found: list[Node] = []
        while self.take("["):
            found.append(self.expression(1))
            self.need("]")
        return tuple(found)

    def _location(self) -> Node:
        names, inside = self._steps(begun=False)
        return self.node("read", names, inside)

    def _steps(self, *, begun: bool) -> tuple[tuple[str, ...], tuple[Node, ...]]:
        """The names that a path steps through. Where it may end anywhere, ANYTHING."""
        names: list[str] = []
        inside: list[Node] = []
        last = ""
        if not begun and self.tokens[self.at][1] not in ("/", "//"):
            last = self._step(names)
            inside.extend(self._predicates())
        while self.tokens[self.at] in (("sign", "/"), ("sign", "//")):
            if self.take("//"):
                names.append(ANYTHING)
            else:
                self.need("/")
            last = self._step(names)
            inside.extend(self._predicates())
        if last == "..":
            names.append(ANYTHING)
        return tuple(names), tuple(inside)

    def _step(self, names: list[str]) -> str:
        if self.take("."):
            return "."
        if self.take(".."):
            return ".."
        self.take("@")
        kind, text = self.tokens[self.at]
        if kind == "reference":
            text = text[2:-1].strip()
        elif kind == "name" and self.tokens[self.at + 1] == ("sign", "::"):
            self.at += 2
            names.append(ANYTHING)
            return self._step(names)
        elif kind == "name" and text in _NODE_TESTS and self.tokens[self.at + 1] == ("sign", "("):
            self.at += 2
            self.need(")")
            names.append(ANYTHING)
            return text
        elif text == "*":
            text = ANYTHING
        elif kind != "name":
            raise _Unreadable
        self.at += 1
        names.append(text)
        return text
