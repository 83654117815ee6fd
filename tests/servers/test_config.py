"""Servers by name, and secrets that belong to a host: what is read, what is refused, what is never said."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import ClassVar

import pytest

from pimforms.servers import safe
from pimforms.servers.config import add_server, read_settings, user_file
from pimforms.servers.secret import Secret
from pimforms.servers.trouble import ServerTrouble

OFFICE = {"kind": "kobo", "url": "https://eu.kobotoolbox.org"}


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PIMFORMS_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("PIMFORMS_NO_KEYRING", "1")
    return tmp_path


def project(folder: Path, text: str) -> Path:
    (folder / "forms").mkdir(exist_ok=True)
    (folder / "pimforms.toml").write_text(text, encoding="utf-8")
    return folder / "forms"


def test_a_server_is_added_once_and_read_back(tmp_path: Path) -> None:
    add_server("office", OFFICE)
    add_server("camp", {**OFFICE, "kind": "central", "project": 'number "7"'})
    settings = read_settings(tmp_path)
    assert settings.server("office").host == "eu.kobotoolbox.org"
    assert settings.server("camp").project == 'number "7"'
    with pytest.raises(ServerTrouble, match="already"):
        add_server("office", OFFICE)


def test_a_note_in_the_file_survives(tmp_path: Path) -> None:
    user_file().parent.mkdir(parents=True)
    user_file().write_text("# the desk of Amina\n", encoding="utf-8")
    add_server("office", OFFICE)
    assert user_file().read_text(encoding="utf-8").startswith("# the desk of Amina\n\n[servers.office]\n")


def test_a_project_adds_to_what_the_user_wrote(tmp_path: Path) -> None:
    add_server("office", OFFICE)
    forms = project(tmp_path, '[servers.office]\naccount = "organisation"\n[servers.office.roles]\ndpo = ["amina"]\n'
                              '[project]\nallowed = ["EU.kobotoolbox.org"]\ncountry = ["som"]\n')  # fmt: skip
    settings = read_settings(forms)
    office = settings.server("office")
    assert (office.url, office.account, office.roles) == (OFFICE["url"], "organisation", {"dpo": ("amina",)})
    assert (settings.project.allowed, settings.project.country) == (("eu.kobotoolbox.org",), ("SOM",))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[servers.a]\nurl = 'https://x.example'", "has no `kind`"),
        ("[servers.a]\nkind = 'odk'\nurl = 'https://x.example'", "no kind of server"),
        ("[servers.a]\nkind = 'kobo'\nurl = 'http://x.example'", "without encryption"),
        ("[servers.a]\nkind = 'kobo'\nurl = 'https://me:pw@x.example'", "holds a login"),
        ("[servers.a]\nkind = 'kobo'\nurl = 'https://x.example'\ntoken = 'abc'", "holds a secret"),
        ("[servers.a]\nkind = 'kobo'\nurl = 'https://x.example'\nprojekt = '7'", "nobody knows `projekt`"),
        ("[servers.a]\nkind = 'kobo'\nurl = 'https://x.example'\nroles = {dpo = 'amina'}", "not a list"),
        ("[servers.a]\nkind = 'kobo'\nurl = 7", "not a text"),
        ("[project]\npilot_records = 'many'", "not written as it should be"),
        ("[project]\nsektor = 'x'", "nobody knows `sektor`"),
        ("servers = 1", "not a section"),
        ("[servers.a", "pimforms.toml"),
    ],
)
def test_a_wrong_line_is_said_with_its_file_and_a_fix(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ServerTrouble, match=says) as caught:
        read_settings(project(tmp_path, text))
    assert "pimforms.toml" in caught.value.message
    assert caught.value.fix
    assert caught.value.code == 2
    assert "me:pw" not in caught.value.message
    assert "abc" not in caught.value.message


def test_a_server_that_nobody_described(tmp_path: Path) -> None:
    with pytest.raises(ServerTrouble, match="no server `camp`") as caught:
        read_settings(tmp_path).server("camp")
    assert "pimforms servers add camp" in caught.value.fix


def entry(tmp_path: Path, url: str = "https://eu.kobotoolbox.org"):
    return read_settings(project(tmp_path, f'[servers.office]\nkind = "kobo"\nurl = "{url}"')).server("office")


def test_a_secret_is_kept_for_a_host_and_for_no_other(tmp_path: Path) -> None:
    safe.keep_secret(entry(tmp_path), Secret("first"))
    assert safe.find_secret(entry(tmp_path)) == Secret("first")
    assert safe.find_secret(entry(tmp_path, "https://elsewhere.example")) is None


def test_the_environment_names_the_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = entry(tmp_path, "https://kobo-1.example:8443")
    assert safe.variable_for(office) == "PIMFORMS_SECRET_KOBO__1_EXAMPLE_8443"
    monkeypatch.setenv(safe.variable_for(office), " from-ci \n")
    assert safe.find_secret(office) == Secret("from-ci")


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps a user's folder to the user by itself")
def test_the_file_of_secrets_is_for_its_owner_alone(tmp_path: Path) -> None:
    safe.keep_secret(entry(tmp_path), Secret("first"))
    assert safe.secrets_file().stat().st_mode & 0o777 == 0o600
    safe.secrets_file().chmod(0o644)
    with pytest.raises(ServerTrouble, match="others can read") as caught:
        safe.find_secret(entry(tmp_path))
    assert "chmod 600" in caught.value.fix


def test_a_safe_of_the_system_is_preferred(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Safe:
        kept: ClassVar[dict[tuple[str, str], str]] = {}

        def get_password(self, service: str, account: str) -> str | None:
            return self.kept.get((service, account))

        def set_password(self, service: str, account: str, secret: str) -> None:
            self.kept[service, account] = secret

    monkeypatch.setattr(safe, "_keyring", Safe)
    assert "keyring" in safe.keep_secret(entry(tmp_path), Secret("first"))
    assert Safe.kept == {("pimforms", "token@eu.kobotoolbox.org"): "first"}
    assert not safe.secrets_file().exists()
    assert safe.find_secret(entry(tmp_path)) == Secret("first")


def test_a_broken_file_of_secrets_is_no_traceback(tmp_path: Path) -> None:
    safe.keep_secret(entry(tmp_path), Secret("first"))
    safe.secrets_file().write_text("{", encoding="utf-8")
    with pytest.raises(ServerTrouble, match="cannot be read"):
        safe.find_secret(entry(tmp_path))
    safe.secrets_file().write_text(json.dumps(["x"]), encoding="utf-8")
    assert safe.find_secret(entry(tmp_path)) is None


def test_who_has_the_settings_of_pyodk_need_not_write_them_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "pyodk.toml"
    file.write_text(
        '[central]\nbase_url = "https://odk.example"\nusername = "robot@odk.example"\npassword = "first"\ndefault_project_id = 7\n',
        encoding="utf-8",
    )
    monkeypatch.setenv("PYODK_CONFIG_FILE", str(file))
    robot = read_settings(tmp_path).server("pyodk")
    assert (robot.kind, robot.host, robot.username, robot.project) == (
        "central",
        "odk.example",
        "robot@odk.example",
        "7",
    )
    assert safe.find_secret(robot) == Secret("first")


def test_a_project_that_calls_its_server_pyodk_does_not_get_that_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "pyodk.toml"
    file.write_text(
        '[central]\nbase_url = "https://odk.example"\nusername = "robot@odk.example"\npassword = "first"\n',
        encoding="utf-8",
    )
    monkeypatch.setenv("PYODK_CONFIG_FILE", str(file))
    forms = project(tmp_path, '[servers.pyodk]\nkind = "central"\nurl = "https://elsewhere.example"\n')
    assert safe.find_secret(read_settings(forms).server("pyodk")) is None
