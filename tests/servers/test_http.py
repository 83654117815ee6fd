"""Requests: what is repeated, what never is, where a login never goes, and what people read when it fails."""

from __future__ import annotations

import pytest
from loopback import HTML_502, Asked, Fault, Given, running

from pimforms.servers import http
from pimforms.servers.http import Http, checked_address
from pimforms.servers.secret import Secret
from pimforms.servers.trouble import REFUSED, UNREACHABLE, ServerTrouble

SECRET = Secret("very-secret-0123456789")


def echo(asked: Asked) -> Given:
    """Answers with what it was asked; sends /moved on to another server."""
    if asked.path == "/moved":
        return Given(301, {}, {"Location": "https://elsewhere.example/assets/"})
    if asked.path == "/refused":
        return Given(400, {"detail": f"bad token {asked.headers['Authorization']}"})
    return Given(200, {"path": asked.path, "authorization": asked.headers.get("Authorization", "")})


@pytest.fixture
def server():
    with running(echo) as loopback:
        yield loopback


def client(server) -> Http:
    return Http(server.address, SECRET, lambda secret: f"Token {secret.value}", backoff=0)


def test_the_login_goes_in_one_header(server) -> None:
    assert client(server).get("/a").json == {"path": "/a", "authorization": "Token very-secret-0123456789"}


def test_a_netrc_does_not_put_another_login_in_its_place(server, tmp_path, monkeypatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password else\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    assert client(server).get("/a").json["authorization"] == "Token very-secret-0123456789"


@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "truncated"])
def test_a_question_is_asked_again_when_the_answer_breaks_off(server, kind: str) -> None:
    server.faults.append(Fault(kind, "GET"))
    assert client(server).get("/a").json["path"] == "/a"
    assert len(server.asked("GET")) == 2


@pytest.mark.parametrize("answer", [HTML_502, Given(429, {"detail": "slow down"}, {"Retry-After": "0"})])
def test_a_question_is_asked_again_when_the_server_is_busy(server, answer: Given) -> None:
    server.faults.append(Fault("instead", "GET", times=2, answer=answer))
    assert client(server).get("/a").ok
    assert len(server.asked("GET")) == 3


def test_a_busy_server_is_left_alone_in_the_end(server) -> None:
    server.faults.append(Fault("instead", "GET", times=99))
    answer = client(server).get("/a")
    assert answer.status == 502
    trouble = http.busy(answer, "kobo.example")
    assert trouble is not None
    assert trouble.code == UNREACHABLE
    assert "<html>" not in trouble.message


@pytest.mark.parametrize("kind", ["cut_before", "cut_after"])
def test_what_changes_something_is_sent_once_and_the_doubt_is_said(server, kind: str) -> None:
    server.faults.append(Fault(kind, "POST"))
    with pytest.raises(ServerTrouble) as caught:
        client(server).send("POST", "/a", json={})
    assert caught.value.unsure
    assert caught.value.code == UNREACHABLE
    assert len(server.asked("POST")) == 1


def test_silence_ends_after_the_time_limit(server) -> None:
    server.faults.append(Fault("silence", "POST", seconds=0.6))
    with pytest.raises(ServerTrouble, match="too long") as caught:
        client(server).send("POST", "/a", json={}, seconds=0.2)
    assert caught.value.unsure


def test_nothing_was_sent_where_nobody_listens() -> None:
    with running(echo) as gone:
        pass
    with pytest.raises(ServerTrouble, match="was not reached") as caught:
        client(gone).send("POST", "/a", json={})
    assert not caught.value.unsure
    assert caught.value.code == UNREACHABLE


def test_a_redirect_is_not_followed(server) -> None:
    for method in ("GET", "POST"):
        with pytest.raises(ServerTrouble, match=r"elsewhere\.example; your login was not sent there") as caught:
            client(server)._once(method, "/moved", 5.0)
        assert caught.value.code == REFUSED


def test_a_file_is_fetched_from_another_provider_without_the_login(server) -> None:
    def provider(asked: Asked) -> Given:
        return Given(200, {"told": "Authorization" in asked.headers})

    with running(provider) as other:
        moved = Given(307, b"", {"Location": f"{other.address}/abc?signature=k"})
        server.faults.append(Fault("instead", "GET", "/file", times=9, answer=moved))
        assert client(server).file("/file").json == {"told": False}
    with pytest.raises(ServerTrouble, match="your login was not sent there") as caught:  # the other one is gone
        client(server).file("/file")
    assert "signature" not in caught.value.message + caught.value.fix


def test_no_proxy_gets_a_login_for_this_computer(server, monkeypatch) -> None:
    with running(echo) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.address)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        assert client(server).get("/a").json["path"] == "/a"
        assert proxy.log == []


@pytest.mark.parametrize("pasted", ["\ufefftoken", "tok\u2026en", "to\nken"])
def test_a_login_with_signs_that_cannot_be_sent_is_said(server, pasted: str) -> None:
    with pytest.raises(ServerTrouble, match="no login has") as caught:
        Http(server.address, Secret(pasted), lambda secret: f"Token {secret.value}").get("/a")
    assert pasted not in caught.value.message + caught.value.fix
    assert server.log == []


def test_a_long_message_is_cut_behind_the_secret_was_taken_out(server) -> None:
    answer = Given(400, {"detail": "x" * 290 + SECRET.value})
    server.faults.append(Fault("instead", "GET", answer=answer))
    assert SECRET.value[:6] not in client(server).get("/a").words


def test_a_secret_that_a_server_sends_back_is_not_shown(server) -> None:
    answer = client(server).get("/refused")
    assert answer.words == "bad token Token •••"
    assert SECRET.value not in repr(SECRET) + str(SECRET)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("http://kobo.example", "without encryption"),
        ("ftp://kobo.example", "not the address"),
        ("kobo.example", "not the address"),
        ("https://me:secret@kobo.example", "holds a login"),
        ("http://localhost.example", "without encryption"),
        ("me:secret@kobo.example", "holds a login"),
        ("https://odk.rel\u0131ef.example", "not the address"),  # would have the variable of odk.relief.example
        ("https://odk.co\\example.org", "not the address"),  # would be sent to odk.co
        ("https://odk_example.org", "not the address"),  # would have the variable of odk.example.org
        ("https://[::1", "not the address"),
    ],
)
def test_addresses_that_are_not_used(address: str, says: str) -> None:
    with pytest.raises(ServerTrouble, match=says) as caught:
        checked_address(address)
    assert "me:secret" not in caught.value.message + caught.value.fix


@pytest.mark.parametrize(
    "address", ["https://eu.kobotoolbox.org/", "http://127.0.0.1:8000", "http://[::1]:8000", "http://localhost"]
)
def test_addresses_that_are(address: str) -> None:
    assert checked_address(address) == address.rstrip("/")
