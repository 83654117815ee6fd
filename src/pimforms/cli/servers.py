"""`pimforms servers`: the servers by the names a team calls them: add one, list them, test the login."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pimforms.cli.remote import DONE, print_json, trouble_said

ASKS = {
    "kobo": "Token (in your browser: {url}/token/?format=json): ",
    "central": "Password of {who}: ",
    "session": "Session token: ",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    does = parser.add_subparsers(dest="does", metavar="ACTION", required=True)
    add = does.add_parser("add", help="describe a server, and keep its login")
    add.add_argument("name", metavar="NAME", help="what your team calls it, for example `office`")
    add.add_argument("--kind", choices=("kobo", "central"), help="KoboToolbox or ODK Central")
    add.add_argument("--url", help="its address, for example https://eu.kobotoolbox.org")
    add.add_argument(
        "--username", help="ODK Central: the e-mail address of the login; without it a session token is asked for"
    )
    add.add_argument("--project", help="ODK Central: number or name of the project")
    add.add_argument("--account", choices=("organisation", "personal"), help="whose account it is")
    shown = does.add_parser("list", help="show the servers, and where the login of each is looked for")
    test = does.add_parser("test", help="try the login of a server")
    test.add_argument("name", metavar="NAME")
    for each in (add, shown, test):
        each.add_argument("--json", action="store_true", help="write JSON to standard output")


def run(options: argparse.Namespace) -> int:
    """0, 2 if something here is wrong, 3 if the server says no, 4 if it is not reached."""
    with trouble_said(options) as ends:
        ends.append({"add": _add, "list": _list, "test": _test}[options.does](options))
    return ends[0]


def _add(options: argparse.Namespace) -> int:
    """A server that is described already only gets its login anew. The login comes from the keyboard or a pipe."""
    from pimforms.servers import safe
    from pimforms.servers.config import add_server, read_settings, wrong

    known = read_settings(Path.cwd()).servers.get(options.name)
    given = {key: getattr(options, key) for key in ("kind", "url", "username", "project", "account")}
    lines = {key: value for key, value in given.items() if value}
    if known is None:
        missing = [f"--{key}" for key in ("kind", "url") if key not in lines]
        if missing:
            raise wrong(
                f"{' and '.join(missing)} is missing" if len(missing) == 1 else "--kind and --url are missing",
                f"pimforms servers add {options.name} --kind kobo --url https://eu.kobotoolbox.org",
            )
        print(f"wrote {add_server(options.name, lines)}", file=sys.stderr)
        known = read_settings(Path.cwd()).server(options.name)
    elif any(value != getattr(known, key) for key, value in lines.items()):
        raise wrong(
            f"there is a server `{options.name}` already, and it is described otherwise",
            f"change its lines in {known.file}; to give its login anew: pimforms servers add {options.name}",
        )
    asks = ASKS["kobo" if known.kind == "kobo" else "central" if known.username else "session"]
    secret = safe.ask_secret(asks.format(url=known.url, who=known.username))
    print(f"the login is kept in {safe.keep_secret(known, secret)}", file=sys.stderr)
    return _try(options, options.name)


def _list(options: argparse.Namespace) -> int:
    from pimforms.servers.config import KINDS, read_settings, user_file
    from pimforms.servers.safe import find_secret, variable_for

    servers = [entry for _, entry in sorted(read_settings(Path.cwd()).servers.items())]
    if options.json:
        print_json({"exit": DONE, "servers": [
            {"name": each.name, "kind": each.kind, "url": each.url, "project": each.project, "file": str(each.file),
             "login": find_secret(each) is not None, "variable": variable_for(each)}
            for each in servers
        ]})  # fmt: skip
        return DONE
    if not servers:
        print(f"there are no servers yet; they are written down in {user_file()}")
        print("add one: pimforms servers add office --kind kobo --url https://eu.kobotoolbox.org")
    for each in servers:
        login = "login kept" if find_secret(each) is not None else f"no login: pimforms servers add {each.name}"
        print(f"{each.name}: {KINDS[each.kind]}, {each.url}{f', project {each.project}' if each.project else ''}")
        print(f"    {login}; in CI: {variable_for(each)}; described in {each.file}")
    return DONE


def _test(options: argparse.Namespace) -> int:
    return _try(options, options.name)


def _try(options: argparse.Namespace, name: str) -> int:
    from pimforms.servers.config import KINDS, read_settings
    from pimforms.servers.open import open_server

    entry = read_settings(Path.cwd()).server(name)
    server = open_server(entry)
    try:
        login = server.login()
    finally:
        server.close()
    if options.json:
        print_json({"exit": DONE, "name": name, "kind": entry.kind, "url": entry.url, "username": login.username})
    else:
        print(f"{name}: {KINDS[entry.kind]} at {entry.host} knows you as {login.username}")
    return DONE
