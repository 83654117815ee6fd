"""Forms of any size for the benchmarks: three languages inline, groups of 20, skip rules on most questions.

40 % one-choice and 10 % many-choice questions over n/10 lists of 8 choices, the rest numbers and texts. The head has no
sensitive topic, so that what is measured is the author's questions and not what the compiler adds.
"""

from __future__ import annotations

HEAD = """\
form big "Big form"
  organisation "Relief"
    fr: "Secours"
    ar: "إغاثة"
  category sectoral
  population "People in block C"
  contact "Desk, block C"
    fr: "Bureau, bloc C"
    ar: "المكتب، القطاع ج"
  languages en, fr, ar
  version "1"
  minutes at most 9999
purpose plan "Better services"
  topic services
  tell people "plan services"
    fr: "planifier les services"
    ar: "تخطيط الخدمات"
"""


def big_form(questions: int) -> str:
    """The text of a form with so many questions."""
    lists = max(1, questions // 10)
    lines = [HEAD]
    for number in range(lists):
        lines.append(f"choices list{number}")
        for choice in range(8):
            lines.append(f'  c{choice} "Choice {choice} of list {number}"')
            lines.append(f'    fr: "Choix {choice} de la liste {number}"')
            lines.append(f'    ar: "الخيار {choice} من القائمة {number}"')
        lines.append("end choices")
    gate = ""
    for number in range(questions):
        turn = number % 10
        if number % 20 == 0:
            if number:
                lines.append("end group")
            group = number // 20
            lines += [f'group g{group} "Group {group}"', f'  fr: "Groupe {group}"', f'  ar: "مجموعة {group}"']
            gate = ""
        # Every list is used: the choice questions take them in turn.
        listed = f"list{(number // 10 * 5 + turn) % lists}"
        kind = (
            f"one of {listed}" if turn < 4 else f"many of {listed}" if turn == 4 else "integer" if turn < 8 else "text"
        )
        lines.append(f'  ask q{number} {kind} "What about matter number {number} in this place?"')
        lines.append(f'    fr: "Qu\'en est-il de la question numéro {number} ici ?"')
        lines.append(f'    ar: "ماذا عن المسألة رقم {number} في هذا المكان؟"')
        if gate and turn != 0:
            lines.append(f"    when {gate} is one of c1, c2")
        if kind == "integer":
            lines.append("    must be at least 0 and at most 100")
            lines += [
                '      message "Between 0 and 100."',
                '        fr: "Entre 0 et 100."',
                '        ar: "بين 0 و100."',
            ]
        if turn == 0:
            gate = f"q{number}"
    lines.append("end group")
    return "\n".join(lines) + "\n"
