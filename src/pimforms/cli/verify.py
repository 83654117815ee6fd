"""`pimforms verify`: whether what is live on a server is what this form says, and open no wider than it allows."""

from __future__ import annotations

import argparse

from pimforms.cli import inputs, report_push
from pimforms.cli.remote import (
    DONE,
    REFUSED_HERE,
    REFUSED_THERE,
    add_server_arguments,
    add_stage_arguments,
    folder_of,
    print_json,
    progress,
    remote,
    trouble_said,
)
from pimforms.cli.report_json import as_object
from pimforms.cli.reports import print_report
from pimforms.model.server import Stage


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FORM", help="a .pim file")
    add_server_arguments(parser, word="--on")
    add_stage_arguments(parser, publishes=False)
    inputs.add_today(parser)


def run(options: argparse.Namespace) -> int:
    """0 if it is the same, 1 if it is not or is open wider than allowed, 2 wrong use, 3 not there, 4 not reached."""
    with trouble_said(options) as ends:
        ends.append(_verify(options))
    return ends[0]


def _verify(options: argparse.Namespace) -> int:
    from pimforms.publish import Seen, look, prepare
    from pimforms.servers.open import open_server
    from pimforms.servers.trouble import ServerTrouble

    there, say, day = remote(options, folder_of(options)), progress(), inputs.today(options)
    stage = options.stage or Stage.PRODUCTION
    parcels, said = prepare(inputs.check(options.file, day), there.folder, there.entry, there.project, stage)
    if not parcels:
        if options.json:
            print_json({"exit": REFUSED_HERE, "forms": [], "diagnostics": [as_object(each) for each in said]})
        else:
            print_report(said, [options.file])
        return REFUSED_HERE
    server = open_server(there.entry, project=options.project)
    found, wrong = [], False
    try:
        login = server.login()
        for parcel in parcels:
            say(f"reading {parcel.package.form_id}")
            live = server.find(parcel.package.form_id)
            if live is None or live.version is None:
                raise ServerTrouble(
                    f"`{parcel.package.form_id}` is not live on {there.entry.name}",
                    f"pimforms push {options.file} --to {there.entry.name} --{stage.value}",
                    code=REFUSED_THERE,
                )
            verdicts = look(server, login, parcel, there.entry, there.project, day, live=live, sent=True)
            found.append((Seen(parcel, live, verdicts), server.differences(parcel.package, live)))
    finally:
        server.close()
    for seen, differences in found:
        wrong = wrong or bool(differences or seen.refused)
        if not options.json:
            _say(seen, differences, there.entry.name)
            print_report(seen.said, [])
    if options.json:
        print_json({
            "exit": REFUSED_HERE if wrong else DONE,
            "forms": [{**report_push.as_object(seen), "differences": list(differences)} for seen, differences in found],
            "diagnostics": [as_object(each) for seen, _ in found for each in seen.said],
        })  # fmt: skip
    return REFUSED_HERE if wrong else DONE


def _say(seen: object, differences: tuple[str, ...], name: str) -> None:
    from pimforms.publish import Seen

    assert isinstance(seen, Seen)
    assert seen.live is not None
    form_id = seen.parcel.package.form_id
    print(report_push.table(seen.verdicts))
    if not differences:
        print(f"{form_id}: version {seen.live.version} on {name} is what this form says")
        return
    print(f"{form_id}: version {seen.live.version} on {name} is not what this form says")
    for difference in differences:
        print(f"  {difference}")
