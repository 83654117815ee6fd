"""Words that many do not know, in questions (principle 6) and in what people are told of a purpose (principle 3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.form import Form, Note, Question
from pimforms.model.glossary import explanation_of, hard_words, languages_with_hard_words
from pimforms.model.text import Text
from pimforms.model.walk import walk
from pimforms.standards.data import table


@rule("PIM605", "hard-word", Severity.WARNING, standard="PIM principle 6, Competency and capacity")
def hard_word(form: Form) -> Iterator[Diagnostic]:
    """
    A question uses a word that many people, and many interviewers, do not know, and the form does not explain it.

    ## Why
    A word that is not understood is answered by guessing, and each interviewer explains it in another way. `explain` says once
    what it means, in each language of the form; the compiler puts that where the interviewer sees it, in the guidance of each
    question that uses the word. Plain words are better still.

    ## Bad
    ```pim
    ask idp yes_no "Are there IDPs in this block?"
    ```

    ## Good
    ```pim
    explain "IDP" "somebody who had to leave home and is still in this country"
    ask idp yes_no "Are there IDPs in this block?"
    ask newcomers yes_no "Are there people in this block who had to leave their homes?"
    ```
    """
    languages = form.facts.languages
    said: set[tuple[str, str]] = set()
    asked = [item for item in walk(form.items) if isinstance(item, (Question, Note))]
    labels = (item.label for item in asked if item.label is not None)
    looked = languages_with_hard_words(labels, languages)
    for item in asked if looked else ():
        for hard in hard_words(item.label, looked) if item.label is not None else ():
            explained = explanation_of(form, hard)
            missing = [lang for lang in languages if explained is None or not explained.meaning.get(lang).strip()]
            if not missing or (hard.key, "") in said:
                continue
            said.add((hard.key, ""))
            plain = table("hard_words")[hard.key]["plain"]
            if explained is None:
                message = f"“{hard.word}” is a hard word, and the form does not explain it"
                fix = f'say it in plain words (“{plain}”), or explain it: explain "{hard.word}" "{plain}"'
            else:
                message = f"“{explained.word}” is not explained in `{missing[0]}`"
                fix = f'add under the `explain` line: {missing[0]}: "…"'
            yield Diagnostic(
                rule_of(hard_word), message, item.via or item.place,
                "A word that is not understood is answered by guessing (PIM principle 6, Competency and capacity).", fix,
            )  # fmt: skip


@rule("PIM315", "purpose-hard-to-understand", Severity.WARNING, standard="PIM principle 3, Defined purpose")
def purpose_hard_to_understand(form: Form) -> Iterator[Diagnostic]:
    """
    What people are told about a purpose is long, or has words that they do not know.

    ## Why
    It is read aloud in the consent. A long sentence, or a word of the office, is heard and not understood, and then nobody
    has agreed to anything.

    ## Bad
    ```pim
    purpose lights "Lights"
      tell people "inform evidence-based protection mainstreaming"
    ask lit yes_no "Are there lights here?" for lights
    ask open yes_no "Is the desk open?" for services
    ```

    ## Good
    ```pim
    purpose lights "Lights"
      tell people "put lights where people need them"
    ask lit yes_no "Are there lights here?" for lights
    ask open yes_no "Is the desk open?" for services
    ```
    """
    most = table("limits")["told"]["words"]
    for purpose in form.purposes.values():
        told = purpose.tell
        if told is None:
            continue
        for language, text in told.values.items():
            words, hard = text.split(), _hard_words(language, told)
            if len(words) <= most and not hard:
                continue
            listed = ", ".join(f'"{word}"' for word in hard)
            what = f"hard words {listed}" if hard else f"{len(words)} words, and more than {most} are hard to follow"
            yield Diagnostic(
                rule_of(purpose_hard_to_understand),
                f"what people are told of `{purpose.name}` is hard to understand ({language})",
                told.place,
                f"It is read aloud in the consent: {what} (PIM principle 3, defined and communicated).",
                'say it as to a neighbour, for example: "put lights where people need them"',
            )


def _hard_words(language: str, told: Text) -> list[str]:
    """Words that many do not know, and words of the office, in what is told in one language."""
    hard = [found.word for found in hard_words(told, (language,))]
    words = " ".join(re.findall(r"[^\W_]+(?:-[^\W_]+)*", told.get(language).casefold()))
    office: list[str] = table("placeholders").get(language, {}).get("office", [])
    return [*hard, *(word for word in office if f" {word} " in f" {words} ")]
