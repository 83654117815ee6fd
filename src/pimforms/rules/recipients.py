"""Principle 8, coordination: who receives what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of, some_of
from pimforms.model.facts import Recipient
from pimforms.model.form import Form
from pimforms.model.level import Level
from pimforms.model.sharing import Field, by_level, limit_by_pack, received, too_much

PRINCIPLE = "PIM principle 8, Coordination and collaboration"
_NAMED = 4


@rule("PIM806", "shared-too-widely", Severity.ERROR, standard=PRINCIPLE)
def shared_too_widely(form: Form) -> Iterator[Diagnostic]:
    """
    Somebody would receive more than the level of an answer allows.

    ## Why
    Names and numbers are not shared in a survey; HIGH answers go to named partners without what identifies anybody; SEVERE
    ones leave in a referral of that person and in no other way. `without identities`, `totals only` and `at most LEVEL`
    say what a recipient receives, `shared as` what becomes of one answer before. A country pack sets the highest level for
    a recipient. `pimforms show FORM sharing` prints who receives what.

    ## Bad
    ```pim
    form desk "Desk"
      organisation "Relief"
      category     protection_monitoring
      interview    service, observation
      population   "Desks in block C"
      contact      "Desk, block C"
      staff        protection_lead "Head of protection", im_lead "Head of information"
      feedback     "a community meeting" within 30 days
      consulted    2026-10-02 "women of block C"
      searched     2026-10-20 "HDX", "registry of assessments"
      share with   "the legal aid group"
    purpose papers "Getting people their papers"
      topic       civil_documents
      need        "Where people lack papers"
      tell people "help people get their papers"
      decide      "Where the mobile registry goes" by "Legal aid group" before 2027-01-31
    risk list_found "A list of people without papers is found"
      harms      respondent
      likelihood low
      impact     high
      protect by private_setting, no_names
      owner      "Head of protection"
      review     2027-01-31
    referral legal_aid "the legal aid desk in block C"
      topics  civil_documents
      checked 2026-11-01
    ask papers yes_no "Do you lack identity papers?"
    ```

    ## Good
    ```pim
    form desk "Desk"
      organisation "Relief"
      category     protection_monitoring
      interview    service, observation
      population   "Desks in block C"
      contact      "Desk, block C"
      staff        protection_lead "Head of protection", im_lead "Head of information"
      feedback     "a community meeting" within 30 days
      consulted    2026-10-02 "women of block C"
      searched     2026-10-20 "HDX", "registry of assessments"
      share with   "the legal aid group" without identities
    purpose papers "Getting people their papers"
      topic       civil_documents
      need        "Where people lack papers"
      tell people "help people get their papers"
      decide      "Where the mobile registry goes" by "Legal aid group" before 2027-01-31
    risk list_found "A list of people without papers is found"
      harms      respondent
      likelihood low
      impact     high
      protect by private_setting, no_names
      owner      "Head of protection"
      review     2027-01-31
    referral legal_aid "the legal aid desk in block C"
      topics  civil_documents
      checked 2026-11-01
    ask papers yes_no "Do you lack identity papers?"
    ```
    """
    for recipient in form.facts.recipients:
        named, above = too_much(form, recipient)
        if named or above:
            yield _too_much(recipient, named, above)
        yield from _beyond_pack(form, recipient)


def _too_much(recipient: Recipient, named: Sequence[Field], above: Sequence[Field]) -> Diagnostic:
    parts = [f"{level.name}: {_listed(names)}" for level, names in by_level(above).items()]
    if named:
        parts.insert(0, f"what identifies people: {_listed([field.name for field in named])}")
    severe = any(field.tags.level >= Level.SEVERE for field in above)
    fix = _fix(recipient, bool(named), above)
    if severe:
        fix += "; SEVERE answers leave in a referral only: `shared as drop` under those questions"
    return Diagnostic(
        rule_of(shared_too_widely),
        f"“{_name(recipient)}” would receive {'; '.join(parts)}",
        recipient.place,
        f"The level of an answer says how far it may go ({PRINCIPLE}).",
        fix,
        related=tuple((f"`{field.name}`", field.place) for field in (*named, *above)[:_NAMED]),
    )


def _fix(recipient: Recipient, named: bool, above: Sequence[Field]) -> str:
    if recipient.what == "answers":
        return f'write: share with "{_name(recipient)}" without identities' + (
            "" if named or not above else ", or `at most moderate`"
        )
    return f'write: share with "{_name(recipient)}" without identities at most high'


def _beyond_pack(form: Form, recipient: Recipient) -> Iterator[Diagnostic]:
    """What a country pack keeps from a recipient, totals included."""
    limit = limit_by_pack(form, recipient)
    if limit is None:
        return
    above = [field for field in received(form, recipient) if field.tags.level > limit.level]
    if above:
        parts = [f"{level.name}: {_listed(names)}" for level, names in by_level(above).items()]
        yield Diagnostic(
            rule_of(shared_too_widely),
            f"“{_name(recipient)}” may receive {limit.level.name} at most, and would receive {'; '.join(parts)}",
            recipient.place,
            f"The country pack `{limit.pack.name}` says so for every form ({PRINCIPLE}).",
            f"add to this line: at most {limit.level.word}",
            related=((f"the pack `{limit.pack.name}`", limit.pack.place),),
        )


def _name(recipient: Recipient) -> str:
    return next(iter(recipient.name.values.values()), "")


def _listed(names: Iterable[str]) -> str:
    return some_of([f"`{name}`" for name in names], _NAMED)
