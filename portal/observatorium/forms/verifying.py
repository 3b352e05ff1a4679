"""What coordinators and verifiers send about verification."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import HiddenField

from portal.kernel import fields
from portal.kernel.i18n import _l, language
from portal.observatorium.actions.appointing import AppointmentDraft, DatesDraft, ReplyDraft
from portal.observatorium.actions.verifying import ConflictDraft, JudgementDraft, VerdictDraft
from portal.observatorium.catalogue import Indicator, Level
from portal.observatorium.models.verifying import Appointment, EvidenceVerdict, Reply, Verdict, VerificationDates

VERDICTS = [(Verdict.ACCEPTED, _l("Godta")), (Verdict.CONTESTED, _l("Bestrid"))]
LEVELS = [
    (Level.RED, _l("Ikke akseptabelt")),
    (Level.YELLOW, _l("På vei")),
    (Level.GREEN, _l("Minstekravet er nådd")),
]


def _number() -> Any:
    """Return a hidden field with the version that was seen; nonsense is a version nothing has."""
    return HiddenField(filters=[lambda value: int(value) if str(value).isdigit() else -1])


class AppointForm(fields.Form):
    """Who verifies what: several verifiers and several indicators at once."""

    verifiers = fields.choices(_l("Verifikatører"), [], coerce=int)
    indicators = fields.choices(_l("Indikatorer"), [])

    def __init__(self, candidates: Mapping[int, str], indicators: Sequence[Indicator], **values: Any) -> None:
        super().__init__(**values)
        self.verifiers.choices = list(candidates.items())
        self.indicators.choices = [(each.number, f"{each.number} {each.name.in_(language())}") for each in indicators]

    def draft(self) -> AppointmentDraft:
        return AppointmentDraft(account_ids=self.verifiers.data or [], indicators=self.indicators.data or [])


class DatesForm(fields.Form):
    """Until when verifiers answer and the municipality replies."""

    verify_by = fields.date(_l("Verifiseres innen"), optional=True, description=_l("Vises for verifikatørene."))
    reply_by = fields.date(
        _l("Kommunens tilsvar innen"),
        optional=True,
        description=_l("Etter denne datoen tar portalen ikke imot tilsvar, om du ikke setter en ny frist."),
    )

    def draft(self) -> DatesDraft:
        return DatesDraft(verify_by=self.verify_by.data, reply_by=self.reply_by.data)


def dates_values(dates: VerificationDates | None) -> dict[str, Any]:
    """Return how the dates fill in the form."""
    return {"verify_by": dates.verify_by, "reply_by": dates.reply_by} if dates else {}


class ReplyForm(fields.Form):
    """The municipality's reply to the verifiers of an indicator."""

    text = fields.long_text(
        _l("Kommunens tilsvar"), longest=5000, description=_l("Publiseres sammen med det verifikatørene sa.")
    )
    by_title = fields.text(
        _l("Hvem svarer?"), description=_l("Tittel, ikke navn, for eksempel «Kommunalsjef for oppvekst».")
    )
    version = _number()

    def draft(self) -> ReplyDraft:
        return ReplyDraft(text=self.text.data, by_title=self.by_title.data, version=self.version.data)


def reply_values(reply: Reply | None) -> dict[str, Any]:
    """Return how a reply fills in the form."""
    return {"text": reply.text, "by_title": reply.by_title, "version": reply.version} if reply else {"version": 0}


class ConflictForm(fields.Form):
    """Whether a verifier has a conflict of interest."""

    has_conflict = fields.choice(
        _l("Er du inhabil i denne saken?"),
        [("nei", _l("Nei, jeg kjenner ikke til noe som gjør meg inhabil")), ("ja", _l("Ja, jeg er inhabil"))],
        radio=True,
        description=_l(
            "Du er inhabil hvis du eller noen som står deg nær, arbeider med dette for kommunen, "
            "leverer til kommunen på området eller har egne interesser i hva svaret blir."
        ),
    )
    statement = fields.long_text(
        _l("Hva bør andre vite?"),
        longest=1000,
        optional=True,
        description=_l("Må fylles ut når du er inhabil. Bare koordinatoren leser det."),
    )

    def draft(self) -> ConflictDraft:
        return ConflictDraft(has_conflict=self.has_conflict.data == "ja", statement=self.statement.data or "")


class CriteriaForm(fields.Form):
    """What a verifier would accept as evidence."""

    criteria = fields.long_text(
        _l("Hva vil du godta som belegg her?"),
        longest=1000,
        optional=True,
        description=_l(
            "De andre verifikatørene ser det, og det publiseres uten navn. Skriv før du vurderer beleggene."
        ),
    )


class JudgementForm(fields.Form):
    """A verdict on each piece of evidence, and a level. Without a level it is kept for later."""

    level = fields.choice(_l("Hvilket nivå mener du er riktig?"), LEVELS, radio=True, optional=True)
    reason = fields.long_text(
        _l("Hvorfor dette nivået?"), longest=3000, optional=True, description=_l("Publiseres uten navnet ditt.")
    )

    def __init__(self, evidence: Sequence[int], **values: Any) -> None:
        super().__init__(**values)
        self.evidence = evidence

    def draft(self) -> JudgementDraft:
        verdicts = {
            number: VerdictDraft(
                verdict=Verdict(self[f"verdict-{number}"].data),
                reason=self[f"reason-{number}"].data or "",
                seen_version=self[f"seen-{number}"].data,
            )
            for number in self.evidence
            if self[f"verdict-{number}"].data
        }
        level = Level(self.level.data) if self.level.data else None
        return JudgementDraft(verdicts=verdicts, level=level, reason=self.reason.data or "")

    def see_again(self, versions: Mapping[int, int]) -> None:
        """Let what was refused because it had been changed be sent again, now that the change is shown."""
        for number in self.evidence:
            self[f"seen-{number}"].data = versions.get(number, -1)


def judgement_form(
    mine: Appointment,
    versions: Mapping[int, int],
    current: Mapping[int, EvidenceVerdict],
    outdated: Mapping[int, EvidenceVerdict],
) -> JudgementForm:
    """Return the form of an indicator, filled in with what stands; what has changed is to be judged again."""
    parts: dict[str, Any] = {}
    values: dict[str, Any] = {}
    for number, version in versions.items():
        said, before = current.get(number), current.get(number) or outdated.get(number)
        parts[f"verdict-{number}"] = fields.choice(_l("Vurderingen din"), VERDICTS, radio=True, optional=True)
        parts[f"reason-{number}"] = fields.long_text(
            _l("Begrunnelse"), longest=2000, optional=True, description=_l("Må fylles ut når du bestrider belegget.")
        )
        parts[f"seen-{number}"] = _number()
        values[f"verdict-{number}"] = said.verdict.value if said else ""
        values[f"reason-{number}"] = before.reason if before else ""
        values[f"seen-{number}"] = version
    if mine.colour is not None:
        values |= {"level": mine.colour.level.value, "reason": mine.colour.reason}
    made: JudgementForm = type("Form", (JudgementForm,), parts)(list(versions), data=values)
    return made
