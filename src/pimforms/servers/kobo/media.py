"""The files of a form: which are missing, changed or no longer wanted. Phones get them with the next deployment only."""

from __future__ import annotations

from dataclasses import dataclass

from pimforms.servers.interface import Say
from pimforms.servers.kobo.api import Api
from pimforms.servers.kobo.project import File, Project
from pimforms.servers.package import Media, Package
from pimforms.servers.trouble import ServerTrouble


@dataclass(frozen=True, slots=True)
class Files:
    """What to do: `remove` first, because a name can be there only once, then `send`."""

    remove: tuple[File, ...] = ()
    send: tuple[Media, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.remove or self.send)


@dataclass(frozen=True, slots=True)
class Kept:
    """What was removed, so that it can be put back if the form is refused, and what was sent in its place.

    `lost` are names of files that the server did not let us read before.
    """

    removed: tuple[Media, ...] = ()
    sent: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def files(package: Package, found: Project) -> Files:
    """Compares by name and MD5, as the server does."""
    wanted = {media.name: media for media in package.media}
    right = {file.name for file in found.files if file.name in wanted and wanted[file.name].md5 == file.md5}
    return Files(
        tuple(file for file in found.files if file.name not in right),
        tuple(media for name, media in sorted(wanted.items()) if name not in right),
    )


def bring(api: Api, uid: str, todo: Files, say: Say, *, keep: bool) -> tuple[Kept, list[str]]:
    """Removes and sends. With `keep` what is removed is read first. Also returns what was done, in sentences."""
    did: list[str] = []
    removed: list[Media] = []
    sent: list[str] = []
    lost: list[str] = []
    replaced = {media.name for media in todo.send}
    for file in todo.remove:
        if keep:
            try:
                removed.append(Media(file.name, api.file_content(uid, file.uid)))
            except ServerTrouble:  # it lies elsewhere, where our login must not go
                lost.append(file.name)
        say(f"removing the old {file.name}")
        api.delete_file(uid, file.uid, file.name)
        if file.name not in replaced:
            did.append(f"removed the file {file.name}")
    gone = {file.name for file in todo.remove}
    for media in todo.send:
        say(f"sending the file {media.name} ({size(len(media.content))})")
        sent.append(api.upload(uid, media))
        did.append(f"{'replaced' if media.name in gone else 'added'} the file {media.name}")
    return Kept(tuple(removed), tuple(sent), tuple(lost)), did


def put_back(api: Api, uid: str, kept: Kept, say: Say) -> None:
    """The files as they were before `bring`, but for those that could not be read."""
    for file in kept.sent:
        api.delete_file(uid, file, "that was sent")
    for media in kept.removed:
        say(f"putting back the file {media.name}")
        api.upload(uid, media)


def size(count: int) -> str:
    """Bytes for people."""
    return (
        f"{count} bytes" if count < 1000 else f"{count / 1000:.0f} kB" if count < 1_000_000 else f"{count / 1e6:.1f} MB"
    )
