"""Where the form on the server is not the one that was compiled, each in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from pimforms.servers.kobo.content import MOVED_UP, Cells, Rows

EDITABLE = frozenset(
    {
        "type", "label", "hint", "guidance_hint", "required", "required_message", "relevant", "constraint", "constraint_message",
        "calculation", "default", "appearance", "parameters", "choice_filter", "image", "audio", "video", "hxl", "name",
        "repeat_count",
    }
)  # fmt: skip
"""Columns that the Formbuilder of KoboToolbox can change. Others change only with an upload, or on the server itself."""

BY_EDITOR = " (the editor of KoboToolbox can change this)"
_SHOWN = 60


def between(server: Rows, form: Rows) -> tuple[str, ...]:
    """Every difference: rows, their order, choices, settings. `server` is what is there, `form` what should be."""
    return (
        *_rows(server.named_survey(), form.named_survey(), _question),
        *_moved(server, form),
        *_rows(server.named_choices(), form.named_choices(), _choice),
        *_moved_choices(server.lists(), form.lists()),
        *_cells("the settings", server.settings, form.settings),
        *_locks(server.locks, form.locks),
    )


def _question(name: str) -> str:
    return f"the end of the group `{name.removesuffix(' (end)')}`" if name.endswith(" (end)") else f"`{name}`"


def _choice(name: str) -> str:
    return f"the choice `{name}`"


def _rows(
    server: Sequence[tuple[str, Cells]], form: Sequence[tuple[str, Cells]], called: Callable[[str], str]
) -> Iterator[str]:
    there, here = dict(server), dict(form)
    for name, cells in form:
        if name not in there:
            yield f"{called(name)} is not on the server{BY_EDITOR}"
        else:
            yield from _cells(called(name), there[name], cells)
    for name, _ in server:
        if name not in here:
            yield f"{called(name)} is on the server and not in the form{BY_EDITOR}"


def _cells(what: str, there: Mapping[str, str], here: Mapping[str, str]) -> Iterator[str]:
    for column in sorted(there.keys() | here.keys()):
        server, form = there.get(column, ""), here.get(column, "")
        if server != form:
            base, _, language = column.partition("::")
            named = f"{base} in {language}" if language else base
            mark = BY_EDITOR if base in EDITABLE and what != "the settings" else ""
            yield f"{what}: {named} is {_shown(server)} on the server, {_shown(form)} in the form{mark}"


def _locks(server: Sequence[str], form: Sequence[str]) -> Iterator[str]:
    """Which rows are locked is told by name; a profile that forbids something else counts as well."""
    lost = [each.partition(":")[0] for each in form if each not in server]
    if lost:
        more = f" and {len(lost) - 3} more" if len(lost) > 3 else ""
        named = ", ".join(f"`{name}`" for name in lost[:3])
        yield f"the locks of {named}{more} are not on the server as they should be: the consent can be changed in its editor"


def _moved(server: Rows, form: Rows) -> Iterator[str]:
    there = [name for name, cells in server.named_survey() if cells.get("type") not in MOVED_UP]
    here = [name for name, cells in form.named_survey() if cells.get("type") not in MOVED_UP]
    both = set(there) & set(here)
    there, here = [name for name in there if name in both], [name for name in here if name in both]
    if there != here:
        first = next(name for name, other in zip(here, there, strict=True) if name != other)
        yield f"{_question(first)} stands elsewhere on the server{BY_EDITOR}"


def _moved_choices(server: Mapping[str, Sequence[str]], form: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for name, codes in form.items():
        there = server.get(name, ())
        if there != codes and sorted(there) == sorted(codes):
            yield f"the choices of `{name}` stand in another order on the server{BY_EDITOR}"


def _shown(text: str) -> str:
    """A text in quotes. Two long texts may begin alike, so that a long one is shown with its length."""
    if not text:
        return "empty"
    line = " ".join(text.split())
    return f'"{line}"' if len(line) <= _SHOWN else f'"{line[:_SHOWN]}…" ({len(text)} characters)'
