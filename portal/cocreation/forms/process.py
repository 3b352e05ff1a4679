"""What people fill in on the way: the agreement, answers at a gate, decisions, risks, the ending and the evaluation."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import HiddenField

from portal.cocreation.actions import agreement, process
from portal.cocreation.actions.agreement import AgreementDraft
from portal.cocreation.actions.ending import LONGEST as LONGEST_LEARNING
from portal.cocreation.actions.ending import LONGEST_COMMENT, EndDraft, EvaluationDraft
from portal.cocreation.actions.process import Answer, MoveDraft, RiskDraft
from portal.cocreation.models.process import Evaluation, Risk
from portal.cocreation.models.projects import Ending
from portal.cocreation.phases import PHASES, Phase
from portal.cocreation.queries.agreement import WritePage, outline
from portal.cocreation.queries.ending import ENDINGS, MEASURES, EndPage
from portal.cocreation.queries.process import AT_THE_ENDING, CONSEQUENCE, LIKELIHOOD, Asked
from portal.kernel import clock, fields
from portal.kernel.i18n import NATIVE_NAMES, _l, language

KEY_LONGEST = 36
YES, NO = "ja", "nei"
ANSWERS = [(YES, _l("Ja")), (NO, _l("Ikke ennå"))]
ANSWER, NOTE, SEEN = "answer_", "note_", "seen_"


def _number(value: Any) -> int:
    """Read a number that the page itself put in the form; nonsense is 0, which fits nothing."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


class AgreementForm(fields.Form):
    """A new version of the agreement."""

    text = fields.long_text(
        _l("Avtalen"),
        longest=agreement.LONGEST,
        description=_l("Bytt ut spørsmålene med det dere er enige om. Ta bort det dere ikke trenger."),
        rows=24,
    )
    change = fields.long_text(
        _l("Hva er nytt i denne versjonen?"),
        longest=agreement.LONGEST_CHANGE,
        optional=True,
        description=_l("Én eller to setninger, så de andre vet hva de skal se etter."),
        rows=2,
    )
    language = fields.choice(_l("Språket avtalen er skrevet på"), list(NATIVE_NAMES.items()))
    based_on = HiddenField(filters=[_number])
    key = HiddenField()

    def begin(self, page: WritePage) -> None:
        """Begin with the newest version, or with the outline of one."""
        if page.newest_number == 0:
            del self.change
        else:
            self.change.flags.required = True
        if not self.is_submitted():
            self.text.data = page.newest.text if page.newest else outline()
            self.language.data = page.newest.language if page.newest else language()
            self.based_on.data = page.newest_number
            self.key.data = uuid.uuid4().hex

    def draft(self) -> AgreementDraft:
        return AgreementDraft(
            text=self.text.data,
            change=(self.change.data or "") if "change" in self else "",
            language=self.language.data,
            based_on=self.based_on.data,
            key=(self.key.data or uuid.uuid4().hex)[:KEY_LONGEST],
        )


class GateForm(fields.Form):
    """The questions at a gate; they come beside, by `gate_form`."""

    phase = HiddenField()

    def answers(self) -> Mapping[str, Answer]:
        """Return what was answered, by the question's key; what wasn't is left out."""
        keys = [name.removeprefix(ANSWER) for name in self._fields if name.startswith(ANSWER)]
        return {
            key: Answer(
                is_yes=self[ANSWER + key].data == YES,
                note=self[NOTE + key].data or "",
                version=self[SEEN + key].data,
            )
            for key in keys
            if self[ANSWER + key].data
        }

    def see(self, asked: Sequence[Asked], phase: Phase) -> None:
        """Put in what stands now, so that the form can be sent again."""
        self.phase.data = phase.value
        for each in asked:
            if SEEN + each.question.key in self:
                self[SEEN + each.question.key].data = each.answer.version if each.answer else 0

    def seen_phase(self) -> Phase | None:
        return next((each for each in Phase if each.value == self.phase.data), None)


def gate_form(asked: Sequence[Asked], phase: Phase) -> GateForm:
    """Return the form of a gate's questions, with the answers that stand."""
    made: dict[str, Any] = {}
    given: dict[str, Any] = {}
    for each in asked:
        key = each.question.key
        if key in AT_THE_ENDING:
            continue
        made[ANSWER + key] = fields.choice(each.question.text, ANSWERS, radio=True, optional=True)
        made[NOTE + key] = fields.long_text(_l("Merknad"), longest=process.LONGEST, optional=True, rows=2)
        made[SEEN + key] = HiddenField(filters=[_number])
        if each.answer and each.is_fresh:
            given[ANSWER + key] = YES if each.answer.is_yes else NO
        given[NOTE + key] = each.answer.note if each.answer else ""
    form: GateForm = type("GateFormOfPhase", (GateForm,), made)(data=given)
    if not form.is_submitted():
        form.see(asked, phase)
    return form


class MoveForm(fields.Form):
    """A decision to go on to the next phase."""

    reason = fields.long_text(
        _l("Hva bestemte dere, og hvorfor?"),
        longest=process.LONGEST,
        description=_l("Alle kan lese det. Skriv titler, ikke navn på folk."),
        rows=4,
    )
    decided_on = fields.date(_l("Når ble det bestemt?"))
    seen = HiddenField(filters=[_number])

    def begin(self, number: int) -> None:
        if not self.is_submitted():
            self.seen.data, self.decided_on.data = number, clock.today()

    def draft(self) -> MoveDraft:
        return MoveDraft(reason=self.reason.data, decided_on=self.decided_on.data, seen=self.seen.data)


class BackForm(MoveForm):
    """A decision to go back to an earlier phase."""

    phase = fields.choice(_l("Hvilken fase går dere tilbake til?"), [], radio=True)

    def offer(self, phases: Sequence[Phase]) -> None:
        self.phase.choices = [(each.value, PHASES[each]) for each in phases]
        if not self.is_submitted() and phases:
            self.phase.data = phases[0].value


class RiskForm(fields.Form):
    """Something that may go wrong."""

    what = fields.text(_l("Hva kan gå galt?"), description=_l("For eksempel: For få frivillige i ferien."))
    likelihood = fields.choice(
        _l("Hvor sannsynlig er det?"),
        [(str(step), f"{step} – {words}") for step, words in LIKELIHOOD.items()],
        radio=True,
    )
    consequence = fields.choice(
        _l("Hvor alvorlig er det hvis det skjer?"),
        [(str(step), f"{step} – {words}") for step, words in CONSEQUENCE.items()],
        radio=True,
    )
    measure = fields.long_text(_l("Hva gjør vi med det?"), longest=process.LONGEST, optional=True, rows=3)
    responsible = fields.text(
        _l("Hvem har ansvar for det?"), optional=True, description=_l("Skriv en tittel, ikke et navn.")
    )
    version = HiddenField(filters=[_number])

    def begin(self, risk: Risk | None) -> None:
        if risk is not None and not self.is_submitted():
            self.likelihood.data, self.consequence.data = str(risk.likelihood), str(risk.consequence)

    def draft(self) -> RiskDraft:
        return RiskDraft(
            what=self.what.data,
            likelihood=int(self.likelihood.data),
            consequence=int(self.consequence.data),
            measure=self.measure.data or "",
            responsible=self.responsible.data or "",
            version=self.version.data,
        )


class EndForm(fields.Form):
    """How a project ends."""

    ending = fields.choice(_l("Hvordan gikk det?"), [], radio=True)
    learning = fields.long_text(
        _l("Hva lærte dere?"),
        longest=LONGEST_LEARNING,
        description=_l("Alle kan lese det. Det som ikke gikk, er like nyttig for andre som det som gikk."),
        rows=8,
    )
    benefits_responsible = fields.text(
        _l("Hvem følger opp gevinstene?"),
        optional=True,
        description=_l("Tittel og enhet, for eksempel «Leder for hjemmetjenesten». Kan stå tomt når dere stopper."),
    )
    decided_on = fields.date(_l("Når ble det bestemt?"))
    seen = HiddenField(filters=[_number])

    def begin(self, page: EndPage) -> None:
        """Offer how it can end now."""
        every = [*ENDINGS] if page.may_finish else [Ending.STOPPED]
        self.ending.choices = [(each.value, ENDINGS[each]) for each in every]
        if not self.is_submitted():
            self.seen.data, self.decided_on.data = page.number, clock.today()
            self.ending.data = None if page.may_finish else Ending.STOPPED.value

    def draft(self) -> EndDraft:
        return EndDraft(
            ending=Ending(self.ending.data),
            learning=self.learning.data,
            benefits_responsible=self.benefits_responsible.data or "",
            decided_on=self.decided_on.data,
            seen=self.seen.data,
        )


class _Evaluation(fields.Form):
    comment = fields.long_text(
        _l("Hva gikk bra, og hva burde vært annerledes?"),
        longest=LONGEST_COMMENT,
        optional=True,
        description=_l("Vises med navnet på parten, når to parter har svart eller prosjektet er over."),
        rows=5,
    )
    seen = HiddenField()

    def draft(self) -> EvaluationDraft:
        scores = {each.key: int(self[each.key].data) for each in MEASURES}
        return EvaluationDraft(scores=scores, comment=self.comment.data or "", seen=self.seen.data or "")


def evaluation_form(mine: Evaluation | None) -> Any:
    """Return the questions that every party is asked, with what this one has answered."""
    questions = {each.key: fields.choice(each.text, _steps(each.low, each.high), radio=True) for each in MEASURES}
    given = {**{key: str(score) for key, score in mine.scores.items()}, "comment": mine.comment} if mine else {}
    form = type("EvaluationForm", (_Evaluation,), questions)(data=given)
    if not form.is_submitted():
        form.seen.data = mine.at.isoformat() if mine else ""
    return form


def _steps(low: Any, high: Any) -> list[tuple[str, Any]]:
    return [
        ("1", _l("1 – %(what)s", what=low)),
        *((str(step), str(step)) for step in (2, 3, 4)),
        ("5", _l("5 – %(what)s", what=high)),
    ]
