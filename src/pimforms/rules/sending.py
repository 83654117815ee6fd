"""What a form must be before it is sent anywhere: no draft, no test key, an id and an address that the server takes."""

from __future__ import annotations

from collections.abc import Iterator

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.form import Form
from pimforms.model.publickey import TEST_KEY, key_for_tests
from pimforms.standards.data import table

_ENDINGS = (".xls", ".xlsx", ".xml")


@rule("PF404", "form-id-like-a-file", Severity.ERROR)
def form_id_like_a_file(form: Form, kind: str) -> Iterator[Diagnostic]:
    """
    The name of the form ends like a file, and ODK Central refuses that.

    ## Why
    ODK Central answers addresses that end in `.xlsx` or `.xml` with the file itself, so no form may be called so.
    """
    if kind == "central" and form.name.lower().endswith(_ENDINGS):
        plain = form.name.rsplit(".", 1)[0]
        yield Diagnostic(
            rule_of(form_id_like_a_file),
            f"`{form.name}` ends like a file",
            form.place,
            "ODK Central refuses such a name.",
            f"write: form {plain}",
        )


@rule("PF407", "draft-not-sent", Severity.ERROR)
def draft_not_sent(form: Form, kind: str) -> Iterator[Diagnostic]:
    """
    The form says `draft`, so it is not sent to a server.

    ## Why
    In a draft, missing protections are only warnings. `compile` writes it, stamped “not for field use”, so that it can be
    looked at on a phone; `push` would put it where people collect data.
    """
    if form.facts.draft:
        yield Diagnostic(
            rule_of(draft_not_sent),
            "a draft is not sent to a server",
            form.place,
            "In a draft, missing protections are only warnings.",
            "take the line `draft` out, mend what `pimforms check` says then, and push again",
        )


@rule("PF408", "test-key-not-sent", Severity.ERROR)
def test_key_not_sent(form: Form, kind: str) -> Iterator[Diagnostic]:
    """
    The form is encrypted with the test key, so it is not sent to a server.

    ## Why
    Nobody holds the private half of the test key. What people say would be collected, and could never be read.
    """
    facts = form.facts
    if facts.public_key is not None and facts.key is not None and facts.key == key_for_tests():
        yield Diagnostic(
            rule_of(test_key_not_sent),
            f"a form with `{TEST_KEY}` is not sent to a server",
            facts.public_key.place,
            "Nobody could read what it encrypts.",
            'name the key of your office: public key "office.pem"',
        )


@rule("PF409", "no-address-for-encrypted-records", Severity.ERROR)
def no_address_for_encrypted_records(form: Form, kind: str, host: str) -> Iterator[Diagnostic]:
    """
    The form is encrypted and goes to KoboToolbox, and does not say where encrypted records go.

    ## Why
    Without `submit to`, KoboToolbox takes the form for one that is not encrypted, and offers it as a web form.

    The address is that of the server for records, which is another one than that of the projects. Under `form`:
    `submit to "https://kc.kobotoolbox.org/submission"`.
    """
    facts = form.facts
    if kind != "kobo" or facts.key is None or facts.submit_to is not None:
        return
    usual = table("servers")["submission_url"].get(host, "https://kc.YOUR-SERVER/submission")
    yield Diagnostic(
        rule_of(no_address_for_encrypted_records),
        "an encrypted form for KoboToolbox must say where records go",
        facts.public_key.place if facts.public_key is not None else form.place,
        "Without it KoboToolbox takes the form for one that is not encrypted.",
        f'add under `form`: submit to "{usual}"',
    )


@rule("PF410", "records-past-the-server", Severity.ERROR)
def records_past_the_server(form: Form, kind: str) -> Iterator[Diagnostic]:
    """
    The form goes to ODK Central, and says `submit to`.

    ## Why
    A phone sends records to the address in the form, if there is one. On ODK Central each phone has an address of its own,
    with a code in it; one address for all has none, and is refused. Central encrypts without it.
    """
    if kind == "central" and form.facts.submit_to is not None:
        yield Diagnostic(
            rule_of(records_past_the_server),
            "phones would send records past their own address on ODK Central",
            form.facts.submit_to.place,
            "On ODK Central each phone has an address of its own; one address for all is refused.",
            "take the line `submit to` out",
        )


def before_sending(form: Form, kind: str, host: str) -> Iterator[Diagnostic]:
    """All that stands against sending this form to a server of this kind, at this host."""
    yield from form_id_like_a_file(form, kind)
    yield from draft_not_sent(form, kind)
    yield from test_key_not_sent(form, kind)
    yield from no_address_for_encrypted_records(form, kind, host)
    yield from records_past_the_server(form, kind)


MESSAGES = (
    form_id_like_a_file,
    draft_not_sent,
    test_key_not_sent,
    no_address_for_encrypted_records,
    records_past_the_server,
)
