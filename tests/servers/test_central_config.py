"""The configuration file of pyodk, read so that people keep one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pimforms.servers.central.config import pyodk_config
from pimforms.servers.trouble import ServerTrouble

GOOD = """[central]
base_url = "https://central.example/"
username = "amal@example.org"
password = "very-secret"
default_project_id = 7
"""


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / ".pyodk_config.toml"
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_it_is_read(tmp_path: Path, encoding: str) -> None:
    found = pyodk_config(written(tmp_path, GOOD, encoding))
    assert (found.address, found.username, found.project) == ("https://central.example", "amal@example.org", "7")
    assert found.password.value == "very-secret"
    assert "very-secret" not in repr(found)


def test_the_project_may_be_left_out(tmp_path: Path) -> None:
    assert pyodk_config(written(tmp_path, GOOD.replace("default_project_id = 7", ""))).project is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD.replace("[central]", "[kobo]"), r"has no part \[central\]"),
        (GOOD.replace('password = "very-secret"', ""), "names no password"),
        (GOOD.replace('"very-secret"', "very-secret"), "is not TOML"),
        (GOOD.replace("= 7", "= true"), "is not a number"),
        (GOOD.replace("https://", "http://"), "without encryption"),
        (GOOD.replace("base_url", "url"), "names no base_url"),
    ],
)
def test_what_is_wrong_is_said_without_the_password(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ServerTrouble, match=says) as caught:
        pyodk_config(written(tmp_path, text))
    assert "very-secret" not in caught.value.message + caught.value.fix


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ServerTrouble, match="cannot be read"):
        pyodk_config(tmp_path / "none.toml")


def test_its_token_cache_is_never_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".pyodk_cache.toml").write_text('token = "of another server"\n', encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    opened: list[str] = []
    read = Path.read_text
    monkeypatch.setattr(Path, "read_text", lambda self, **more: opened.append(self.name) or read(self, **more))
    pyodk_config(written(tmp_path, GOOD))
    assert opened == [".pyodk_config.toml"]
