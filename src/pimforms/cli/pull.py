"""`pimforms pull`: the form that is live on a server, back as a workbook."""

from __future__ import annotations

import argparse
from pathlib import Path

from pimforms.cli.remote import DONE, REFUSED_THERE, add_server_arguments, print_json, remote, trouble_said


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("form", metavar="FORM_ID", help="the name of the form (or a .pim file, for the name in it)")
    add_server_arguments(parser, word="--from")
    parser.add_argument("-o", "--output", metavar="OUT.xlsx", help="where to write (usual: FORM_ID.xlsx, here)")


def run(options: argparse.Namespace) -> int:
    """0, 2 if it cannot be written, 3 if it is not there, 4 if the server is not reached."""
    with trouble_said(options) as ends:
        ends.append(_pull(options))
    return ends[0]


def _pull(options: argparse.Namespace) -> int:
    from pimforms.servers.config import wrong
    from pimforms.servers.open import open_server
    from pimforms.servers.trouble import ServerTrouble
    from pimforms.xlsform.workbook import CannotWrite, replace_file

    form_id = _form_id(options.form)
    if form_id is None:
        raise wrong(f"{options.form}: there is no form in this file", f"pimforms check {options.form}")
    output = Path(options.output or f"{form_id}.xlsx")
    if output.suffix.lower() != ".xlsx":
        raise wrong(f"{output}: a workbook needs a name that ends in .xlsx", f"write -o {output.with_suffix('.xlsx')}")
    there = remote(options, Path.cwd())
    server = open_server(there.entry, project=options.project)
    try:
        live = server.find(form_id)
        if live is None:
            raise ServerTrouble(
                f"there is no form `{form_id}` on {there.entry.name}",
                "check its name on the server",
                code=REFUSED_THERE,
            )
        workbook = server.workbook(live)
    finally:
        server.close()
    if options.output is None and output.is_file() and output.read_bytes() != workbook:
        raise wrong(
            f"there is another {output} here, which was left as it is",
            f"choose a name: pimforms pull {options.form} --from {options.server} -o live_{output.name}",
        )
    try:
        replace_file(output, workbook)
    except CannotWrite as error:
        raise wrong(f"{output}: {error.message}", error.fix) from None
    if options.json:
        print_json(
            {"exit": DONE, "form_id": form_id, "version": live.version, "file": str(output), "records": live.records}
        )
    else:
        version = f"version {live.version}, live" if live.version is not None else "a draft, not published"
        print(f"wrote {output}: {version}, with {live.records} records on {there.entry.name}")
    return DONE


def _form_id(written: str) -> str | None:
    """The name of a form, or that in a .pim file."""
    if not written.endswith(".pim"):
        return written
    from pimforms.compiler import check_file

    form = check_file(written).form
    return form.name if form is not None else None
