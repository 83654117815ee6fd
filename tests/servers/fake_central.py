"""An ODK Central on this computer, which answers as the recorded exchanges do. Each answer names the one it is shaped after.

Not recorded, and therefore made from the nearest exchange: a session that begins (I08), the list of projects (A01), an
assignment with its actor (B25), the answer 304 of a workbook (F-loop, where a push that changes nothing is recorded).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import fake_central_files as files
import fake_central_forms as forms
from central_books import problem
from central_state import ROLES, Actor, Project, State
from loopback import Asked, Given

ADMIN, PASSWORD = "admin@example.org", "correct-horse-battery-42"
NOT_FOUND = problem(404, 404.1, "Could not find the resource you were looking for.", "A35-missing-form")
NO_LOGIN = problem(401, 401.2, "Could not authenticate with the provided credentials.", "A38-bad-token")
NO_RIGHT = problem(
    403, 403.1, "The authentication you provided does not have rights to perform that action.", "C30-push-as-viewer"
)
PYXFORM_DOWN = problem(
    502, 502.2, "The XLSForm conversion service could not be contacted.", "G11-pyxform-down-502.2",
    {"error": {"errno": -111, "code": "ECONNREFUSED", "syscall": "connect", "address": "127.0.0.1", "port": 55001}},
)  # fmt: skip


class FakeCentral:
    """Call it with a request. `state` is what it remembers; `single_sign_on` takes the login by password away."""

    def __init__(self) -> None:
        self.state = State()
        self.state.user(ADMIN, PASSWORD, administrator=True)
        self.state.project("pimforms-test")
        self.single_sign_on = False
        self.pyxform_down = False

    @property
    def admin(self) -> Actor:
        return self.state.actors[1]

    @property
    def project(self) -> Project:
        """The first project."""
        return self.state.projects[1]

    def manager(self, email: str = "ci@example.org") -> Actor:
        """A web user who manages the first project."""
        user = self.state.user(email, PASSWORD)
        self.project.assigned.append((user.number, 5))
        return user

    def end_sessions(self) -> None:
        """As an administrator does who changes a password."""
        self.state.sessions.clear()

    def __call__(self, asked: Asked) -> Given:
        for method, pattern, answer in _ROUTES:
            found = re.fullmatch(pattern, asked.path)
            if found and method == asked.method:
                return answer(self, asked, *(unquote(part) for part in found.groups()))
        for method, pattern, verb, handle in _FORM_ROUTES:
            found = re.fullmatch(pattern, asked.path)
            if found and method == asked.method:
                number, *parts = [unquote(part or "") for part in found.groups()]
                place = self.place(asked, number, verb)
                return place if isinstance(place, Given) else handle(self, asked, *place, *parts)
        return NOT_FOUND

    def who(self, asked: Asked) -> Actor | None:
        token = asked.headers.get("Authorization", "").removeprefix("Bearer ")
        number = self.state.sessions.get(token)
        return None if number is None else self.state.actors[number]

    def place(self, asked: Asked, number: str, verb: str) -> tuple[Actor, Project] | Given:
        """Who it is, whether there is such a project, and whether they may: in this order, as Central does."""
        who = self.who(asked)
        if who is None:
            return NO_LOGIN
        project = self.state.projects.get(int(number))
        if project is None:
            return NOT_FOUND
        return (who, project) if verb in self.state.verbs(who, project) else NO_RIGHT


def _sign_in(fake: FakeCentral, asked: Asked) -> Given:
    if fake.single_sign_on:
        return NOT_FOUND
    given = asked.json
    users = fake.state.actors.values()
    who = next((user for user in users if user.email and user.email == given.get("email")), None)
    if who is None or who.password != given.get("password"):
        return problem(401, 401.2, "Could not authenticate with the provided credentials.", "A40-bad-login")
    token = fake.state.secret("session")
    fake.state.sessions[token] = who.number
    body = {
        "token": token, "csrf": fake.state.secret("csrf"),
        "expiresAt": fake.state.now(fake.state.lives), "createdAt": fake.state.now(),
    }  # fmt: skip
    return Given(200, body, source="I08-sessions-delete-current")


def _sign_out(fake: FakeCentral, asked: Asked, token: str) -> Given:
    if fake.who(asked) is None:
        return NO_LOGIN
    mine = asked.headers["Authorization"].removeprefix("Bearer ")
    fake.state.sessions.pop(mine if token == "current" else token, None)
    for actor in fake.state.actors.values():
        if actor.token == token:
            actor.token = None
    return Given(200, {"success": True}, source="C16-publink-revoke")


def _restore(fake: FakeCentral, asked: Asked) -> Given:
    if fake.who(asked) is None:
        return NO_LOGIN
    body = {"createdAt": fake.state.now(), "expiresAt": fake.state.now(fake.state.lives)}
    return Given(200, body, source="I08-sessions-delete-current")


def _me(fake: FakeCentral, asked: Asked) -> Given:
    who = fake.who(asked)
    if asked.headers.get("Authorization", "").startswith("Basic "):
        return problem(401, 401.3, "This authentication method is only available over HTTPS", "C37-basic-over-http")
    if who is None:
        return NO_LOGIN
    return Given(200, {"email": who.email, "lastLoginAt": None} | who.json, source="C38-basic-xfp-https")


def _make_user(fake: FakeCentral, asked: Asked) -> Given:
    who = fake.who(asked)
    if who is None or "user.create" not in fake.state.verbs(who, None):
        return NO_LOGIN if who is None else NO_RIGHT
    user = fake.state.user(asked.json["email"], asked.json["password"])
    return Given(200, {"email": user.email, "lastLoginAt": None} | user.json, source="C28-user-create")


def project_json(project: Project) -> dict[str, Any]:
    return {
        "id": project.number, "name": project.name, "description": None, "archived": None, "keyId": project.key,
        "createdAt": project.created, "updatedAt": None, "deletedAt": None,
    }  # fmt: skip


def _projects(fake: FakeCentral, asked: Asked) -> Given:
    who = fake.who(asked)
    if who is None:
        return NO_LOGIN
    seen = [each for each in fake.state.projects.values() if "project.read" in fake.state.verbs(who, each)]
    return Given(200, [project_json(each) for each in seen], source="A01-project")


def _make_project(fake: FakeCentral, asked: Asked) -> Given:
    who = fake.who(asked)
    if who is None or "project.create" not in fake.state.verbs(who, None):
        return NO_LOGIN if who is None else NO_RIGHT
    made = fake.state.project(asked.json["name"])
    return Given(200, project_json(made) | {"acteeId": fake.state.secret("actee")}, source="D01-project-new")


def _project(fake: FakeCentral, asked: Asked, who: Actor, project: Project) -> Given:
    if asked.headers.get("X-Extended-Metadata") != "true":
        return Given(200, project_json(project), source="A01-project")
    more = {
        "verbs": fake.state.verbs(who, project), "forms": len(project.forms), "appUsers": len(project.app_users),
        "datasets": len(project.datasets), "lastSubmission": None, "lastEntity": None,
    }  # fmt: skip
    return Given(200, project_json(project) | more, source="C35-verbs-manager")


def _roles(fake: FakeCentral, asked: Asked) -> Given:
    return Given(200, list(ROLES), source="C10-roles")


def _administrators(fake: FakeCentral, asked: Asked) -> Given:
    who = fake.who(asked)
    if who is None or who.number not in fake.state.administrators:
        return NO_LOGIN if who is None else NO_RIGHT
    return _assigned(fake, asked, [(number, 1) for number in sorted(fake.state.administrators)])


def _assigned(fake: FakeCentral, asked: Asked, given: list[tuple[int, int]]) -> Given:
    extended = asked.headers.get("X-Extended-Metadata") == "true"
    body = [
        {"actor": fake.state.actors[number].json, "roleId": role} if extended else {"actorId": number, "roleId": role}
        for number, role in given
    ]
    return Given(200, body, source="B25-assignments")


def _project_assignments(fake: FakeCentral, asked: Asked, who: Actor, project: Project) -> Given:
    return _assigned(fake, asked, project.assigned)


def _form_assignments(fake: FakeCentral, asked: Asked, who: Actor, project: Project, form_id: str) -> Given:
    form = project.form(form_id)
    return NOT_FOUND if form is None else _assigned(fake, asked, form.assigned)


def _role(name: str) -> int:
    return next(int(role["id"]) for role in ROLES if name in (role["system"], str(role["id"])))


def _assign(
    fake: FakeCentral, asked: Asked, who: Actor, project: Project, form_id: str | None, role: str, actor: str
) -> Given:
    form = project.form(form_id) if form_id is not None else None
    if form_id is not None and form is None:
        return NOT_FOUND
    given = project.assigned if form is None else form.assigned
    pair = (int(actor), _role(role))
    if pair in given:
        values = [str(pair[0]), str(pair[1]), "7d8a2d42-d0ff-476a-b163-9b697c519e94"]
        return problem(
            409, 409.3, f"A resource already exists with actorId,roleId,acteeId value(s) of {','.join(values)}.",
            "B24-assign-app-user-again",
            {"fields": ["actorId", "roleId", "acteeId"], "values": values, "table": "assignments"},
        )  # fmt: skip
    given.append(pair)
    return Given(200, {"success": True}, source="B23-assign-app-user")


def _assign_project(fake: FakeCentral, asked: Asked, who: Actor, project: Project, role: str, actor: str) -> Given:
    return _assign(fake, asked, who, project, None, role, actor)


def _unassign_project(fake: FakeCentral, asked: Asked, who: Actor, project: Project, role: str, actor: str) -> Given:
    pair = (int(actor), _role(role))
    if pair not in project.assigned:
        return NOT_FOUND
    project.assigned.remove(pair)
    return Given(200, {"success": True}, source="C32-unassign-viewer")


def _unassign(
    fake: FakeCentral, asked: Asked, who: Actor, project: Project, form_id: str, role: str, actor: str
) -> Given:
    form, pair = project.form(form_id), (int(actor), _role(role))
    if form is None or pair not in form.assigned:
        return NOT_FOUND
    form.assigned.remove(pair)
    return Given(200, {"success": True}, source="C36-unassign-manager")


def _app_user_json(project: Project, user: Actor) -> dict[str, Any]:
    return {"projectId": project.number} | user.json | {"token": user.token}


def _app_users(fake: FakeCentral, asked: Asked, who: Actor, project: Project) -> Given:
    return Given(200, [_app_user_json(project, user) for user in project.app_users], source="B20-app-users")


def _make_app_user(fake: FakeCentral, asked: Asked, who: Actor, project: Project) -> Given:
    user = fake.state.actor("field_key", asked.json["displayName"], token=fake.state.secret("app"))
    project.app_users.append(user)
    return Given(200, _app_user_json(project, user), source="B20-app-users")


def _link_json(link: Actor) -> dict[str, Any]:
    return {"once": link.once} | link.json | {"token": link.token}


def _links(fake: FakeCentral, asked: Asked, who: Actor, project: Project, form_id: str) -> Given:
    form = project.form(form_id)
    if form is None:
        return NOT_FOUND
    extended = asked.headers.get("X-Extended-Metadata") == "true"
    more = {"createdBy": who.json, "properties": None} if extended else {}
    return Given(200, [_link_json(link) | more for link in form.links], source="C15-publink-list")


def _make_link(fake: FakeCentral, asked: Asked, who: Actor, project: Project, form_id: str) -> Given:
    form = project.form(form_id)
    if form is None:
        return NOT_FOUND
    link = fake.state.actor(
        "public_link", asked.json["displayName"], token=fake.state.secret("link"), once=asked.json.get("once", False)
    )
    form.links.append(link)
    form.assigned.append((link.number, 9))
    more = {"csrf": fake.state.secret("csrf"), "expiresAt": "9999-12-31T23:59:59.000Z"}
    return Given(200, _link_json(link) | more, source="C11-publink-create")


_P = r"/v1/projects/(\d+)"
_F = _P + r"/forms/([^/]+?)"

_ROUTES: tuple[tuple[str, str, Callable[..., Given]], ...] = (
    ("POST", "/v1/sessions", _sign_in),
    ("DELETE", "/v1/sessions/(.+)", _sign_out),
    ("GET", "/v1/sessions/restore", _restore),
    ("GET", "/v1/users/current", _me),
    ("POST", "/v1/users", _make_user),
    ("GET", "/v1/projects", _projects),
    ("POST", "/v1/projects", _make_project),
    ("GET", "/v1/roles", _roles),
    ("GET", "/v1/assignments", _administrators),
    ("GET", r"/v1/test/([^/]+)/projects/(\d+)/forms/([^/]+)/draft/formList", files.test_list),
    ("POST", r"/v1/test/([^/]+)/projects/(\d+)/forms/([^/]+)/draft/submission", files.test_record),
)

_FORM_ROUTES: tuple[tuple[str, str, str, Callable[..., Given]], ...] = (
    ("GET", _P, "project.read", _project),
    ("POST", _P + "/key", "project.update", forms.encrypt),
    ("GET", _P + "/assignments", "assignment.list", _project_assignments),
    ("POST", _P + r"/assignments/([^/]+)/(\d+)", "assignment.create", _assign_project),
    ("DELETE", _P + r"/assignments/([^/]+)/(\d+)", "assignment.delete", _unassign_project),
    ("GET", _P + "/app-users", "field_key.list", _app_users),
    ("POST", _P + "/app-users", "field_key.create", _make_app_user),
    ("GET", _P + "/datasets", "dataset.list", forms.datasets),
    ("GET", _P + "/forms", "form.list", forms.listed),
    ("POST", _P + "/forms", "form.create", forms.create),
    ("GET", _F + r"(/draft)?\.(xlsx|xml)", "form.read", forms.definition),
    ("GET", _F + "/versions", "form.read", forms.versions),
    ("GET", _F + "(/draft)?/fields", "form.read", forms.fields),
    ("GET", _F + "/public-links", "public_link.list", _links),
    ("POST", _F + "/public-links", "public_link.create", _make_link),
    ("GET", _F + "/assignments", "assignment.list", _form_assignments),
    ("POST", _F + r"/assignments/([^/]+)/(\d+)", "assignment.create", _assign),
    ("DELETE", _F + r"/assignments/([^/]+)/(\d+)", "assignment.delete", _unassign),
    ("GET", _F + "/draft/dataset-diff", "form.read", forms.dataset_diff),
    ("POST", _F + "/draft/publish", "form.update", forms.publish),
    ("GET", _F + "(/draft)?/attachments", "form.read", files.attachments),
    ("GET", _F + "(/draft)?/attachments/([^/]+)", "form.read", files.attachment),
    ("POST", _F + "/draft/attachments/([^/]+)", "form.update", files.upload),
    ("PATCH", _F + "/draft/attachments/([^/]+)", "form.update", files.link),
    ("GET", _F + "/draft", "form.update", forms.draft),
    ("POST", _F + "/draft", "form.update", forms.redraft),
    ("DELETE", _F + "/draft", "form.update", forms.delete_draft),
    ("GET", _F, "form.read", forms.form),
    ("PATCH", _F, "form.update", forms.patch),
    ("DELETE", _F, "form.delete", forms.delete),
)
