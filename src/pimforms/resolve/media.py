"""Pictures, sounds and films that stand beside a form."""

from __future__ import annotations

from pathlib import Path

from pimforms.diagnostics import Diagnostic
from pimforms.resolve import messages
from pimforms.source import Place

MEDIA = ("image", "big-image", "audio", "video")


def check_media(name: str, folder: Path, place: Place) -> list[Diagnostic]:
    """What is wrong with a file that a text is shown with: it must stand beside the form, under its own name."""
    if "/" in name or "\\" in name:
        plain = name.replace("\\", "/").rsplit("/", 1)[-1]
        why = "Phones keep all files of a form in one folder."
        fix = f"put the file beside the form, and write `{plain or 'NAME'}`"
        return [messages.file_does_not_fit(place, f"`{name}` is in another folder", why, fix)]
    try:
        names = frozenset(path.name for path in folder.iterdir())
    except OSError:
        names = frozenset()
    if name in names:  # asked of the folder: some systems do not tell `Tap.png` from `tap.png`, and phones do
        return []
    near = messages.nearest(name, names)
    fix = f"write `{near}`" if near else "put the file into the folder of the form, or take this line out"
    why = "On the phone the place for it would stay empty, without a message."
    return [messages.file_does_not_fit(place, f"`{name}`: there is no such file beside the form", why, fix)]
