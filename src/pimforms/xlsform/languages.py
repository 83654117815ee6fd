"""How XLSForm names a language: its English name and its code, `French (fr)`."""

from __future__ import annotations

from functools import cache

# In use in humanitarian forms and without an English name in CLDR.
_ALSO = {"prs": "Dari", "kmr": "Northern Kurdish", "ctg": "Chittagonian", "din": "Dinka", "nus": "Nuer"}


@cache
def language_name(code: str) -> str:
    """`fr` gives `French (fr)`. A code that CLDR does not know stands for itself: `xyz (xyz)`."""
    from babel import Locale  # 18 ms, and 17 more for the names

    names = Locale("en").languages
    name = names.get(code.replace("-", "_")) or _ALSO.get(code) or names.get(code.partition("-")[0], code)
    return f"{name} ({code})"
