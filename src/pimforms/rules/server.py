"""What a form demands of a server: where it may go, who may see what, and what must be done before data are collected.

Each check says what is demanded, what was found, and whether that fits. They look at the form and at what the server
told; `push` and `verify` print them as a table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from pimforms.diagnostics import Severity, rule, some_of
from pimforms.model.form import Form
from pimforms.model.identity import direct_identifiers
from pimforms.model.level import Level
from pimforms.model.server import Holder, Stage, Target
from pimforms.rules.server_place import personal_account, server_not_allowed
from pimforms.rules.verdict import SECURITY, Verdict, about, allows, yes
from pimforms.standards.data import table

__all__ = ["CHECKS", "Verdict", "judge"]

EVERYBODY = "everybody"


@rule("PIM507", "open-to-everybody", Severity.ERROR, standard=SECURITY)
def open_to_everybody(form: Form, target: Target) -> Iterator[Verdict]:
    """
    On the server, people without a login can send records to this form, or see them.

    ## Why
    A link that needs no login is passed on. Then nobody knows who sends records, and false ones cannot be told from true
    ones; and where the data are open, everybody reads them. From MODERATE on this is refused. A LOW form may be open, for
    example for people who fill it in by themselves.
    """
    allowed = table("servers")["levels"][form.level.word]
    for what, key, found, fix in (
        ("records without a login", "public_link", target.found.public_link,
         "take the public link or the anonymous access away on the server, then push again"),
        ("data open to everybody", "public_data", target.found.public_data,
         "switch the sharing of data off on the server, then push again"),
    ):  # fmt: skip
        breach = found is True and not allowed[key]
        said = None
        if breach:
            said = about(
                open_to_everybody, f"on {target.name} this form is open: {what}", form.place,
                f"Nobody without a login may send or see records of a {form.level.name} form ({SECURITY}).", fix,
            )  # fmt: skip
        yield Verdict(what, allows(allowed[key]), yes(found), None if found is None else not breach, said)


@rule("PIM524", "records-sent-on", Severity.ERROR, standard=SECURITY)
def records_sent_on(form: Form, target: Target) -> Iterator[Verdict]:
    """
    The server passes each record on to another place by itself, and nobody told those who were asked.

    ## Why
    A REST service of KoboToolbox sends every record to an address as soon as it arrives. Whoever is behind it receives
    everything, whatever `access` and `share with` say, and the consent does not name them. From MODERATE on this is refused.
    """
    found = target.found.sends_on
    allowed = form.level is Level.LOW
    said = None
    if found and not allowed:
        said = about(
            records_sent_on,
            f"{target.name} sends each record of this form on to another place",
            form.place,
            f"Who receives it there is not named in the consent ({SECURITY}).",
            "take the REST service out of the settings of the project, then push again",
        )
    fits = None if found is None else said is None
    yield Verdict("records sent on", allows(allowed), yes(found), fits, said)


@rule("PIM520", "sees-more-than-allowed", Severity.ERROR, standard=SECURITY)
def sees_more_than_allowed(form: Form, target: Target) -> Iterator[Verdict]:
    """
    On the server, somebody may do more with the records than the form allows.

    ## Why
    Each person who can see all records is one more phone that can be lost and one more person who can be pressed. `access`
    in the form says what each role may see; `pimforms.toml` says who has the role. `push` gives no more than that, and refuses
    while somebody has more. From MODERATE on, who may see records must have a role.

        access interviewer submit_own, dpo all

        [servers.office.roles]
        interviewer = ["team_1", "team_2"]
        dpo = ["amina"]
        manager = ["im_lead"]
    """
    words = table("servers")
    may: dict[str, set[str]] = {}
    for role, what in form.facts.access:
        for user in target.roles.get(role, ()):
            may.setdefault(user, set()).update(words["access"][what])
            if what == "without_identities" and not direct_identifiers(form.items):
                may[user].add("view")  # there are none in any record
    for user in target.roles.get(words["manager"]["role"], ()):
        may.setdefault(user, set()).update(words["manager"]["may"])
    strict = bool(form.facts.access) or form.level > Level.LOW
    wider: list[tuple[Holder, list[str]]] = []
    for holder in target.found.holders:
        if holder.owner or holder.name in (EVERYBODY, target.login.username):
            continue
        more = sorted(holder.may - may.get(holder.name, set()) - _harmless(holder, may), key=list(words["may"]).index)
        if more and strict:
            wider.append((holder, more))
    demanded = ", ".join(f"{role} {what}" for role, what in form.facts.access) or (
        "no more than needed" if strict else "any"
    )
    for holder, more in wider:
        does = some_of([words["may"][each] for each in more], 3)
        yield Verdict(
            f"{holder.name}", _allowed(may.get(holder.name, set()), words["may"]), does, False,
            about(
                sees_more_than_allowed, f"on {target.name}, {holder.name} may {does}", form.place,
                f"The form allows {holder.name} less, or does not name them ({SECURITY}).",
                f"take that right away on the server; or give them a role: `access ROLE all` under `form`, and "
                f'`ROLE = ["{holder.name}"]` under [servers.{target.name}.roles] in pimforms.toml',
            ),
        )  # fmt: skip
    if not wider:
        others = len(target.found.holders)
        nobody = [role for role, _ in form.facts.access if not target.roles.get(role)]
        found = f"{others} with a login, none with more" if others else "nobody else"
        yield Verdict(
            "who sees records", demanded, f"{found}; nobody is named as {some_of(nobody, 3)}" if nobody else found
        )


def _harmless(holder: Holder, may: dict[str, set[str]]) -> set[str]:
    """Sending records shows nobody anything; seeing one's own is part of seeing all."""
    own = {"view_own", "view_without_identities"} if "view" in may.get(holder.name, set()) else set()
    return {"submit"} | own


def _allowed(may: set[str], words: dict[str, str]) -> str:
    return some_of([words[each] for each in words if each in may], 3) or "nothing"


@rule("PIM521", "web-form-open", Severity.ERROR, standard=SECURITY)
def web_form_open(form: Form, target: Target) -> Iterator[Verdict]:
    """
    A form that must be filled in on the app can be filled in in a browser.

    ## Why
    A web form does not encrypt: the record travels and lies on the server in the open, although the form has a public key. A
    draft stays in the browser, on a computer that others use. SEVERE and encrypted forms are for the app alone. On ODK
    Central, ODK Web Forms do not encrypt, and a new form is shown in them: push a draft, choose Enketo on the page of the
    draft, then publish. Enketo cannot be switched off there, so the table says `not known`: give logins that may send to
    nobody but phones.
    """
    demanded = table("servers")["levels"][form.level.word]["web_form"] and not target.encrypts
    found = target.found.web_form
    # KoboToolbox has a web form until the first encrypted version is live: that is what the push is for.
    comes_with_it = target.kind == "kobo" and target.encrypts and not target.sent
    breach = found is True and not demanded and not comes_with_it
    said = None
    if breach:
        why = "A web form does not encrypt" if target.encrypts else f"A {form.level.name} form is for the app alone"
        said = about(
            web_form_open,
            f"on {target.name} this form can be filled in in a browser",
            form.place,
            f"{why} ({SECURITY}).",
            "push it with --draft; on the page of the draft choose Enketo in place of ODK Web Forms; then push it to be published"
            if target.kind == "central"
            else "push it again; if it stays, tell who runs the server",
            # A draft collects nothing, and its page is where the switch is.
            severity=Severity.WARNING if target.stage is Stage.DRAFT else None,
        )
    there = "until the first encrypted version is live" if comes_with_it and found else yes(found)
    yield Verdict("in a browser", allows(demanded), there, None if found is None else not breach, said)


@rule("PIM522", "records-not-encrypted", Severity.ERROR, standard=SECURITY)
def records_not_encrypted(form: Form, target: Target) -> Iterator[Verdict]:
    """
    The form has a public key, and on the server it is not encrypted.

    ## Why
    Then records lie there in the open, and everybody who relies on the key is wrong. Somebody took the key out of the form on
    the server, or the form there is another one.
    """
    if not target.encrypts:
        return
    found = target.found.encrypted
    breach = target.sent and found is False
    said = None
    if breach:
        said = about(
            records_not_encrypted, f"on {target.name} the records of this form are not encrypted",
            form.facts.public_key.place if form.facts.public_key else form.place,
            f"The form has a public key ({SECURITY}).", "stop collecting, then push this form again",
        )  # fmt: skip
    fits = None if target.sent and found is None else not breach
    yield Verdict("encrypted", "yes", "in the form itself" if not target.sent else yes(found), fits, said)


@rule(
    "PIM422", "consent-not-locked", Severity.WARNING, standard="PIM principle 4, Informed consent and confidentiality"
)
def consent_not_locked(form: Form, target: Target) -> Iterator[Verdict]:
    """
    On KoboToolbox, the rows of the consent can be changed in the browser without anybody being stopped.

    ## Why
    A form builder makes it easy to shorten what people hear. `push` locks the text, the skip logic and the choices of the
    consent, and each record carries the fingerprint of what was read. The lock holds in the form builder; who uploads
    another workbook gets around it. So `verify` compares what is live with the form.
    """
    if target.kind != "kobo" or not target.sent:
        return
    locked = target.found.locked
    said = None
    if locked is False:
        said = about(
            consent_not_locked,
            f"on {target.name} the consent of this form is not locked",
            form.place,
            "What people hear can be changed in the browser (PIM principle 4).",
            "push the form again",
        )
    yield Verdict("consent locked", "yes", yes(locked), locked, said)


@rule("PIM607", "not-piloted", Severity.ERROR, standard="PIM principle 6, Competency and capacity", waivable=True)
def not_piloted(form: Form, target: Target) -> Iterator[Verdict]:
    """
    From HIGH on, a form that nobody has tried would be used to collect data.

    ## Why
    A question that is misunderstood, or that frightens, is found in ten interviews with people who know that it is a trial.
    After that it has done its harm. `push --pilot` sends the form to a project of its own with a limited number of records.
    Then write, under `form`, when it was tried, in how many interviews, and what was changed:

        pilot 2026-10-28 25 "two questions reworded"
    """
    if target.stage is not Stage.PRODUCTION or form.level < Level.HIGH:
        return
    pilot = form.facts.pilot
    said = None
    if pilot is None:
        said = about(
            not_piloted, "nobody has tried this form", form.place,
            f"A {form.level.name} form is tried with few people before it is used (PIM principle 6).",
            'push it with --pilot first; then add under `form`: pilot 2026-10-28 25 "what was changed"',
        )  # fmt: skip
    yield Verdict(
        "pilot", "done", f"{pilot.day}, {pilot.interviews} interviews" if pilot else "none", pilot is not None, said
    )


@rule("PIM613", "pilot-is-full", Severity.ERROR, standard="PIM principle 6, Competency and capacity")
def pilot_is_full(form: Form, target: Target) -> Iterator[Verdict]:
    """
    The pilot of this form has as many records as a pilot may have.

    ## Why
    A pilot that goes on is a survey that nobody decided on. Look at what was learned, write `pilot` into the form, delete the
    records of the pilot, and push for production. How many records a pilot may have stands in `pimforms.toml`
    (`pilot_records`).
    """
    if target.stage is not Stage.PILOT:
        return
    most = target.pilot_records or table("servers")["pilot"]["records"]
    full = target.records >= most
    said = None
    if full:
        said = about(
            pilot_is_full, f"the pilot has {target.records} records, and {most} are enough", form.place,
            "A pilot that goes on is a survey that nobody decided on (PIM principle 6).",
            f'write what was learned: pilot DAY {target.records} "…"; then push with --production',
        )  # fmt: skip
    yield Verdict("records of the pilot", f"below {most}", str(target.records), not full, said)


@rule("PIM811", "not-searched-for-production", Severity.ERROR, standard="PIM principle 8, Coordination", waivable=True)
def not_searched_for_production(form: Form, target: Target) -> Iterator[Verdict]:
    """
    From MODERATE on, a form would be used before anybody has looked for what is known already.

    ## Why
    What others asked need not be asked again. `check` warns of it (PIM801); before data are collected it must be done.
    """
    if target.stage is not Stage.PRODUCTION or form.level is Level.LOW:
        return
    searched = form.facts.searched
    known = searched is not None or any(purpose.known for purpose in form.purposes.values())
    said = None
    if not known:
        said = about(
            not_searched_for_production, "nobody has looked for data that exist already", form.place,
            "What others asked already need not be asked again (PIM principle 8).",
            'look first, then add under `form`: searched 2026-10-20 "HDX", "registry of assessments"',
        )  # fmt: skip
    yield Verdict(
        "existing data", "searched", searched.day if searched else "said at a purpose" if known else "not", known, said
    )


CHECKS: tuple[Callable[[Form, Target], Iterator[Verdict]], ...] = (
    server_not_allowed,
    personal_account,
    open_to_everybody,
    records_sent_on,
    sees_more_than_allowed,
    web_form_open,
    records_not_encrypted,
    consent_not_locked,
    not_piloted,
    pilot_is_full,
    not_searched_for_production,
)


def judge(form: Form, target: Target, waived: frozenset[str]) -> tuple[Verdict, ...]:
    """The whole table. `waived` are the codes that valid waivers of the form silence."""
    found = (verdict for check in CHECKS for verdict in check(form, target))
    return tuple(_with_waiver(verdict, waived) for verdict in found)


def _with_waiver(verdict: Verdict, waived: frozenset[str]) -> Verdict:
    said = verdict.said
    if said is None or not said.rule.waivable or said.code not in waived:
        return verdict
    return replace(verdict, waived=True, said=None)
