"""What a push has to do, worked out from what is there before anything is changed. Pure: nothing is sent here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pimforms.servers.kobo import access, media, settings
from pimforms.servers.kobo.marker import Marker
from pimforms.servers.kobo.project import Project
from pimforms.servers.package import Package, Stage


@dataclass(frozen=True, slots=True)
class Plan:
    """`rows`: the draft is not this package yet. `publish`: phones do not have it. `rename`: the project has another name.

    `remark`: all is there, but the mark says something else. `unfinished`: a push broke off.
    """

    rows: bool
    files: media.Files
    publish: bool
    rename: bool
    remark: bool
    unfinished: bool
    settings: settings.Settings
    grants: access.Grants

    @property
    def begins(self) -> bool:
        """Whether something is to be done that must be finished if it breaks off: that is noted on the server first."""
        return self.rows or self.publish or self.rename or bool(self.files) or self.unfinished

    @property
    def nothing(self) -> bool:
        return not (self.begins or self.remark or self.settings.changes or self.grants.missing)

    def steps(self, package: Package) -> tuple[str, ...]:
        """What is to be done, in words."""
        replaced = {media.name for media in self.files.send}
        grants = {grant.user: None for grant in self.grants.missing}
        steps = (
            (bool(self.settings.changes), f"change {', '.join(sorted(self.settings.changes))} in the settings"),
            (self.rows, "send the form"),
            (self.rename, f"call the project {package.title}"),
            *((file.name not in replaced, f"remove the file {file.name}") for file in self.files.remove),
            *((True, f"send the file {media.name}") for media in self.files.send),
            (self.publish, "publish it"),
            (self.unfinished and not self.publish, "finish what an earlier push had begun"),
            (self.remark, f"note that it is {package.stage.value}"),
            (bool(grants), f"give access to {', '.join(grants)}"),
        )
        return tuple(words for needed, words in steps if needed)


def plan(package: Package, digest: str, found: Project, environment: Callable[[], Mapping[str, Any]]) -> Plan:
    """Compares a project with a package; `digest` is that of the package's rows."""
    mark = found.marker or Marker(package.form_id)
    files = media.files(package, found)
    rename = found.name != package.title
    workbook = hashlib.sha256(package.workbook).hexdigest()
    sent = [point for point in (mark.live, mark.draft) if point is not None and point.workbook == workbook]
    # What was begun is not sent again if it is there: it would be no new version, but would set back the name of the project.
    there = any(found.is_at(point) for point in sent) if mark.pushing is None else found.rows.digest == digest
    publish = package.stage is not Stage.DRAFT and (
        not there
        or rename
        or bool(files)
        or mark.pushing is not None
        or not (found.published and found.active and live_is(package, found, mark))
    )
    return Plan(
        not there,
        files,
        publish,
        rename,
        remark=publish is False and package.stage is not Stage.DRAFT and mark.stage != package.stage.value,
        unfinished=mark.pushing is not None,
        settings=settings.settings(package, found.settings, environment),
        grants=access.grants(package, found),
    )


def live_is(package: Package, found: Project, mark: Marker) -> bool:
    """Whether phones have this package, as far as was noted and nobody published something else since."""
    return mark.live is not None and mark.live.sha256 == package.sha256 and found.has_live(mark.live)
