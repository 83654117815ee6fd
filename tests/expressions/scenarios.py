"""What expressions mean: forms, answers, and what every engine must make of them. `-` is what is not shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scenario:
    """`answers` are given in order; a path beginning with `+` adds a member to a repeat."""

    name: str
    text: str
    answers: tuple[tuple[str, str], ...]
    expected: dict[str, str]


NUMBERS = """
ask a integer "A"
ask b integer "B"
ask c decimal "C"
ask zero integer "Zero"
calculate plus = a + b
calculate twice = (a + 1) * 2
calculate order = a - (2 - 1) - 1
calculate share = a / (c - 0.5)
calculate by_zero = a / zero
calculate rest = a mod 3
calculate under = - a + 3
calculate nearest = round(c)
calculate least = smaller(a, c)
calculate least_blank = smaller(a, b)
calculate most = larger(a, 3)
calculate blank_below = b < 5
calculate blank_below_one = b + 1 < 5
calculate blank_is = b is 0
calculate blank_is_not = b is not 5
calculate sum_is_not = a + b is not 9
calculate a_is_not = a is not 5
calculate a_is_one_of = a is one of 4, 5
calculate not_over = not (b > 5)
calculate nothing = b is not answered
calculate chosen_value = a if b is answered otherwise c
calculate chosen_sum = (a if b is answered otherwise zero) + 1
calculate blank_chosen = (a if b is answered otherwise b) + 1
"""

TEXTS = """
ask t text "T"
ask blank text "Blank"
ask digits text "Digits"
ask s one "S"
  - x "X"
  - y "Y"
  - z "Z"
ask m many "M"
  - p "P"
  - q "Q"
  - r "R"
ask none_ticked many "N"
  - p "P"
  - q "Q"
calculate joined = join("it's ", t, " said ""yes"" ", digits)
calculate braces = join("$", "{t}")
calculate long = length(t)
calculate long_blank = length(blank)
calculate number_of = number(digits)
calculate number_of_word = number(t)
calculate number_of_blank = number(blank) + 1
calculate whole_match = t matches "[a-z]+"
calculate part_match = t matches "[a-c]+"
calculate or_match = t matches "ab|abcd"
calculate is_text = t is "abcd"
calculate is_not_text = blank is not "abcd"
calculate is_x = s is x
calculate is_x_or_y = s is one of x, y
calculate is_not_x = s is not x
calculate is_not_y = s is not y
calculate same = t is blank
calculate same_blank = blank is blank
calculate has_p = m includes p
calculate has_any = m includes any of p, r
calculate has_all = m includes all of p, q
calculate has_all_three = m includes all of p, q, r
calculate only_p = m includes only p
calculate only_pq = m includes only p, q
calculate only_pqr = m includes only p, q, r
calculate only_blank = none_ticked includes only p, q
calculate lacks_r = m does not include r
calculate lacks_p = m does not include p
calculate how_many = chosen(m)
calculate how_many_blank = chosen(none_ticked)
calculate code_of = s
calculate code_of_is = code_of is y
calculate truth = is_x is no
"""

DAYS = """
ask a date "A"
ask b date "B"
ask blank date "Blank"
ask moment datetime "Moment"
ask early time "Early"
ask late time "Late"
calculate before = a < b
calculate after_constant = a > 2025-12-31
calculate same_day = a is 2026-01-31
calculate other_day = a is not 2026-02-01
calculate blank_before = blank < b
calculate past = a <= today
calculate moment_past = moment < now
calculate years_ = years from a to b
calculate months_ = months from a to b
calculate weeks_ = weeks from a to b
calculate days_ = days from a to b
calculate days_back = days from b to a
calculate years_blank = years from blank to b
calculate grown = years from blank to b < 18
calculate moment_days = days from a to moment
calculate moment_years = years from a to moment
calculate year_of = year(a)
calculate month_of = month(a)
calculate copy = a
calculate copy_before = copy < b
calculate copy_days = days from copy to b
calculate copy_blank = blank
calculate copy_blank_before = copy_blank < b
calculate picked = blank if blank is answered otherwise a
calculate picked_days = days from picked to b
calculate fixed = 2026-05-01
calculate in_text = join("on ", a)
calculate copy_text = join("on ", copy, blank)
calculate earlier = early < late
calculate later = early > late
"""

HIDDEN = """
ask door yes_no "Door"
ask inside integer "Inside"
  when door is yes
ask deeper yes_no "Deeper"
  when inside > 3
group room "Room"
  when deeper is yes
  ask name text "Name"
  ask size integer "Size"
    when name is answered
end group
calculate read_inside = inside
calculate read_sum = inside + 1
calculate read_name = name
calculate read_text = join("<", name, ">")
calculate read_either = name if door is no otherwise "closed"
calculate is_deep = deeper is yes
calculate is_shallow = not (deeper is yes)
calculate big = size > 10 or door is no
calculate size_there = size is answered
calculate size_missing = size is not answered
ask seen yes_no "Seen"
  when size > 10
"""

REPEATS = """
ask bound integer "Bound"
ask extra yes_no "Extra"
repeat members "Members"
  ask age integer "Age"
  ask sex one "Sex"
    - f "F"
    - m "M"
  group more "More"
    when age < 18
    ask school yes_no "School"
    ask grade integer "Grade"
      when school is yes
    calculate number_inside = position()
  end group
  calculate number = position()
  calculate all_of_them = count of members
  calculate double = age * 2
  repeat visits "Visits"
    ask cost integer "Cost"
    calculate both = cost + age
  end repeat
  calculate visited = count of visits
  calculate paid = sum of cost in visits
end repeat
calculate everybody = count of members
calculate children = count of members where age < 18
calculate girls = count of members where age < 18 and sex is f
calculate under_bound = count of members where age < bound
calculate at_school = count of members where school is yes
calculate not_girls = count of members where not (age < 18 and sex is f)
calculate ages = sum of age in members
calculate ages_none = sum of age in members where age > 500
calculate grades = sum of grade in members
calculate girl_grades = sum of grade in members where sex is f
calculate oldest = largest of age in members
calculate youngest = smallest of age in members where sex is f
calculate oldest_none = largest of age in members where age > 500
calculate none_plus = oldest_none + 1
calculate ages_plus = ages_none + 1
calculate doubled = sum of double in members
calculate all_cost = sum of cost in visits
calculate dear_visits = count of visits where cost > age
calculate some = count of members where age < 18 > 0
calculate visited_members = count of members where visited > 0 and paid > 5
"""

SCENARIOS = (
    Scenario(
        "numbers",
        NUMBERS,
        (("a", "5"), ("c", "2.5"), ("zero", "0")),
        {
            "plus": "", "twice": "12", "order": "3", "share": "2.5", "by_zero": "", "rest": "2", "under": "-2",
            "nearest": "3", "least": "2.5", "least_blank": "", "most": "5", "blank_below": "no",
            "blank_below_one": "no", "blank_is": "no", "blank_is_not": "no", "sum_is_not": "no", "a_is_not": "no",
            "a_is_one_of": "yes", "not_over": "yes", "nothing": "yes", "chosen_value": "2.5", "chosen_sum": "1",
            "blank_chosen": "",
        },
    ),
    Scenario(
        "texts",
        TEXTS,
        (("t", "abcd"), ("digits", "12"), ("s", "y"), ("m", "p q")),
        {
            "joined": "it's abcd said \"yes\" 12", "braces": "${t}", "long": "4", "long_blank": "0", "number_of": "12",
            "number_of_word": "", "number_of_blank": "", "whole_match": "yes", "part_match": "no", "or_match": "yes",
            "is_text": "yes", "is_not_text": "no", "is_x": "no", "is_x_or_y": "yes", "is_not_x": "yes", "is_not_y": "no",
            "same": "no", "same_blank": "no", "has_p": "yes", "has_any": "yes", "has_all": "yes", "has_all_three": "no",
            "only_p": "no", "only_pq": "yes", "only_pqr": "yes", "only_blank": "no", "lacks_r": "yes", "lacks_p": "no",
            "how_many": "2", "how_many_blank": "0", "code_of": "y", "code_of_is": "yes", "truth": "yes",
        },
    ),
    Scenario(
        "days",
        DAYS,
        (
            ("a", "2026-01-31"), ("b", "2027-02-28"), ("moment", "2026-05-05T10:00:00.000+00:00"),
            ("early", "08:30:00.000+00:00"), ("late", "17:00:00.000+00:00"),
        ),
        {
            "before": "yes", "after_constant": "yes", "same_day": "yes", "other_day": "yes", "blank_before": "no",
            "past": "yes", "moment_past": "yes", "years_": "1", "months_": "12", "weeks_": "56", "days_": "393",
            "days_back": "-393", "years_blank": "", "grown": "no", "moment_days": "94", "moment_years": "0",
            "year_of": "2026", "month_of": "1", "copy": "2026-01-31", "copy_before": "yes", "copy_days": "393",
            "copy_blank": "", "copy_blank_before": "no", "picked": "2026-01-31", "picked_days": "393",
            "fixed": "2026-05-01", "in_text": "on 2026-01-31", "copy_text": "on 2026-01-31", "earlier": "yes",
            "later": "no",
        },
    ),
    Scenario(
        "hidden_open",
        HIDDEN,
        (("door", "yes"), ("inside", "5"), ("deeper", "yes"), ("room/name", "Hut"), ("room/size", "20")),
        {
            "read_inside": "5", "read_sum": "6", "read_name": "Hut", "read_text": "<Hut>", "read_either": "closed",
            "is_deep": "yes", "is_shallow": "no", "big": "yes", "size_there": "yes", "size_missing": "no", "seen": "",
        },
    ),
    Scenario(
        "hidden_closed",
        HIDDEN,
        (
            ("door", "yes"), ("inside", "5"), ("deeper", "yes"), ("room/name", "Hut"), ("room/size", "20"),
            ("door", "no"),
        ),
        {
            "read_inside": "", "read_sum": "", "read_name": "", "read_text": "<>", "read_either": "", "is_deep": "no",
            "is_shallow": "yes", "big": "yes", "size_there": "no", "size_missing": "yes", "seen": "-",
        },
    ),
    Scenario(
        "repeats",
        REPEATS,
        (
            ("bound", "12"), ("members[1]/age", "10"), ("members[1]/sex", "f"), ("members[1]/more/school", "yes"),
            ("members[1]/more/grade", "4"), ("members[1]/visits[1]/cost", "7"), ("+members", ""), ("members[2]/sex", "m"),
            ("+members", ""), ("members[3]/age", "40"), ("members[3]/sex", "f"), ("+members[3]/visits", ""),
            ("members[3]/visits[1]/cost", "50"),
        ),
        {
            "everybody": "3", "children": "1", "girls": "1", "under_bound": "1", "at_school": "1", "not_girls": "2",
            "ages": "50", "ages_none": "0", "grades": "4", "girl_grades": "4", "oldest": "40", "youngest": "10",
            "oldest_none": "", "none_plus": "", "ages_plus": "1", "doubled": "100", "all_cost": "57", "dear_visits": "1",
            "some": "yes", "visited_members": "2", "members[1]/number": "1", "members[3]/number": "3", "members[1]/more/number_inside": "1",
            "members[3]/more/number_inside": "-", "members[1]/all_of_them": "3", "members[3]/all_of_them": "3",
            "members[1]/double": "20", "members[2]/double": "",
            "members[1]/visits[1]/both": "17", "members[1]/visited": "1", "members[1]/paid": "7",
            "members[2]/paid": "0",
        },
    ),
    Scenario(
        "repeats_changed",
        REPEATS,
        (
            ("members[1]/age", "10"), ("members[1]/sex", "f"), ("members[1]/more/school", "yes"),
            ("members[1]/more/grade", "4"), ("members[1]/age", "30"),
        ),
        {"grades": "0", "girl_grades": "0", "at_school": "0", "children": "0", "oldest": "30"},
    ),
)  # fmt: skip
