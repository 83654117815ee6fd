"""What an author promises must be what the form does: seen in four languages, and not where nothing is promised."""

from __future__ import annotations

import pytest

from forms import HEAD, check

NAME = 'ask nm text "What is your name?"\n  gives person_name\n'
PHONE = 'ask ph text "Which number?"\n  gives phone_number\n'
PHOTO = 'ask pic image "A photo"\n'
PLAIN = 'ask open yes_no "Is the desk open?"\n'


def fires(text: str, rest: str, language: str = "en", head: str = HEAD) -> bool:
    if language == "en":
        note = f'note promise "{text}"\n'
    else:
        note = f'note promise "Hello"\n  {language}: "{text}"\n'
        head = head.replace("  contact  ", f"  languages    en, {language}\n  contact  ", 1)
    return "PIM418" in [diagnostic.code for diagnostic in check(note + rest, head=head).diagnostics]


@pytest.mark.parametrize(
    ("language", "text", "rest"),
    [
        ("en", "We will not write your name.", NAME),
        ("en", "We do not ask for your name.", NAME),
        ("en", "I won't write down your full name.", NAME),
        ("en", "No names are recorded.", NAME),
        ("en", "This survey is anonymous.", PHOTO),
        ("en", "Nobody can find out who you are.", PHONE),
        ("en", "We will not keep your phone number.", PHONE),
        ("en", "We never take pictures.", PHOTO),
        ("en", "No photos will be taken.", PHOTO),
        ("fr", "Nous n'écrirons pas votre nom.", NAME),
        ("fr", "Aucun nom ne sera noté.", NAME),
        ("fr", "Vos réponses sont anonymes.", NAME),
        ("fr", "Aucune photo ne sera prise.", PHOTO),
        ("es", "No escribiremos su nombre.", NAME),
        ("es", "La encuesta es anónima.", PHONE),
        ("es", "No tomaremos fotos.", PHOTO),
        ("ar", "لن نكتب اسمك.", NAME),
        ("ar", "لن نسأل عن رقم هاتفك.", PHONE),
        ("ar", "لن يعرف أحد من أنت.", NAME),
    ],
)
def test_a_promise_that_the_form_breaks_is_an_error(language: str, text: str, rest: str) -> None:
    assert fires(text, rest, language)
    assert not fires(text, PLAIN, language)


@pytest.mark.parametrize(
    "text",
    [
        "Do not write names of people.",
        "Write the name of the village.",
        "We will ask for your name later.",
        "You need not say your name.",
        "If you wish, we write your name.",
        "Do not take a photo of a face.",
        "The name of the camp will not change.",
    ],
)
def test_what_is_no_promise_is_none(text: str) -> None:
    assert not fires(text, NAME + PHOTO)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We will not share your answers."),
        ("en", "This stays between us."),
        ("fr", "Nous ne partageons rien."),
        ("es", "No compartiremos sus respuestas."),
        ("ar", "لن نشارك إجاباتك."),
    ],
)
def test_not_shared_is_broken_by_a_recipient(language: str, text: str) -> None:
    shares = HEAD.replace("purpose safety", '  share with "the legal aid group"\npurpose safety', 1)
    assert fires(text, PLAIN, language, shares)
    assert not fires(text, PLAIN, language)


def test_labels_and_hints_promise_as_well() -> None:
    hinted = 'ask open yes_no "Is the desk open?"\n  hint "We will not write your name."\n'
    assert "PIM418" in [d.code for d in check(hinted + NAME).diagnostics]


def test_names_in_a_form_of_their_own_break_no_promise() -> None:
    head = HEAD.replace("purpose safety", "  split        contact\npurpose safety", 1)
    assert not fires("We will not write your name.", NAME, head=head)


@pytest.mark.parametrize(
    ("category", "basis", "warned"),
    [
        ("case_management", "consent", True),
        ("population_data", "consent", True),
        ("protection_monitoring", "consent", False),
        ("case_management", "vital_interest", False),
    ],
)
def test_consent_as_the_legal_basis_of_help(category: str, basis: str, warned: bool) -> None:
    head = HEAD.replace("protection_monitoring", category)
    head = head.replace("purpose safety", f"  legal basis  {basis}\npurpose safety", 1)
    assert ("PIM409" in [d.code for d in check(PLAIN, head=head).diagnostics]) is warned
