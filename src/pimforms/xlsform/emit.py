"""A protected, resolved form to the rows of a workbook."""

from __future__ import annotations

from collections.abc import Mapping

from pimforms.model.form import Form, Item, Question
from pimforms.model.walk import walk
from pimforms.xlsform.choices import Lists, choice_sheet, has_duplicates, used_lists
from pimforms.xlsform.columns import SURVEY, in_order
from pimforms.xlsform.repeats import taken_apart
from pimforms.xlsform.rows import Sheets
from pimforms.xlsform.settings import with_version
from pimforms.xlsform.survey import ExpressionWriter, Pen, survey_rows
from pimforms.xlsform.texts import Speaker, helpers_for, speaker


def emit(
    form: Form,
    *,
    title_suffix: str = "",
    settings: Mapping[str, str] | None = None,
    writer: ExpressionWriter | None = None,
) -> Sheets:
    """The rows of `form`, which must be resolved and, for the field, protected. Pure: the same form, the same rows.

    `title_suffix` is put behind the title (a draft's stamp); `settings` are more columns of the settings sheet, such as
    `instance_name` or `public_key`; `writer` writes expressions, by default as XPath for all three engines.
    """
    if writer is None:
        from pimforms.expressions.xpath import Writer

        apart = taken_apart(form.items)
        writer = Writer(form, lambda group: group.name in apart)
    by_name: dict[str, Item] = {}
    for item in walk(form.items):
        by_name.setdefault(item.name, item)
    lists = used_lists(form, tuple(item for item in by_name.values() if isinstance(item, Question)))
    choice_texts = [choice.label for each in lists.lists.values() for choice in each.choices]
    helpers = helpers_for(form.items, choice_texts, by_name, writer)
    spoken = speaker(by_name, form.facts.languages, helpers)
    pen = Pen(spoken, writer, lists)
    survey = survey_rows(form.items, pen)
    choices_columns, choices = choice_sheet(lists, spoken)
    sheets = Sheets(
        in_order((row.cells for row in survey), SURVEY, spoken.languages),
        survey,
        choices_columns,
        choices,
        _settings(form, spoken, lists, title_suffix, settings or {}),
    )
    return with_version(sheets, form.facts.version)


def _settings(form: Form, spoken: Speaker, lists: Lists, title_suffix: str, more: Mapping[str, str]) -> dict[str, str]:
    title = spoken.all(form.title, form.name)[0]
    found = {
        "form_title": f"{title} {title_suffix.strip()}".strip(),
        "form_id": form.name,
        "version": "",
        "default_language": spoken.languages[0],
    }
    if has_duplicates(lists):
        found["allow_choice_duplicates"] = "yes"
    found.update((column, more[column]) for column in sorted(more))
    return {column: text for column, text in found.items() if text or column == "version"}
