"""Who can hear is asked about one moment: what was done about it then does not count in another."""

from __future__ import annotations

import pytest
from scenario_help import checked_text, run, said

from forms import HEAD
from pimforms.source import Source

FORM = f"""\
{HEAD.replace("{topic}", "services")}ask hurt yes_no "Were you hurt?"
  sensitivity high because "asked only in private"
"""
MOVED = """\
  given consent
  answer pim_priv_hurt adult
  answer pim_move_hurt moved
  answer pim_priv_again_hurt alone
  answer pim_go_hurt go
  answer hurt yes
  expect recorded hurt yes
  go back
"""
LATER = {
    "someone came back": """
  answer pim_priv_hurt alone
  expect recorded hurt yes
  go back
  answer pim_priv_hurt adult
  answer pim_move_hurt moved
  answer pim_priv_again_hurt adult
  expect asked pim_move_hurt, pim_priv_again_hurt
  expect not asked hurt
  expect not recorded hurt
""",
    "somebody else came": """
  answer pim_priv_hurt authority
  answer pim_move_hurt no
  expect not asked hurt, pim_priv_again_hurt
  expect not recorded hurt, pim_priv_again_hurt
""",
    "it was not moved but waited": """
  answer pim_move_hurt waited
  answer pim_priv_again_hurt unsure
  expect asked pim_priv_again_hurt
  expect not recorded hurt
""",
    "and then it is private": """
  answer pim_priv_hurt unsure
  answer pim_move_hurt waited
  answer pim_priv_again_hurt child
  expect recorded hurt yes
""",
}


@pytest.mark.parametrize("steps", LATER.values(), ids=LATER)
def test_a_look_around_counts_once(steps: str) -> None:
    text = f'scenario later "Later"\n{MOVED}{steps}end scenario\n'
    (result,) = run(checked_text(FORM), Source("talk.test.pim", text))
    assert said(list(result.diagnostics)) == ""
