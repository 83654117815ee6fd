"""Where a form may go: to which hosts, whose account it belongs to there, and where phones send encrypted records."""

from __future__ import annotations

from collections.abc import Iterator

from pimforms.diagnostics import Severity, rule, some_of
from pimforms.model.form import Form
from pimforms.model.level import Level
from pimforms.model.server import Target
from pimforms.rules.verdict import SECURITY, Verdict, about
from pimforms.standards.data import table


def host_of(written: str) -> str:
    """`https://eu.kobotoolbox.org/` and `EU.kobotoolbox.org` are the same host."""
    return written.split("://", 1)[-1].split("/", 1)[0].rsplit("@", 1)[-1].lower()


def _is(host: str, allowed: str) -> bool:
    """A host is itself; one without a port stands for every port."""
    return host == allowed or (":" not in allowed and host.partition(":")[0] == allowed)


@rule("PIM509", "server-not-allowed", Severity.ERROR, standard=SECURITY, waivable=True)
def server_not_allowed(form: Form, target: Target) -> Iterator[Verdict]:
    """
    The form would go to a server that is not among the allowed ones.

    ## Why
    Where records lie decides who can order them to be handed over, and who runs the machine. `server` in the form, or
    `allowed` in `pimforms.toml`, names the hosts that the organisation has looked at. A typing error in an address, or a
    private test server, is then found before anybody's answers go there.

    Encrypted records go to the address behind `submit to`. It must be one of this server, or of an allowed host, too.

    Under `form`: `server "eu.kobotoolbox.org"`. From MODERATE on a warning asks for it where nothing is named.
    """
    hosts = _named(form, target)
    found = target.host
    if not hosts:
        said = None
        if form.level > Level.LOW:
            said = about(
                server_not_allowed, "nobody has said which servers this form may go to", form.place,
                f"A {form.level.name} form goes to servers that the organisation has looked at ({SECURITY}).",
                f'add under `form`: server "{found}"', severity=Severity.WARNING,
            )  # fmt: skip
        yield Verdict(
            "server", "any" if said is None else "one that is named in the form", found, None if said else True, said
        )
        yield from _records_go_elsewhere(form, target)
        return
    fits = any(_is(found, host) for host in hosts)
    yield Verdict(
        "server", some_of(hosts, 3), found, fits,
        None if fits else about(
            server_not_allowed, f"this form may not go to {found}",
            form.facts.servers[0].place if form.facts.servers else form.place,
            f"Only {some_of(hosts, 3)} may hold its records ({SECURITY}).",
            f'push to an allowed server; or, if the organisation allows this one, add: server "{found}"',
        ),
    )  # fmt: skip
    yield from _records_go_elsewhere(form, target)


def _records_go_elsewhere(form: Form, target: Target) -> Iterator[Verdict]:
    """Where phones send encrypted records: `submit to` may name any address, and is the place where records lie."""
    if not target.encrypts or form.facts.submit_to is None:
        return
    goes = host_of(form.facts.submit_to.name)
    usual = table("servers")["submission_url"].get(target.host)
    own = {target.host, host_of(usual)} if usual else {target.host}
    fits = goes in own or any(_is(goes, host) for host in _named(form, target))
    yield Verdict(
        "records go to", some_of(sorted(own), 2), goes, fits,
        None if fits else about(
            server_not_allowed, f"phones would send the records of this form to {goes}, not to {target.host}",
            form.facts.submit_to.place,
            f"Where records lie is looked at first ({SECURITY}).",
            (f'write: submit to "{usual}"' if usual else "for ODK Central take the line `submit to` out"
             if target.kind == "central" else "correct the line `submit to`")
            + f'; or, if {goes} belongs to this server, add both hosts: server "{target.host}", "{goes}"',
        ),
    )  # fmt: skip


def _named(form: Form, target: Target) -> tuple[str, ...]:
    """The hosts that the form or the organisation allows."""
    named = (*(file.name for file in form.facts.servers), *target.allowed)
    return tuple(dict.fromkeys(host_of(each) for each in named))


@rule("PIM523", "personal-account", Severity.ERROR, standard=SECURITY, waivable=True)
def personal_account(form: Form, target: Target) -> Iterator[Verdict]:
    """
    A form from HIGH on would belong to somebody's personal account.

    ## Why
    Who leaves the organisation takes a personal account along, with all records in it, and nobody else can close it. From
    HIGH on a project belongs to an account of the organisation. A server does not tell which kind an account is: say it once
    for each server, `account = "organisation"` in `servers.toml` or `pimforms.toml`. ODK Central belongs to who runs it.
    """
    if form.level < Level.HIGH or target.kind == "central":
        return
    kind = target.login.account
    said = None
    if kind != "organisation":
        title = "nobody says whose account this is" if kind is None else "this form would belong to a personal account"
        said = about(
            personal_account, f"{title}: {target.login.username}", form.place,
            f"Records of a {form.level.name} form stay with the organisation, whoever leaves ({SECURITY}).",
            f'push with an account of the organisation; if this is one, write `account = "organisation"` under '
            f"[servers.{target.name}] in pimforms.toml",
        )  # fmt: skip
    yield Verdict("account", "of the organisation", kind or "not said", said is None, said)
