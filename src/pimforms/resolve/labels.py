"""Writes form_library/standards/library_labels.json: how the questions of the library are worded, and their codes.

    python -m pimforms.resolve.labels

A rule compares own questions with it (PIM805); reading all modules for that would take longer than the check itself.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pimforms.model.form import Form, Question
from pimforms.model.walk import walk
from pimforms.model.wordlike import normalised
from pimforms.resolve.form import resolve
from pimforms.source import Source
from pimforms.standards.data import data_path
from pimforms.syntax.parse import parse

PATH = ("form_library", "standards", "library_labels.json")
LANGUAGES = ("en", "fr", "es", "ar")
_FEWEST_WORDS = 4
"""Shorter labels ("Sex", "Age") are worded alike by everybody."""
_LEFT_OUT = ("location_cascade", "wg_ss")
"""Lists from a CSV file of the form; and official wording, which has rules of its own."""


def labels() -> dict[str, Any]:
    """`questions`: codes of each `module.question`; `labels`: by language, the words of a label to that name."""
    questions: dict[str, list[str]] = {}
    worded: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
    folder = data_path("form_library", "modules")
    for path in sorted(folder.glob("*.pim")):
        form = _alone(path.stem, folder) if path.stem not in _LEFT_OUT else None
        for item in walk(form.items) if form is not None else ():
            if not isinstance(item, Question) or item.label is None or item.label.references or item.of is not None:
                continue
            name = f"{path.stem}.{item.name}"
            for language in LANGUAGES:
                words = normalised(item.label.get(language))
                if words.count(" ") + 1 >= _FEWEST_WORDS:
                    worded[language].setdefault(words, name)
                    questions[name] = _codes(form, item) if form is not None else []
    return {"questions": questions, "labels": worded}


def _alone(module: str, folder: Path) -> Form | None:
    """A form with nothing but the module."""
    text = f'form all "All"\n  languages {", ".join(LANGUAGES)}\nuse {module}\n'
    tree, _ = parse(Source("all.pim", text))
    return resolve(tree, folder.parent)[0]


def _codes(form: Form, question: Question) -> list[str]:
    if question.kind == "yes_no":
        return ["yes", "no"]
    listed = form.lists.get(question.choices or "")
    return [choice.code for choice in listed.choices] if listed is not None else []


def as_text() -> str:
    return json.dumps(labels(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    data_path(*PATH).write_text(as_text(), encoding="utf-8", newline="\n")
