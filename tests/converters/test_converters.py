"""Every compiled workbook is taken by the pyxform of KoboToolbox, of ODK Central and the newest, and by ODK Validate.

Everything that compiles is compiled once, and converted once by each pyxform, in one process of its own environment.
"""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest
from compiled_forms import compile_all
from environments import SECONDS, VERSIONS, NoEnvironment, python_of

from pimforms.xlsform.gate import NOT_SAID, find_java, find_validator, run_validator

HERE = Path(__file__).parent
_XFORMS = "{http://www.w3.org/2002/xforms}"


@dataclass(frozen=True)
class Conversion:
    """What one pyxform made of one workbook. `xform` is there if `error` is None."""

    form: str
    pyxform: str
    warnings: tuple[str, ...]
    error: str | None
    xform: Path


@pytest.fixture(scope="session")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The workbook of each form, by name."""
    return compile_all(tmp_path_factory.mktemp("workbooks"))


@pytest.fixture(scope="session", params=list(VERSIONS))
def conversions(
    request: pytest.FixtureRequest, workbooks: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Conversion, ...]:
    """Every workbook through one pyxform, in one process."""
    version: str = request.param
    python, missing = None, ""
    try:
        python = python_of(version)
    except NoEnvironment as error:
        missing = str(error)
    if python is None:
        pytest.fail(missing, pytrace=False)
    out = tmp_path_factory.mktemp(f"xforms-{version}")
    wanted = {str(path): str(out / f"{name}.xml") for name, path in workbooks.items()}
    done = subprocess.run(
        [str(python), str(HERE / "worker.py")],
        input=json.dumps(wanted),
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"pyxform {version} stopped:\n{done.stderr[-3000:]}"
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    names = {str(path): name for name, path in workbooks.items()}
    return tuple(
        Conversion(
            names[line["workbook"]],
            line["pyxform"],
            tuple(line["warnings"]),
            line["error"],
            Path(wanted[line["workbook"]]),
        )
        for line in lines
    )


def test_every_workbook_is_converted(conversions: tuple[Conversion, ...], workbooks: dict[str, Path]) -> None:
    assert {each.form for each in conversions} == set(workbooks)
    assert {each.form: each.error for each in conversions if each.error} == {}


def test_no_converter_warns(conversions: tuple[Conversion, ...]) -> None:
    said = {each.form: [w for w in each.warnings if not any(part in w for part in NOT_SAID)] for each in conversions}
    assert {form: warnings for form, warnings in said.items() if warnings} == {}


def test_xforms_are_well_formed_with_their_namespaces_and_bind_each_node_once(
    conversions: tuple[Conversion, ...],
) -> None:
    twice = {}
    for each in conversions:
        tree = ElementTree.parse(each.xform)  # fails on an undeclared prefix and on a name such as $kuid
        binds = Counter(bind.get("nodeset") for bind in tree.iter(f"{_XFORMS}bind"))
        names = [node for node, times in binds.items() if times > 1]
        if names:
            twice[each.form] = names
    assert twice == {}


def test_every_language_has_every_text(conversions: tuple[Conversion, ...]) -> None:
    """pyxform writes `-` where a translation is missing; the phone then shows a dash."""
    dashes = {}
    for each in conversions:
        values = ElementTree.parse(each.xform).iter(f"{_XFORMS}value")
        found = sum(1 for value in values if "".join(value.itertext()).strip() == "-")
        if found:
            dashes[each.form] = found
    assert dashes == {}


def test_odk_validate_takes_every_xform(conversions: tuple[Conversion, ...]) -> None:
    java, jar = find_java(), find_validator()
    if java is None or jar is None:
        pytest.fail("no Java or no ODK Validate; both come with the extra `dev`", pytrace=False)
    xforms = [each.xform for each in conversions]
    code, output = run_validator(java, jar, xforms, SECONDS)
    assert code == 0, output[-6000:]
    assert output.count("Xform is valid") == len(xforms)
