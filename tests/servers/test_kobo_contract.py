"""The fake KoboToolbox answers as the recorded one did: status and shape, exchange by exchange."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import recorded
from fake_kobo import FakeKobo
from kobo_packages import FULL, bench
from kobo_replay import Pair, Replay

from pimforms.servers.kobo import content

NOT_SENT = {
    r"^http://localhost:58000/|/token/": "what phones ask (OpenRosa), and how a token is got in a browser",
    r"\.xls$|\.xml$|/content/$|/valid_content/": "other ways to read the rows: the client reads versions",
    r"/asset_snapshots/|/hooks/|/paired-data/|/export-settings/|/data/": "a part of KoboToolbox that the client does not use",
    r"/minimal-list/|/assets/hash/|/assets/bulk/|/permissions/$|/permission-assignments/(clone|bulk)/$|q=asset_type:survey": (
        "a part of KoboToolbox that the client does not use"
    ),
}
"""Requests that are not sent to the fake, by their address, and why."""

NOT_REPLAYED = {
    "b050 b054 b058 b073 b089 b101": "found by pyxform and ODK Validate before anything is sent; five such refusals are imitated",
    "c005 c121": "refused before anything is sent: entities, and a type that is never written",
    "b077": "rows without a name, which are never written",
    "g060": "3 000 questions: the same as any import",
    "e067": "a page for people (Accept: text/html): the client always asks for JSON",
    "b069 c009 c089": "columns that are never written: a label without a language beside one with it, instance::",
    "e032": "after /bulk/, which is not used: it takes out everybody else",
    "b137 b138 g044 g045 g046 g047": "searches that the client does not make",
    "b010": "how an empty sheet is kept",
    "e064": "PUT: the client changes with PATCH only",
}
"""Imports (with what is asked about them) that are left out, and why."""

NOT_COMPARED = {
    **dict.fromkeys(
        ("report_styles", "report_custom", "map_styles", "map_custom", "advanced_features", "analysis_form_json"),
        "how the web pages draw a project",
    ),
    **dict.fromkeys(
        ("downloads", "embeds", "exports", "export_settings", "paired_data", "hooks_link", "xls_link", "xform_link",
         "deployment__data_download_links", "assignable_permissions", "gravatar", "social_accounts", "git_rev"),
        "addresses and lists that the client does not follow",
    ),
    **dict.fromkeys(("schema", "pim_meta"), "content that the client does not read"),
    "deployment__last_submission_time": "records are sent by phones, which are not imitated",
    **dict.fromkeys(
        ("first_name", "last_name", "email", "date_joined", "projects_url", "last_login", "accepted_tos", "extra_details__uid",
         "extra_details"),
        "of an account the client reads the name and the organisation",
    ),
}  # fmt: skip
"""Keys of answers that are not compared, and why."""

ONLY_READ = {"a005": ("sector_choices", "country_choices")}
"""Answers of which the client reads these keys alone."""

SAME = (
    "status", "error_type", "detail", "has_deployment", "deployment__active", "deployment__encrypted", "deployment_status",
    "asset_type", "active", "backend", "codename", "owner__username", "filename", "mimetype", "file_type", "description",
    "version_number", "lock_any", "select_from_list_name", "required", "translations",
)  # fmt: skip
"""Keys whose values are the same as the recorded ones, wherever they stand."""

WITHOUT_NUMBERS = {"b", "c"}
"""Series in which the workbook is made from what the server showed: another number of versions may have been before."""

pytestmark = recorded.needs_kobo


@pytest.fixture(scope="module")
def pairs() -> dict[str, Pair]:
    """Everything that can be replayed, in the order of the recording."""
    found: dict[str, Pair] = {}
    with bench(FakeKobo(waits=1)) as kobo:
        replay = Replay(kobo.loopback)
        for number in recorded.kobo():
            if left_out(number) is None:
                found[number] = replay.send(number)
    return found


def left_out(number: str) -> str | None:
    """Why an exchange is not replayed, None if it is."""
    exchange = recorded.kobo()[number]
    for pattern, why in NOT_SENT.items():
        if re.search(pattern, exchange["request"]["url"]) and "/files/" not in exchange["request"]["url"]:
            if exchange["request"]["method"] == "DELETE":
                continue
            return why
    for starts, why in NOT_REPLAYED.items():
        for start in starts.split():
            if start == number or belongs(number, start):
                return why
    return None


def belongs(number: str, start: str) -> bool:
    """The poll, the end and the deployment of an import stand directly behind it, under the same name."""
    name = recorded.kobo()[start]["id"].partition("_")[2].removesuffix("_import")
    return number[0] == start[0] and recorded.kobo()[number]["id"].partition("_")[2].startswith(f"{name}_")


def test_every_exchange_is_replayed_or_left_out_for_a_reason(pairs: dict[str, Pair]) -> None:
    counted = Counter("replayed" if number in pairs else "left out" for number in recorded.kobo())
    assert counted["replayed"] + counted["left out"] == len(recorded.kobo()) == 499
    assert counted["replayed"] >= 395
    kinds = {
        (pair.request["method"], re.sub(r"\b(a|i|v|p|af)[A-Za-z0-9]{20,22}\b", "ID", pair.request["url"]))
        for pair in pairs.values()
    }
    assert len(kinds) >= 30


def test_the_status_is_the_recorded_one(pairs: dict[str, Pair]) -> None:
    wrong = [
        (number, pair.real["status"], pair.status)
        for number, pair in pairs.items()
        if pair.status != pair.real["status"]
    ]
    assert wrong == []


def test_what_was_json_is_json_and_what_was_a_page_is_a_page(pairs: dict[str, Pair]) -> None:
    for number, pair in pairs.items():
        real = pair.real["headers"].get("Content-Type", "").partition(";")[0]
        assert pair.kind.partition(";")[0] == real, number


def test_the_json_has_the_keys_and_types_of_the_recorded(pairs: dict[str, Pair]) -> None:
    wrong = [
        f"{number}{each}"
        for number, pair in pairs.items()
        for each in differs(pair.real["body"], pair.body, only(number))
    ]
    assert wrong == []


def only(number: str) -> tuple[str, ...]:
    return ONLY_READ.get(number, ())


def differs(real: Any, fake: Any, only: tuple[str, ...] = (), path: str = "") -> Iterator[str]:
    """Where the recorded answer has something that the fake's has not, or of another type."""
    if isinstance(real, str) and not isinstance(fake, dict | list) and path == "":
        return  # a page, or a file
    if isinstance(real, dict) and isinstance(fake, dict):
        for key, value in real.items():
            if key in NOT_COMPARED or (only and key not in only):
                continue
            if key not in fake:
                yield f"{path}.{key}: missing"
            elif key in SAME and value != fake[key] and not isinstance(value, dict):
                yield f"{path}.{key}: {value!r}, but {fake[key]!r}"
            else:
                yield from differs(value, fake[key], (), f"{path}.{key}")
    elif isinstance(real, list) and isinstance(fake, list):
        if real and not fake:
            yield f"{path}: empty"
        for one, other in zip(in_order(real), in_order(fake), strict=False):
            yield from differs(one, other, (), f"{path}[]")
    elif kind(real) != kind(fake):
        yield f"{path}: {kind(real)}, but {kind(fake)}"


def in_order(values: list[Any]) -> list[Any]:
    """What a server lists in no order is compared by name."""
    named = all(isinstance(each, dict) and "codename" in each for each in values)
    return sorted(values, key=lambda each: each["codename"]) if named else values


def kind(value: Any) -> str:
    """null stands for nothing yet: it is compared where a value is expected, too."""
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def test_versions_move_when_the_recorded_ones_moved(pairs: dict[str, Pair]) -> None:
    """Which of two answers show the same version, which a new one, and whether the newest is live."""
    for series in ("a", "d", "e", "h"):
        real = [walk(pair.real["body"]) for number, pair in pairs.items() if number[0] == series]
        fake = [walk(pair.body) for number, pair in pairs.items() if number[0] == series]
        assert moved(real) == moved(fake), series


def walk(body: Any) -> tuple[str, str, Any, Any] | None:
    asset = body.get("asset", body) if isinstance(body, dict) else None
    if not isinstance(asset, dict) or "deployed_version_id" not in asset or "version__content_hash" not in asset:
        return None
    return asset["uid"], asset["version_id"], asset["deployed_version_id"], asset["version__content_hash"]


def moved(seen: list[Any]) -> list[Any]:
    """Names replaced by the order in which they are met."""
    met: dict[Any, int] = {}
    return [
        None if each is None else tuple(None if name is None else met.setdefault(name, len(met)) for name in each)
        for each in seen
    ]


def test_the_rows_come_back_as_the_recorded_ones(pairs: dict[str, Pair]) -> None:
    """A recorded content, made into a workbook by the client and read by the fake, is that content again."""
    compared = 0
    for number, pair in pairs.items():
        asset = pair.real["body"].get("asset", pair.real["body"]) if isinstance(pair.real["body"], dict) else {}
        if number[0] not in "abcdg" or "content" not in asset or not asset["content"].get("survey"):
            continue
        fake = pair.body.get("asset", pair.body)["content"]
        assert content.from_server(fake) == content.from_server(asset["content"]) or has_random_kuids(number), number
        one, other = content.from_server(fake), content.from_server(asset["content"])
        assert (one.survey, one.choices, one.settings, one.locks) == (
            other.survey,
            other.choices,
            other.settings,
            other.locks,
        ), number
        compared += 1
    assert compared >= 60


def has_random_kuids(number: str) -> bool:
    return not number.startswith("d")


def test_the_flat_rows_that_the_server_shows_itself_are_ours() -> None:
    """a023 is the server's own flat view of a026: both are read to the same rows."""
    flat, nested = recorded.body("a023")["data"], recorded.body("a026")["content"]
    ours = content.from_server(nested)
    theirs = content.Rows(
        tuple(content._cleaned({key: str(value) for key, value in row.items()}) for row in flat["survey"]),
        tuple(content._cleaned({key: str(value) for key, value in row.items()}) for row in flat["choices"]),
        ours.settings,
        ours.kuids,
    )
    assert theirs == ours


def test_every_answer_of_the_fake_names_an_exchange_that_was_recorded() -> None:
    here = Path(__file__).parent
    named = set()
    for file in sorted(here.glob("fake_kobo*.py")):
        text = file.read_text(encoding="utf-8")
        named |= set(re.findall(r'"([a-h]\d{3})"', text))
    assert len(named) >= 40
    assert named <= recorded.kobo().keys()


def test_no_answer_is_given_without_a_source(pairs: dict[str, Pair]) -> None:
    with bench() as kobo:
        kobo.push(FULL)
        assert all(given is not None and given.source in recorded.kobo() for _, given in kobo.loopback.log)
