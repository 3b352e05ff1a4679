"""The assessment form: a question for each criterion of the campaign, the risk, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.ideas.actions.assessing import AssessmentDraft
from portal.ideas.criteria import Criterion
from portal.kernel.fields import Form, checkbox, choice, long_text
from portal.kernel.i18n import _l

PREFIX = "score_"
STEPS = [(str(step), str(step)) for step in range(1, 6)]
RISK = [("", _l("Ikke vurdert")), *STEPS]


class AssessmentForm(Form):
    """What everybody is asked; the criteria come beside, by `assessment_form`."""

    likelihood = choice(
        _l("Hvor sannsynlig er det at det går galt?"),
        RISK,
        optional=True,
        description=_l("1 er svært lite sannsynlig, 5 er nesten sikkert."),
    )
    consequence = choice(
        _l("Hvor alvorlig er det hvis det går galt?"),
        RISK,
        optional=True,
        description=_l("1 merkes knapt, 5 skader folk eller stopper en tjeneste."),
    )
    is_required_by_law = checkbox(_l("Loven krever at vi gjør dette"))
    has_several_actors = checkbox(_l("Flere må være med for at det skal virke"))
    comment = long_text(
        _l("Hvorfor mener du dette?"),
        longest=2000,
        optional=True,
        description=_l("Leses av andre ansatte når de har gitt sin egen vurdering."),
    )

    def scores(self) -> dict[str, int]:
        """Return what was chosen, by the criterion's key."""
        chosen = {name.removeprefix(PREFIX): field.data for name, field in self._fields.items() if PREFIX in name}
        return {key: int(step) for key, step in chosen.items() if step}

    def draft(self) -> AssessmentDraft:
        """Return what the form says."""
        return AssessmentDraft(
            scores=self.scores(),
            likelihood=int(self.likelihood.data) if self.likelihood.data else None,
            consequence=int(self.consequence.data) if self.consequence.data else None,
            is_required_by_law=self.is_required_by_law.data,
            has_several_actors=self.has_several_actors.data,
            comment=self.comment.data or "",
        )


def assessment_form(criteria: Sequence[Criterion], **values: Any) -> AssessmentForm:
    """Return the form with a question for each criterion, and its anchors at 1 and 5."""
    fields = {
        f"{PREFIX}{each.key}": choice(
            each.name, STEPS, radio=True, description=_l("1: %(low)s. 5: %(high)s.", low=each.low, high=each.high)
        )
        for each in criteria
    }
    form: AssessmentForm = type("AssessmentFormOfCampaign", (AssessmentForm,), fields)(**values)
    return form
