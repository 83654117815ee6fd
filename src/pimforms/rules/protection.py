"""Principle 5, data protection and security."""

from __future__ import annotations

from collections.abc import Iterator

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.expressions.parts import names
from pimforms.model.form import Form
from pimforms.model.level import Level
from pimforms.model.walk import index, own_questions, questions_in, walk
from pimforms.rules import words
from pimforms.rules.placeholders import says_nothing
from pimforms.rules.reasons import WORDS_OF_A_REASON

PRINCIPLE = "PIM principle 5, Data protection and security"


@rule("PIM501", "lowered-without-reason", Severity.ERROR, standard=PRINCIPLE, waivable=True)
def lowered_without_reason(form: Form) -> Iterator[Diagnostic]:
    """
    A sensitivity below the usual one needs a reason.

    ## Why
    The level decides who may see an answer and how it is asked. The usual level comes from the type, the topic and the
    concept. Raising it needs nothing; lowering it needs a reason that a reviewer can read, in four words or more.

    ## Bad
    ```pim
    ask papers yes_no "Do you have identity papers?"
      topic civil_documents
      sensitivity low
    ```

    ## Good
    ```pim
    ask posters yes_no "Have you seen the posters about identity papers?"
      topic civil_documents
      sensitivity low because "It asks about posters, not about anybody's papers"
    ```
    """
    for item in walk(form.items):
        tags = item.tags
        if tags.said is None or item.origin is not None:
            continue
        if tags.level < tags.usual and not _is_reason(tags.because):
            why = f'and this is no reason: "{tags.because}"' if tags.because else "without a reason"
            yield Diagnostic(
                rule_of(lowered_without_reason),
                f"`{item.name}` is usually {tags.usual.word}; here it is {tags.level.word}, {why}",
                tags.said,
                "The level decides who may see the answer (PIM principle 5, Data protection and security).",
                f'write `sensitivity {tags.level.word} because "…"`, or take the line out',
            )


def _is_reason(because: str | None) -> bool:
    return because is not None and len(because.split()) >= WORDS_OF_A_REASON and not says_nothing(because)


@rule("PIM519", "whom-it-is-about", Severity.WARNING, standard=PRINCIPLE)
def whom_it_is_about(form: Form) -> Iterator[Diagnostic]:
    """
    A question asks about one child, and does not say so.

    ## Why
    What is known of a child follows it for long, and the child did not decide to tell it. So what is `about child` is one
    level more sensitive, and so is what is `about third_party`. Words alone decide nothing: this only asks to be told.
    `about household` or `about community` says that no single child is meant.

    ## Bad
    ```pim
    ask ill yes_no "Was your child ill in the last 7 days?"
      topic health_access
    ```

    ## Good
    ```pim
    ask ill yes_no "Was any child of this household ill in the last 7 days?"
      topic health_access
    ```
    """
    questions = [question for question in own_questions(form) if question.tags.subject is None and question.via is None]
    looked = words.possible((question.label for question in questions), "subject_words", "child")
    hits = ((question, words.find((question.label,), looked)) for question in (questions if looked else ()))
    found = [(question, hit) for question, hit in hits if hit is not None and question.tags.level < Level.SEVERE]
    if not found:
        return
    # A form about a child has many such questions, and one line at their group settles them all.
    (first, hit), others = found[0], len(found) - 1
    more = f", and so are {others} more questions" if others > 1 else ", and so is one more question" if others else ""
    assert hit is not None
    yield Diagnostic(
        rule_of(whom_it_is_about),
        f"`{first.name}` is about one child: “{hit.words}”{more}",
        first.place,
        "What is known of a child follows it for long (PIM principle 5, Data protection and security).",
        f"add under it, or once under the group of all of them: about child (then it is {Level(first.tags.level + 1).word}); "
        "about household if it means all children",
    )


@rule("PIM512", "asked-because-of-a-sensitive-answer", Severity.WARNING, standard=PRINCIPLE)
def asked_because_of_a_sensitive_answer(form: Form) -> Iterator[Diagnostic]:
    """
    Whether a question was asked tells what a sensitive answer was.

    ## Why
    An answer to "Which office did you go to?" is harmless; that it is there at all may say that the person has no papers.
    The level of the question is not raised by itself, because often the condition tells little. Look at it.

    ## Bad
    ```pim
    ask lacking yes_no "Do you lack papers?"
      sensitivity high
    ask office text "Which office is near to you?"
      when lacking is yes
    ```

    ## Good
    ```pim
    ask lacking yes_no "Do you lack papers?"
      sensitivity high
    ask office text "Which office is near to you?"
      when lacking is yes
      sensitivity high
    ```
    """
    items = index(form.items)
    for item in questions_in(form.items):
        if item.when is None or item.of is not None:
            continue
        for name in sorted(names(item.when)):
            tags = items[name].item.tags if name in items else None
            if tags is not None and Level.HIGH <= tags.level > item.tags.level and not item.tags.because:
                yield Diagnostic(
                    rule_of(asked_because_of_a_sensitive_answer),
                    f"that `{item.name}` was asked tells the answer to `{name}`, which is {tags.level.word}",
                    item.via or item.place,
                    "The level of this question is lower (PIM principle 5, Data protection and security).",
                    f'add `sensitivity {tags.level.word}`, or `sensitivity {item.tags.level.word} because "…"`',
                )
                break
