"""What is said about expressions: PF201 to PF230, in the order of their codes."""

from __future__ import annotations

from pimforms.expressions.messages_kinds import (
    arithmetic_on_non_number,
    bad_key,
    bad_pattern,
    cannot_be_spoken,
    condition_where_value,
    default_does_not_fit,
    includes_on_one_choice,
    is_on_many_choice,
    kinds_do_not_compare,
    no_such_day,
    times_is_not_a_number,
    unknown_function,
    value_where_condition,
    wrong_argument,
)
from pimforms.expressions.messages_logic import always_holds, must_cannot_be_met, never_holds, too_deep, unchecked
from pimforms.expressions.messages_names import (
    answer_outside_must,
    calculation_cycle,
    code_not_in_list,
    nearest,
    not_a_repeat,
    not_an_answer,
    not_in_repeat,
    own_name_in_must,
    read_from_outside_repeat,
    some,
    unknown_name,
    used_before_asked,
    wrong_narrowing,
)

MESSAGES = (
    unknown_name,
    not_an_answer,
    code_not_in_list,
    used_before_asked,
    own_name_in_must,
    answer_outside_must,
    read_from_outside_repeat,
    not_a_repeat,
    not_in_repeat,
    calculation_cycle,
    wrong_narrowing,
    is_on_many_choice,
    includes_on_one_choice,
    kinds_do_not_compare,
    arithmetic_on_non_number,
    value_where_condition,
    condition_where_value,
    unknown_function,
    wrong_argument,
    bad_pattern,
    no_such_day,
    default_does_not_fit,
    times_is_not_a_number,
    bad_key,
    cannot_be_spoken,
    never_holds,
    always_holds,
    must_cannot_be_met,
    unchecked,
    too_deep,
)

__all__ = ["MESSAGES", "nearest", "some", *(message.__name__ for message in MESSAGES)]
