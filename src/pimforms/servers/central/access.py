"""Who may do what with a form on ODK Central, and what a role of the form's `access` becomes there.

Central knows app users (a phone that sends, and reads nothing), web users with a role on the project, administrators of
the whole server, and public links (anybody who has the address). What a role may do is read from the server's own table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pimforms.servers.central.api import Api
from pimforms.servers.central.forms import FormVersion
from pimforms.servers.interface import Found, Holder, Say
from pimforms.servers.package import Package
from pimforms.servers.trouble import ServerTrouble
from pimforms.standards.data import table

EVERYBODY = "everybody"
ADMINISTRATORS = "the administrators of this server"
"""Stands for those whom only an administrator may list."""

APP_USER = "app-user"


@dataclass(frozen=True, slots=True)
class Grant:
    """What a role of the form's `access` becomes: `role` as Central calls it ("" for none), `on` "form" or "project"."""

    role: str
    on: str
    why: str


def grant_for(sees: str) -> Grant:
    """The smallest role of Central that is enough for what a role may see ("submit_own", "all" …), with the reason."""
    words = table("central")["access"].get(sees)
    if words is None:
        return Grant("", "", f"pimforms knows no role of Central for `{sees}`")
    return Grant(words["role"], words["on"], words["why"])


def phones(package: Package) -> tuple[str, ...]:
    """The names of those who only send: each becomes an app user."""
    names = (
        name
        for role, sees in package.access.items()
        if grant_for(sees).role == APP_USER
        for name in package.roles.get(role, ())
    )
    return tuple(dict.fromkeys(names))


def not_given(package: Package) -> tuple[str, ...]:
    """What people of a role must be given by hand, or not at all: a push gives no role on a project."""
    return tuple(
        f"`{role}` ({', '.join(people)}) was given nothing. {grant.why[0].upper()}{grant.why[1:]}"
        for role, sees in package.access.items()
        if (people := package.roles.get(role, ())) and (grant := grant_for(sees)).role != APP_USER
    )


def found(api: Api, project: Mapping[str, Any], form: FormVersion | None) -> Found:
    """What the server has; for None what a new form would get: open, in the browser too, as Central makes them."""
    encrypted = project.get("keyId") is not None or (form is not None and form.key)
    links = _open_links(api, form)
    return Found(
        holders=_holders(api, form, bool(links)),
        web_form=True if form is None else form.web_form,
        public_link=bool(links),
        public_data=False,  # every way to read records asks for a login
        encrypted=encrypted,
        locked=True,  # Central has no editor: rows change with another workbook only, which `verify` sees
        sends_on=False,  # Central passes records on to nobody by itself
        state="open" if form is None else form.state,
    )


def _open_links(api: Api, form: FormVersion | None) -> list[Mapping[str, Any]]:
    if form is None:
        return []
    return [link for link in api.public_links(form.form_id) if link.get("token")]


def _holders(api: Api, form: FormVersion | None, public: bool) -> tuple[Holder, ...]:
    may = {role["id"]: _may(role) for role in api.roles()}
    given = list(api.assignments())
    if form is not None:
        working = {user["id"] for user in api.app_users() if user.get("token")}
        given += [
            each
            for each in api.assignments(form.form_id)
            if each["actor"]["type"] != "field_key" or each["actor"]["id"] in working
        ]
    me = api.me()
    held: dict[int, tuple[str, frozenset[str]]] = {}
    for each in given:
        actor = each["actor"]
        if actor["type"] in ("user", "field_key"):
            before = held.get(actor["id"], ("", frozenset()))[1]
            # Who we are is told by an email address elsewhere, and a display name is anything.
            name = me.get("email") if actor["id"] == me.get("id") else None
            held[actor["id"]] = (str(name or actor["displayName"]), before | may.get(each["roleId"], frozenset()))
    holders = [Holder(name, rights) for name, rights in held.values() if rights]
    if public:
        holders.append(Holder(EVERYBODY, frozenset({"submit"})))
    return (*holders, *_owners(api))


def _owners(api: Api) -> tuple[Holder, ...]:
    everything = frozenset(table("central")["verbs"].values())
    try:
        listed = api.administrators()
    except ServerTrouble as trouble:
        if trouble.status != 403:
            raise
        return (Holder(ADMINISTRATORS, everything, owner=True),)
    return tuple(Holder(str(each["actor"]["displayName"]), everything, owner=True) for each in listed)


def _may(role: Mapping[str, Any]) -> frozenset[str]:
    words = table("central")["verbs"]
    return frozenset(words[verb] for verb in role.get("verbs") or () if verb in words)


def let_send(api: Api, form_id: str, names: tuple[str, ...], say: Say) -> list[str]:
    """Makes the app users that are missing, and lets each send records of this form. Gives what it changed."""
    did: list[str] = []
    if not names:
        return did
    sending = {each["actor"]["id"] for each in api.assignments(form_id)}
    for name in names:
        user = _app_user(api, name)
        if user is None:
            say(f"making the app user {name}")
            api.create_app_user(name)
            did.append(f"made the app user {name}")
            user = _app_user(api, name)
        if user is not None and user["id"] not in sending:
            api.assign(form_id, int(user["id"]), APP_USER)
            did.append(f"let {name} send records")
    return did


def not_sending(api: Api, form_id: str | None, names: tuple[str, ...]) -> tuple[str, ...]:
    """Those of these app users who may not send records of the form yet, or are not there yet."""
    if not names or form_id is None:
        return names
    sending = {each["actor"]["id"] for each in api.assignments(form_id)}
    return tuple(name for name in names if (user := _app_user(api, name)) is None or user["id"] not in sending)


def _app_user(api: Api, name: str) -> Mapping[str, Any] | None:
    named = [user for user in api.app_users() if user.get("displayName") == name and user.get("token")]
    if len(named) > 1:
        numbers = ", ".join(str(user["id"]) for user in named)
        raise ServerTrouble(
            f"this project has {len(named)} app users called `{name}` (numbers {numbers})",
            "give one of them another name: revoke it in Central and make it anew",
        )
    return named[0] if named else None
