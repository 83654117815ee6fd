"""Conditions as XPath. `is not` is false on a blank or refused answer; every other negation is plain logic."""

from __future__ import annotations

from pimforms.expressions.layout import Layout, Spot
from pimforms.expressions.patterns import anchored
from pimforms.expressions.terms import Term, atom, both, conjuncts, either, negated, quoted
from pimforms.expressions.write import Known, Written, bracketed, condition, value, writes_condition
from pimforms.model import expression as e
from pimforms.model.expression import Expression


def _guarded(written: tuple[Written, ...], term: Term, known: Known) -> Term:
    """A comparison that holds only where its values may be read."""
    guards = [atom_ for part in written for atom_ in part.shown]
    return both((*guards, term), known) if guards else both((term,), known)


@writes_condition(e.Is)
def _is(node: e.Is, spot: Spot, layout: Layout, known: Known) -> Term:
    left = value(node.left, spot, layout, known)
    rights = [value(other, spot, layout, known) for other in node.values]
    text = bracketed(left, 1)
    if node.negated:
        terms: list[Term] = [] if isinstance(node.left, e.Own) else list(left.present)
        terms.extend(term for right in rights for term in right.present)
        for other in _refusals(node, spot, layout):
            terms.append(atom(f"{text} != {quoted(other)}"))
        terms.extend(atom(f"{text} != {bracketed(right, 1)}") for right in rights)
        terms = list(dict.fromkeys(terms))
        return _guarded((left, *rights), ("and", tuple(terms)), known)
    ways = []
    for right in rights:
        same = atom(f"{text} = {bracketed(right, 1)}")
        # Two blanks are equal for XPath, but nobody who is not answered "is" anything.
        needed = left.present if right.present and not isinstance(node.left, e.Own) else ()
        if left.strict and isinstance(node.left, e.Ref):
            needed = left.present
        strict = right.present if right.strict else ()
        ways.append(_guarded((right,), both((*needed, *strict, same)), known))
    return _guarded((left,), either(ways), known)


def _refusals(node: e.Is, spot: Spot, layout: Layout) -> list[str]:
    """The ways out of a choice question that are not among the values anyway."""
    name = node.left.name if isinstance(node.left, e.Ref) else ""
    if isinstance(node.left, e.Own) and spot.item is not None:
        name = spot.item.name
    if not name or layout.kind(name).kind != "code":
        return []
    named = {other.value for other in node.values if isinstance(other, e.Code)}
    return [code for code in layout.refusals(name) if code not in named]


@writes_condition(e.Includes)
def _includes(node: e.Includes, spot: Spot, layout: Layout, known: Known) -> Term:
    left = value(node.left, spot, layout, known)
    ticked = [atom(f"selected({left.text}, {value(other, spot, layout, known).text})") for other in node.values]
    if node.mode == "all":
        term = both(ticked)
    elif node.mode == "only":
        term = both((either(ticked), _nothing_else(left.text, ticked)))
    else:
        term = either(ticked)
    term = _guarded((left,), term, known)
    return negated(term) if node.negated else term


def _nothing_else(text: str, ticked: list[Term]) -> Term:
    if len(ticked) == 1:
        return atom(f"count-selected({text}) = 1")
    return atom(f"count-selected({text}) = {' + '.join(f'if({one[1]}, 1, 0)' for one in ticked)}")


_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@writes_condition(e.Compare)
def _compare(node: e.Compare, spot: Spot, layout: Layout, known: Known) -> Term:
    left, right = value(node.left, spot, layout, known), value(node.right, spot, layout, known)
    term = atom(f"{bracketed(left, 1)} {node.operator} {bracketed(right, 1)}")
    # A blank number is "not a number", and compares as false everywhere. A computed date must be there to be read.
    needed: list[Term] = []
    for part, side in ((left, node.left), (right, node.right)):
        if _must_be_there(part, side):
            needed.extend(part.present)
    return _guarded((left, right), both((*needed, term)), known)


def _must_be_there(written: Written, side: Expression) -> bool:
    return written.strict and not isinstance(side, (e.Arithmetic, e.Negate))


@writes_condition(e.Answered)
def _answered(node: e.Answered, spot: Spot, layout: Layout, known: Known) -> Term:
    operand = value(node.operand, spot, layout, known)
    there = operand.present or (atom(f"{bracketed(operand, 1)} != ''"),)
    term = _guarded((operand,), both(there), known)
    if not node.negated:
        return term
    if not operand.shown and not operand.strict and isinstance(node.operand, e.Ref):
        return atom(f"{operand.text} = ''")
    return negated(term)


@writes_condition(e.Match)
def _match(node: e.Match, spot: Spot, layout: Layout, known: Known) -> Term:
    operand = value(node.operand, spot, layout, known)
    return _guarded((operand,), atom(f"regex({operand.text}, {quoted(anchored(node.pattern))})"), known)


@writes_condition(e.Not)
def _not(node: e.Not, spot: Spot, layout: Layout, known: Known) -> Term:
    if isinstance(node.operand, e.Not):
        return condition(node.operand.operand, spot, layout, known)
    return negated(condition(node.operand, spot, layout, known))


@writes_condition(e.Logic)
def _logic(node: e.Logic, spot: Spot, layout: Layout, known: Known) -> Term:
    if node.operator == "or":
        return either([condition(operand, spot, layout, known) for operand in node.operands])
    terms: list[Term] = []
    holds = known
    for operand in node.operands:
        term = condition(operand, spot, layout, holds)
        terms.append(term)
        holds = holds.union(conjuncts(term))
    return both(terms)
