"""What is promised of a withdrawal is what this form can do."""

from __future__ import annotations

from pimforms.diagnostics import Severity, rule
from pimforms.model.form import Form, Metadata, Question
from pimforms.model.recorded import keeps_answers
from pimforms.model.text import Text
from pimforms.model.walk import walk
from pimforms.protect.build import Maker
from pimforms.protect.words import say, spoken
from pimforms.source import Place
from pimforms.standards.data import table


def keeps_changes(form: Form) -> bool:
    """Whether the phone keeps every answer that was changed or taken back."""
    return any(map(keeps_answers, walk(form.items)))


def takes_media(form: Form) -> bool:
    """Whether there is a picture, a recording or a file: those stay in a folder of the phone."""
    types = table("types")
    kinds = {kind for part in ("type", "metadata") for kind, row in types[part].items() if row.get("value") == "media"}
    return any(isinstance(item, (Question, Metadata)) and item.kind in kinds for item in walk(form.items))


@rule(
    "PIM419",
    "true-words-of-withdrawal",
    Severity.ADDED,
    standard="PIM principle 4, Informed consent and confidentiality",
)
def withdrawal_words(form: Form, maker: Maker, place: Place) -> tuple[Text, Text, Text]:
    """
    "If you say no, we delete them now" is said only where the form can keep it.

    ## Why
    Answers leave the record. A picture or a recording stays in a folder of the phone: then the interviewer is told to
    delete it while the person looks. With `record audit` that keeps changes, what was taken back stays in a file: then the
    person is told that it will not be used, and that the office deletes it.
    """
    tracked, media = keeps_changes(form), takes_media(form)
    asks = "withdraw_check_tracked" if tracked else "withdraw_check_media" if media else "withdraw_check"
    done, also = "withdrawn_tracked" if tracked else "withdrawn", ["withdrawn_media"] if media else []

    def then(key: str) -> Text:
        return spoken(maker.languages, place, lambda lang: "\n".join(say(each, lang) for each in (key, *also)))

    return maker.say(asks, place), then(maker.key(done)), then(f"{done}_child")
