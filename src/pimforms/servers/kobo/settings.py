"""What stands about a form in the settings of its project: sector, country, description, organisation, personal data or not.

KoboToolbox takes a sector that is not in its list, says 200, and leaves the sector empty. So each is looked up first, and
read back afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pimforms.servers.package import Package


@dataclass(frozen=True, slots=True)
class Settings:
    """`changes` are the keys to send, none if all is as it should be; `warnings` what the server has no word for."""

    changes: Mapping[str, Any]
    warnings: tuple[str, ...] = ()


def settings(package: Package, now: Mapping[str, Any], environment: Callable[[], Mapping[str, Any]]) -> Settings:
    """What must change so that the settings say what the package says. What the package leaves open stays as it is.

    `environment` is asked for the server's own lists only if a sector or a country is to be set.
    """
    changes: dict[str, Any] = {}
    warnings: list[str] = []
    if package.sector and _value(now.get("sector")) != package.sector:
        sectors = _pairs(environment(), "sector_choices")
        if package.sector in sectors:
            changes["sector"] = {"label": sectors[package.sector], "value": package.sector}
        else:
            warnings.append(no_such_sector(package.sector, sectors))
    if package.country and [_value(each) for each in now.get("country") or ()] != list(package.country):
        countries = _pairs(environment(), "country_choices")
        known = [code for code in package.country if code in countries]
        unknown = [code for code in package.country if code not in countries]
        if unknown:
            warnings.append(
                f"the server has no country {', '.join(unknown)}: use three letters, as in ISO 3166-1 (YEM)"
            )
        if known and [_value(each) for each in now.get("country") or ()] != known:
            changes["country"] = [{"label": countries[code], "value": code} for code in known]
    for key, text in (("description", package.description), ("organization", package.organisation)):
        if text and now.get(key) != text:
            changes[key] = text
    personal = "Yes" if package.collects_pii else "No"
    if _value(now.get("collects_pii")) != personal:
        changes["collects_pii"] = {"label": personal, "value": personal}
    return Settings(changes, tuple(warnings))


def lost(sent: Mapping[str, Any], now: Mapping[str, Any], environment: Callable[[], Mapping[str, Any]]) -> list[str]:
    """What was sent and did not stay, each in a sentence."""
    warnings = []
    for key, value in sent.items():
        if _same(value, now.get(key)):
            continue
        if key == "sector":
            warnings.append(no_such_sector(_value(value), _pairs(environment(), "sector_choices")))
        else:
            warnings.append(f"the server did not keep the {key} of the project: set it there by hand")
    return warnings


def no_such_sector(sector: str, legal: Mapping[str, str]) -> str:
    """The sentence for a sector that is not in the server's list, with the list."""
    names = "; ".join(sorted(legal)) or "none"
    return f"the server has no sector `{sector}`, so the project has none. Its sectors are: {names}"


def _same(sent: Any, now: Any) -> bool:
    if isinstance(sent, list):
        return isinstance(now, list) and [_value(each) for each in sent] == [_value(each) for each in now]
    return _value(sent) == _value(now)


def _value(said: Any) -> str:
    return str(said.get("value", "")) if isinstance(said, dict) else str(said or "")


def _pairs(environment: Mapping[str, Any], key: str) -> dict[str, str]:
    pairs = environment.get(key)
    if not isinstance(pairs, list):
        return {}
    return {str(pair[0]): str(pair[1]) for pair in pairs if isinstance(pair, list) and len(pair) == 2}
