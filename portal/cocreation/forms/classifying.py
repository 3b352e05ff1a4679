"""What a party answers about who decides what, and what owners write when they choose a type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.cocreation.actions.classifying import LONGEST
from portal.cocreation.typology import STEPS, Answers, Check
from portal.cocreation.typology_words import ANSWER_WORDS, CHECK_WORDS, STEP_WORDS, TYPES
from portal.kernel import fields
from portal.kernel.i18n import _l

YES, NO = "ja", "nei"
CHECKS = [each.value for each in CHECK_WORDS]


def _step(name: str) -> Any:
    words = STEP_WORDS[name]
    return fields.choice(words.question, enumerate(ANSWER_WORDS), radio=True, description=words.help, coerce=_whole)


def _check(check: Check) -> Any:
    return fields.choice(CHECK_WORDS[check].question, ((YES, _l("Ja")), (NO, _l("Nei"))), radio=True)


def _whole(value: Any) -> int | None:
    return int(value) if value is not None else None


class AnswerForm(fields.Form):
    """The four steps and the three checks."""

    problem = _step("problem")
    goals = _step("goals")
    design = _step("design")
    carry_out = _step("carry_out")
    goal_locked = _check(Check.GOAL_LOCKED)
    frame_locked = _check(Check.FRAME_LOCKED)
    could_end_elsewhere = _check(Check.COULD_END_ELSEWHERE)

    def answers(self) -> Answers:
        """Return what was answered; everything has been."""
        checks = {name: self[name].data == YES for name in CHECKS}
        return Answers(**{name: self[name].data for name in STEPS}, **checks)


class ChooseForm(fields.Form):
    """The owners' choice."""

    type = fields.choice(
        _l("Hva slags samskaping er dette?"), [(each.value, words.name) for each, words in TYPES.items()], radio=True
    )
    reason = fields.long_text(
        _l("Hvorfor?"),
        longest=LONGEST,
        optional=True,
        description=_l(
            "Alle kan lese det, sammen med tittelen din. Velger du det partene er enige om, kan det stå tomt."
        ),
    )


def told(values: Mapping[str, str]) -> dict[str, Any]:
    """Return those of some values, in an address or a form, that answer a question, as the form takes them."""
    steps = {name: int(values[name]) for name in STEPS if values.get(name) in {"0", "1", "2", "3", "4"}}
    return steps | {name: values[name] for name in CHECKS if values.get(name) in {YES, NO}}


def reads(values: Mapping[str, Any]) -> Answers | None:
    """Return the answers in such values when all the steps are there; a check that isn't answered is no."""
    if not all(name in values for name in STEPS):
        return None
    return Answers(**{name: values[name] for name in STEPS}, **{name: values.get(name) == YES for name in CHECKS})


def filled(answers: Answers) -> dict[str, Any]:
    """Return answers as the form shows them."""
    steps = {name: getattr(answers, name) for name in STEPS}
    return steps | {name: YES if getattr(answers, name) else NO for name in CHECKS}
