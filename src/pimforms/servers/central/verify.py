"""Where what is live is not what was compiled."""

from __future__ import annotations

from pimforms.servers.central import attachments, notes
from pimforms.servers.central.api import Api
from pimforms.servers.central.forms import FormVersion, Same
from pimforms.servers.central.workbooks import md5_of
from pimforms.servers.package import Package


def differences(api: Api, package: Package, form: FormVersion) -> tuple[str, ...]:
    """Each difference in a sentence; none if what is live is the package, and takes records."""
    if form.published is None:
        return (f"nothing of `{form.form_id}` is live: version {form.own_version} is a draft",)
    return (
        *_version(package, form),
        *_workbook(api, package, form),
        *_files(api, package, form),
        *_standing(package, form),
    )


def _version(package: Package, form: FormVersion) -> tuple[str, ...]:
    if form.own_version == package.version:
        return ()
    return (f"version {form.own_version} is live, the compiled form has version {package.version}",)


def _workbook(api: Api, package: Package, form: FormVersion) -> tuple[str, ...]:
    same = api.has_workbook(form.form_id, md5_of(package.workbook))
    if same is Same.NO:
        return ("the workbook on the server is not the compiled one",)
    if same is Same.NO_WORKBOOK:
        return ("the form on the server was sent as XML, so it has no workbook that could be compared",)
    if same is Same.ELSEWHERE and notes.digest_in(form.note, form.hash) != package.sha256:
        return ("the server keeps its files elsewhere, and its note does not say that this package was published",)
    return ()


def _files(api: Api, package: Package, form: FormVersion) -> tuple[str, ...]:
    wanted = api.attachments(form.form_id)
    plan = attachments.plan(wanted, package.media)
    there = {each.name for each in wanted if each.exists}
    return (
        *(
            f"{media.name} on the server is another file than yours"
            if media.name in there
            else f"{media.name} is not on the server"
            for media in plan.send
        ),
        *(f"{name} is read by the live form, and is not there" for name in plan.missing),
        *(f"{name} is not read by the live form" for name in plan.unread),
    )


def _standing(package: Package, form: FormVersion) -> tuple[str, ...]:
    said = []
    if form.state != "open":
        said.append(f"the form is {form.state}: it takes no new records")
    if package.encrypted and not form.key:
        said.append("records should be encrypted, and the live form has no key")
    return tuple(said)
