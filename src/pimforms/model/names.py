"""Names of what the compiler adds: the same in every version of a form, and never longer than exports keep."""

from __future__ import annotations

LONGEST = 64
"""Characters of a name that statistics programs and servers keep."""


def made_name(*parts: str) -> str:
    """The parts joined with `_`; when that is too long, its beginning and eight digits that stand for all of it."""
    whole = "_".join(parts)
    if len(whole) <= LONGEST:
        return whole
    import hashlib  # rarely needed, and costs as much as this whole room to import

    mark = hashlib.sha256(whole.encode()).hexdigest()[:8]
    return f"{whole[: LONGEST - 9]}_{mark}"
