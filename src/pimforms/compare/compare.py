"""Two snapshots to what changed between them. Pure: the same sides and the same rename map give the same changes."""

from __future__ import annotations

from itertools import chain

from pimforms.compare.added import added_changes
from pimforms.compare.changes import KINDS, Change, Comparison
from pimforms.compare.choices import choice_changes
from pimforms.compare.matching import match
from pimforms.compare.offers import likely_renames
from pimforms.compare.questions import question_changes
from pimforms.compare.renames import NO_RENAMES, Renames
from pimforms.compare.snapshot import Snapshot
from pimforms.compare.whole import whole_changes


def compare(old: Snapshot, new: Snapshot, renames: Renames = NO_RENAMES) -> Comparison:
    """What changed from `old` to `new`: the gravest kind first, then the whole form, then as the new form goes.

    Both must be of one kind, form or rows (`sides.both` makes them so), and `renames` must hold between them
    (`renames.problems` says what does not).
    """
    sides = match(old, new, renames)
    found = list(chain(whole_changes(sides), added_changes(sides), question_changes(sides), choice_changes(sides)))
    version = new.settings.get("version", "")
    if version and version == old.settings.get("version") and new.is_rows and found:
        found.append(Change("version-kept", "version", version, version, place=new.place))
    found.sort(key=lambda change: KINDS.index(change.kind))
    return Comparison(old.name, new.name, tuple(found), likely_renames(sides))
