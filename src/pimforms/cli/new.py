"""`pimforms new`: a small form to begin with."""

from __future__ import annotations

import argparse
import re
from contextlib import suppress
from pathlib import Path

from pimforms.cli.console import complain

STARTER = """\
# A small form to begin with. Change what stands in quotes, then: pimforms check {name}.pim
# A line under another belongs to it. What stands behind a # is a comment.

form {name} "Service satisfaction"
  organisation "the name of your organisation"
  category     sectoral  # protection_monitoring, needs_assessment, case_management …
  population   "the people this form is about, and where"
  contact      "the desk and the free phone line where people can ask or complain"
  version      "1"

# While this line stands here, what is missing is only a warning, and the title says DRAFT. Take it out in the end.
draft

# Every question serves a purpose. `tell people` is read aloud in the consent.
purpose services "Better services"
  topic         services
  need          "What people think of the services here"
  tell people   "make the services here better"
  decide        "What changes at the service points" by "Service working group"

# The consent stands here. It is written from the facts above: pimforms show {name}.pim consent
consent

group visit "Your visit"
  ask used_service yes_no "Did you come to this service in the last 30 days?"

  ask got_help one "Did you get what you came for?"
    - all  "All of it"
    - part "Part of it"
    - none "None of it"
    when used_service is yes

  ask waited integer "How many minutes did you wait?"
    when used_service is yes
    must be at least 0
    must be at most 600
      message "More than ten hours? Please ask again."
end group
"""
_NAME = re.compile(r"[a-z][a-z0-9_]*", re.IGNORECASE)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the name of the form: letters, digits and _")


def run(options: argparse.Namespace) -> int:
    """0 if the file was written, 2 if it is there already or the name cannot be one."""
    path = Path(options.name if options.name.endswith(".pim") else f"{options.name}.pim")
    name = path.stem
    if not _NAME.fullmatch(name):
        fixed = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_").lower() or "my_form"
        fixed = fixed if fixed[0].isalpha() else f"form_{fixed}"
        complain(f"`{name}` cannot be the name of a form", f"use letters, digits and _: pimforms new {fixed}")
        return 2
    try:
        file = path.open("xb")
    except FileExistsError:
        complain(f"{path} is there already", "choose another name; nothing was written")
        return 2
    try:
        with file:
            file.write(STARTER.format(name=name).encode())
    except OSError as error:
        with suppress(OSError):
            path.unlink()  # the whole form or none
        complain(f"cannot write {path} ({error.strerror or error})", "free some space; nothing was written")
        return 2
    print(f"wrote {path}\nnext: pimforms check {path}")
    return 0
