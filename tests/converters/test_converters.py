"""Every compiled workbook is taken by the pyxform of KoboToolbox, of ODK Central and the newest, and by ODK Validate."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from environments import SECONDS

from pimforms.xlsform.gate import find_java, find_validator, run_validator

Conversions = tuple  # of Conversion, see conftest
_XFORMS = "{http://www.w3.org/2002/xforms}"


def test_every_workbook_is_converted(conversions: Conversions, workbooks: dict[str, Path]) -> None:
    assert {each.form for each in conversions} == set(workbooks)
    assert {each.form: each.error for each in conversions if each.error} == {}


def test_no_converter_warns(conversions: Conversions) -> None:
    assert {each.form: each.warnings for each in conversions if each.warnings} == {}


def test_xforms_are_well_formed_with_their_namespaces_and_bind_each_node_once(conversions: Conversions) -> None:
    twice = {}
    for each in conversions:
        tree = ElementTree.parse(each.xform)  # fails on an undeclared prefix and on a name such as $kuid
        binds = Counter(bind.get("nodeset") for bind in tree.iter(f"{_XFORMS}bind"))
        names = [node for node, times in binds.items() if times > 1]
        if names:
            twice[each.form] = names
    assert twice == {}


def test_every_language_has_every_text(conversions: Conversions) -> None:
    """pyxform writes `-` where a translation is missing; the phone then shows a dash."""
    dashes = {}
    for each in conversions:
        values = ElementTree.parse(each.xform).iter(f"{_XFORMS}value")
        found = sum(1 for value in values if "".join(value.itertext()).strip() == "-")
        if found:
            dashes[each.form] = found
    assert dashes == {}


def test_odk_validate_takes_every_xform(conversions: Conversions) -> None:
    java, jar = find_java(), find_validator()
    if java is None or jar is None:
        pytest.fail("no Java or no ODK Validate; both come with the extra `dev`", pytrace=False)
    xforms = [each.xform for each in conversions]
    code, output = run_validator(java, jar, xforms, SECONDS)
    assert code == 0, output[-6000:]
    assert output.count("Xform is valid") == len(xforms)
