"""Giving access on a fake KoboToolbox: what goes together, what excludes each other, and what is refused (e023 to e036)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fake_kobo_state import IMPLIED, LABELS, NOT_WITH_PARTIAL, Asset, Permission
from loopback import Given

if TYPE_CHECKING:
    from fake_kobo import FakeKobo


def assign(fake: FakeKobo, asset: Asset, user: str, body: dict[str, Any]) -> Given:
    who, codename = _last(body["user"]), _last(body["permission"])
    if "manage_asset" not in asset.held(user):
        return Given(403, {"detail": "You do not have permission to perform this action."}, source="g036")
    if who not in fake.users:
        return Given(400, {"user": ["Invalid hyperlink - Object does not exist."]}, source="e028")
    if who == asset.owner:
        return Given(400, {"user": "Owner's permissions cannot be assigned explicitly"}, source="e030")
    if codename not in LABELS and codename != "partial_submissions":
        said = f"{codename} cannot be assigned explicitly to Asset objects of this type."
        return Given(400, {"permission": [said]}, source="e029")
    if who == "AnonymousUser" and codename not in ("add_submissions", "view_asset", "view_submissions"):
        return Given(
            400, {"permission": f"Anonymous users cannot be granted the permission {codename}."}, source="e036"
        )
    partial = body.get("partial_permissions")
    if codename == "partial_submissions" and not partial:
        said = "This field is required for the 'partial_submissions' permission"
        return Given(400, {"partial_permissions": [said]}, source="e027")
    contradictory = NOT_WITH_PARTIAL if partial else ("partial_submissions",) if codename in NOT_WITH_PARTIAL else ()
    asset.permissions = [
        each for each in asset.permissions if each.user != who or each.codename not in (*contradictory, codename)
    ]
    for each in IMPLIED[codename]:
        if each not in asset.held(who):
            asset.permissions.append(Permission(fake.uid("p"), who, each))
    made = Permission(fake.uid("p"), who, codename, partial)
    asset.permissions.append(made)
    shown = fake.views.permission(asset, made)
    source = "e026" if partial else "e034" if who == "AnonymousUser" else "e025"
    return Given(201, shown, {"Location": shown["url"]}, source=source)


def _last(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]
