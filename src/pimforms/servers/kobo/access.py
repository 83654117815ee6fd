"""Who may do what with a project: what a form's roles are given, and what the server says that people hold.

Nobody is given more than asked, and nobody who holds more is taken out here: `found` tells, and the caller decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from pimforms.servers.interface import Found, Holder
from pimforms.servers.kobo.content import LOCK, LOCKS
from pimforms.servers.kobo.project import Project
from pimforms.servers.package import Package
from pimforms.servers.trouble import ServerTrouble
from pimforms.standards.data import table

ANONYMOUS = "AnonymousUser"
EVERYBODY = "everybody"
PARTIAL = "partial_submissions"

_IMPLIED: Mapping[str, frozenset[str]] = {
    "view_submissions": frozenset({"view_submissions", "change_submissions", "delete_submissions", "validate_submissions", "manage_asset"}),
    "add_submissions": frozenset({"add_submissions", "change_submissions", "manage_asset"}),
}  # fmt: skip
"""Which permissions carry another one with them (the server's own list: GET /api/v2/permissions/)."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One permission for one person. `own` is true if it is for the records that they sent themselves."""

    user: str
    codename: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Grants:
    """What is missing, and what cannot be given, each in a sentence."""

    missing: tuple[Grant, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """What one person holds. `partial` maps a permission to the conditions on records that it is limited to."""

    codenames: frozenset[str]
    partial: Mapping[str, tuple[Mapping[str, Any], ...]]

    def has(self, grant: Grant) -> bool:
        if self.codenames & _IMPLIED.get(grant.codename, frozenset({grant.codename})):
            return True
        return grant.own and {"_submitted_by": grant.user} in [
            dict(each) for each in self.partial.get(grant.codename, ())
        ]


def grants(package: Package, found: Project) -> Grants:
    """What the people of the package's roles still need."""
    wanted, warnings = _wanted(package)
    held = holdings(found.raw.get("permissions") or ())
    nobody = Held(frozenset(), {})
    missing: list[Grant] = []
    for grant in wanted:
        has = held.get(grant.user, nobody)
        if grant.user == found.owner or has.has(grant):
            continue
        if grant.own and has.partial:
            warnings.append(
                f"`{grant.user}` sees records by other conditions already; that was left as it is: look at it on the server"
            )
            continue
        missing.append(grant)
    if missing and "manage_asset" not in found.may:
        who = ", ".join(sorted({grant.user for grant in missing}))
        warnings.append(
            f"this account does not manage the project, so it can neither see nor give access: ask {found.owner} to look "
            f"after {who}"
        )
        missing = []
    return Grants(tuple(missing), tuple(warnings))


def _wanted(package: Package) -> tuple[list[Grant], list[str]]:
    rules = table("kobo_access")["roles"]
    wanted: dict[Grant, None] = {}
    warnings: list[str] = []
    for role, users in sorted(package.roles.items()):
        rule = rules.get(package.access.get(role, ""))
        if rule is None:
            warnings.append(f"the form does not say what `{role}` may see, so nothing was given: add it to `access`")
            continue
        if "cannot" in rule and not (rule.get("unless_personal") and not package.collects_pii):
            names = ", ".join(users) or "nobody"
            warnings.append(f"`{role}` ({names}) was given nothing. {rule['cannot']}. Send them an export instead")
            continue
        for user in users:
            wanted.update(dict.fromkeys(Grant(user, codename) for codename in rule["gives"]))
            wanted.update(dict.fromkeys(Grant(user, codename, own=True) for codename in rule.get("own", ())))
    whole = {(grant.user, grant.codename) for grant in wanted if not grant.own}
    return [grant for grant in wanted if not (grant.own and (grant.user, grant.codename) in whole)], warnings


def holdings(permissions: Iterable[Mapping[str, Any]]) -> dict[str, Held]:
    """Who holds what, from the permission assignments of a project."""
    names: dict[str, set[str]] = {}
    partial: dict[str, dict[str, tuple[Mapping[str, Any], ...]]] = {}
    for each in permissions:
        user, codename = _last(str(each.get("user"))), _last(str(each.get("permission")))
        names.setdefault(user, set()).add(codename)
        for limited in each.get("partial_permissions") or ():
            partial.setdefault(user, {})[_last(str(limited.get("url")))] = tuple(limited.get("filters") or ())
    return {user: Held(frozenset(held), partial.get(user, {})) for user, held in names.items()}


def _last(url: str) -> str:
    return unquote(url.split("?", maxsplit=1)[0].rstrip("/").rpartition("/")[2])


def found(project: Project, live: Mapping[str, Any], host: str) -> Found:
    """What the server has; `live` is the content that phones have. Raises ServerTrouble if this account may not see who else has access."""
    if "manage_asset" not in project.may:
        raise ServerTrouble(
            f"this account does not manage `{project.name}` on {host}, so it cannot see who has access to it",
            f"ask {project.owner} to let this account manage the project, or let {project.owner} push",
        )
    held = holdings(project.raw.get("permissions") or ())
    everybody = held.get(ANONYMOUS, Held(frozenset(), {}))
    shared = project.raw.get("data_sharing") or {}
    holders = tuple(
        Holder(EVERYBODY if user == ANONYMOUS else user, may, owner=user == project.owner)
        for user, each in sorted(held.items())
        if (may := _may(user, each))
    )
    return Found(
        holders,
        web_form=not project.encrypted and (project.active or not project.deployed_id),
        public_link="add_submissions" in everybody.codenames,
        public_data="view_submissions" in everybody.codenames or bool(everybody.partial) or bool(shared.get("enabled")),
        encrypted=project.encrypted,
        locked=locked(live),
        state=("open" if project.active else "closed") if project.deployed_id else None,
    )


def locked(content: Mapping[str, Any]) -> bool:
    """Whether rows are locked with all that the lock of a consent forbids."""
    demanded = set(table("kobo_locks")["consent"]["restrictions"])
    whole = {
        str(each.get("name")) for each in content.get(LOCKS) or () if demanded <= set(each.get("restrictions") or ())
    }
    return any(row.get(LOCK) in whole for row in content.get("survey") or ())


def _may(user: str, held: Held) -> frozenset[str]:
    words = table("kobo_access")["may"]
    may = {words[codename] for codename in held.codenames if codename in words}
    for codename, conditions in held.partial.items():
        own = codename == "view_submissions" and [dict(each) for each in conditions] == [{"_submitted_by": user}]
        may.add("view_own" if own else words.get(codename, "view"))
    return frozenset(may)
