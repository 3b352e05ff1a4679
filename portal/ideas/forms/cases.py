"""What those who handle cases send: who gets the case, what is answered and decided, and what came of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import HiddenField
from wtforms.fields import SelectChoice

from portal.ideas.actions import cases as actions
from portal.ideas.actions.cases import Assignment, Receipt, Said
from portal.ideas.models.cases import Helped
from portal.ideas.queries.cases import HELPED
from portal.ideas.queries.casework import CasePage, Doing
from portal.ideas.queries.desk import NOBODY, Pile, Wanted
from portal.ideas.stages import DECISIONS, STAGES, Decision, Degree, IdeaKind, Stage
from portal.kernel import fields
from portal.kernel.i18n import _l, language
from portal.kernel.identity import Actor

WRITTEN_IN = [("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")]
DEGREES = [(Degree.REDUCED, _l("Redusert")), (Degree.REMOVED, _l("Helt borte"))]


def _number(value: Any) -> int:
    return int(value) if str(value).isdigit() else 0


def _whole(value: Any) -> int | None:
    text = str(value or "")
    return int(text) if text.removeprefix("-").isdigit() and len(text) < 10 else None


class WantedForm(fields.Form):
    """Which cases to see; sent in the address."""

    class Meta(fields.Form.Meta):
        csrf = False

    utvalg = HiddenField()
    omrade = fields.choice(_l("Tjenesteområde"), [], optional=True)
    ansvarlig = fields.choice(_l("Saksbehandler"), [], optional=True)
    trinn = fields.choice(_l("Trinn"), [("", _l("Alle")), *STAGES.items()], optional=True)

    def offer(self, areas: Sequence[tuple[int, str]], people: Sequence[tuple[int, str]]) -> None:
        """Say which service areas and people there are."""
        nobody = [("", _l("Alle")), (NOBODY, _l("Ingen"))]
        self.omrade.choices = [SelectChoice(str(value), label) for value, label in [*nobody, *areas]]
        self.ansvarlig.choices = [SelectChoice(str(value), label) for value, label in [*nobody, *people]]

    def wanted(self) -> Wanted:
        """Return what was asked for; nonsense asks for nothing in particular."""
        pile, stage = self.utvalg.data, self.trinn.data
        return Wanted(
            pile=Pile(pile) if pile in set(Pile) else Pile.DUE,
            service_area_id=_whole(self.omrade.data),
            responsible_id=_whole(self.ansvarlig.data),
            stage=Stage(stage) if stage in set(Stage) else None,
        )


class StepForm(fields.Form):
    """Something that is done with a case, and the version of the case it was written for."""

    title: Any
    button: Any
    done: Any
    needed: tuple[str, ...] = ("text",)
    """The fields that must be filled in: the action says what is missing."""

    version = HiddenField(filters=[_number])
    key = HiddenField()

    def begin(self, page: CasePage) -> None:
        """Get ready for a case: what can be chosen, what must be given, and the version it is about."""
        for name in self.needed:
            self[name].flags.required = True
        if not self.is_submitted():
            self.version.data = page.idea.version
            self.key.data = uuid.uuid4().hex

    def perform(self, actor: Actor, idea_id: int) -> None:
        """Do it. Raises Invalid and Conflict."""
        raise NotImplementedError

    def said(self) -> Said:
        said: Mapping[str, Any] = self.data
        return Said(
            text=said.get("text") or "",
            language=said.get("language") or "nb",
            version=self.version.data,
            key=(self.key.data or "")[:36],
        )


def _words(label: Any, description: Any, *, rows: int = 6) -> Any:
    return fields.long_text(label, longest=actions.LONGEST, optional=True, description=description, rows=rows)


def _written_in() -> Any:
    field = fields.choice(_l("Språket du skriver på"), WRITTEN_IN, optional=True)
    field.kwargs["default"] = language
    return field


class AssignForm(StepForm):
    """Who gets the case."""

    title, button, done = _l("Fordel saken"), _l("Fordel saken"), _l("Saken er fordelt.")
    needed = ()

    service_area_id = fields.choice(
        _l("Tjenesteområde"),
        [],
        optional=True,
        description=_l("Alle kan se hvilket område saken ligger hos. Bytter du område, trykk «Vis hvem som er der»."),
    )
    responsible_id = fields.choice(
        _l("Saksbehandler"), [], optional=True, description=_l("Får varsel. Navnet vises bare for ansatte.")
    )

    def begin(self, page: CasePage) -> None:
        super().begin(page)
        areas, people = (page.offered.areas, page.offered.colleagues) if page.offered else ((), ())
        if page.may_manage:
            self.service_area_id.choices = _choices(areas)
        else:
            del self.service_area_id
        adviser = _l("innovasjonsrådgiver")
        self.responsible_id.choices = _choices(
            [(each.id, f"{each.name} ({adviser})" if each.is_adviser else each.name) for each in people]
        )
        if self.is_submitted():
            return
        self.responsible_id.data = str(page.idea.responsible_id or "")
        if page.may_manage:
            self.service_area_id.data = str(page.idea.service_area_id or "")

    def given(self, page: CasePage) -> Assignment:
        """Return who gets it; whoever may not move it between areas leaves it where it is."""
        area = _whole(self.service_area_id.data) if "service_area_id" in self else page.idea.service_area_id
        return Assignment(
            service_area_id=area, responsible_id=_whole(self.responsible_id.data), version=self.version.data
        )


class AnswerForm(StepForm):
    """The municipality's answer."""

    title, button = _l("Svar på ideen"), _l("Send svaret")
    done = _l("Svaret er sendt, og alle kan lese det.")

    text = _words(
        _l("Svaret fra kommunen"),
        _l(
            "Den som foreslo dette, får det på e-post. Takk for forslaget, si hva dere tenker, og hva som skjer videre."
        ),
    )
    language = _written_in()

    def perform(self, actor: Actor, idea_id: int) -> None:
        actions.answer_idea(actor, idea_id, self.said())


class AssessForm(StepForm):
    """The assessment begins."""

    title, button, done = _l("Begynn å vurdere"), _l("Begynn å vurdere"), _l("Saken vurderes nå.")
    needed = ()

    text = _words(_l("Hva skal dere se på?"), _l("Alle kan lese det."), rows=3)
    language = _written_in()

    def perform(self, actor: Actor, idea_id: int) -> None:
        actions.assess_idea(actor, idea_id, self.said())


class ReceiptFields(StepForm):
    """To whom it is sent, when, and their reference."""

    to = fields.text(_l("Sendt til"), optional=True, description=_l("For eksempel «Akershus fylkeskommune»."))
    on = fields.date(_l("Sendt dato"), optional=True, description=_l("Tomt betyr i dag."))
    reference = fields.text(
        _l("Deres referanse"), optional=True, description=_l("Saksnummeret deres, når du har fått det.")
    )

    def receipt(self) -> Receipt:
        return Receipt(to=self.to.data or "", on=self.on.data, reference=self.reference.data or "")


class DecideForm(ReceiptFields):
    """What the municipality does with it."""

    title, button, done = _l("Ta en beslutning"), _l("Beslutt"), _l("Beslutningen er tatt, og alle kan lese den.")

    decision = fields.choice(_l("Hva gjør kommunen med dette?"), DECISIONS.items(), radio=True)
    text = _words(
        _l("Hvorfor?"),
        _l("Alle kan lese begrunnelsen. Sier du nei, si hva som skulle til for et ja, eller hvem som kan hjelpe."),
    )
    language = _written_in()

    def perform(self, actor: Actor, idea_id: int) -> None:
        decision = Decision(self.decision.data)
        receipt = self.receipt() if decision is Decision.SENT_ON else None
        actions.decide_idea(actor, idea_id, decision, self.said(), receipt)


class ReceiptForm(ReceiptFields):
    """What those it was sent to say."""

    title, button = _l("Fortell hva mottakeren sier"), _l("Legg det til i saken")
    done = _l("Det står i saken nå, og den som foreslo dette, får vite det.")
    needed = ("to",)

    text = _words(
        _l("Hva sier de?"), _l("Alle kan lese det. La det stå tomt hvis du bare har fått en kvittering."), rows=4
    )
    language = _written_in()

    def perform(self, actor: Actor, idea_id: int) -> None:
        actions.record_sending(actor, idea_id, self.receipt(), self.said())


class WorkForm(StepForm):
    """The work begins."""

    title, button, done = _l("Fortell at arbeidet er i gang"), _l("Arbeidet er i gang"), _l("Saken er under arbeid.")

    text = _words(_l("Hvem gjør hva, og når kan folk vente noe?"), _l("Alle kan lese det."), rows=4)
    language = _written_in()

    def perform(self, actor: Actor, idea_id: int) -> None:
        actions.start_work(actor, idea_id, self.said())


class ProgressForm(StepForm):
    """What has come of it so far."""

    title, button = _l("Fortell hva som har kommet ut av det"), _l("Fortell det")
    done = _l("Det står i saken nå, og de som følger den, får vite det.")

    text = _words(
        _l("Hva har kommet ut av det så langt?"),
        _l("Alle kan lese det, og de som følger eller støtter ideen, får varsel. En setning er nok."),
        rows=4,
    )
    language = _written_in()

    def perform(self, actor: Actor, idea_id: int) -> None:
        actions.tell_progress(actor, idea_id, self.said())


class RealiseForm(StepForm):
    """It is put to use."""

    title, button, done = _l("Nyttiggjort"), _l("Saken er nyttiggjort"), _l("Saken er nyttiggjort. Godt arbeid!")

    degree = fields.choice(_l("Hvor mye av tidstyven er borte?"), DEGREES, radio=True, optional=True)
    text = _words(
        _l("Hva er blitt bedre, og for hvem?"),
        _l("Alle kan lese det. Er en gevinst målt, kan dette stå tomt, men fortell det gjerne likevel."),
    )
    language = _written_in()

    def begin(self, page: CasePage) -> None:
        self.needed = () if page.is_measured else ("text",)
        super().begin(page)
        if page.idea.kind is not IdeaKind.TIME_THIEF:
            del self.degree

    def perform(self, actor: Actor, idea_id: int) -> None:
        degree = self.degree.data if "degree" in self else None
        actions.realise_idea(actor, idea_id, self.said(), Degree(degree) if degree else None)


class CloseForm(StepForm):
    """It came to nothing."""

    title, button = _l("Avslutt uten effekt"), _l("Avslutt saken")
    done = _l("Saken er avsluttet. Takk for at du fortalte hva dere lærte.")

    text = _words(
        _l("Hva lærte dere?"),
        _l("Alle kan lese det. Hva prøvde dere, hvorfor virket det ikke, og hva ville dere gjort annerledes?"),
    )
    language = _written_in()

    def perform(self, actor: Actor, idea_id: int) -> None:
        actions.close_idea(actor, idea_id, self.said())


class ReopenForm(StepForm):
    """It is taken up again."""

    title, button, done = _l("Ta opp igjen"), _l("Ta opp saken igjen"), _l("Saken er tatt opp igjen.")

    text = _words(_l("Hvorfor tar dere den opp igjen?"), _l("Alle kan lese det."), rows=4)
    language = _written_in()

    def perform(self, actor: Actor, idea_id: int) -> None:
        actions.take_up_again(actor, idea_id, self.said())


class NoteForm(StepForm):
    """A note among staff."""

    title, button, done = _l("Skriv et internt notat"), _l("Lagre notatet"), _l("Notatet er lagret.")

    text = _words(
        _l("Notat"), _l("Bare ansatte som har saken, ser det her. Det er likevel et dokument i saken."), rows=4
    )

    def perform(self, actor: Actor, idea_id: int) -> None:
        actions.note_on_idea(actor, idea_id, self.said())


class FileForm(StepForm):
    """The number of the case in the archive."""

    title, button, done = _l("Arkivnummer"), _l("Lagre nummeret"), _l("Arkivnummeret er lagret.")
    needed = ()

    journal_number = fields.text(
        _l("Saksnummer i arkivet"), optional=True, longest=50, description=_l("For eksempel 26/01234.")
    )

    def begin(self, page: CasePage) -> None:
        super().begin(page)
        if not self.is_submitted():
            self.journal_number.data = page.idea.journal_number or ""

    def perform(self, actor: Actor, idea_id: int) -> None:
        actions.file_idea(actor, idea_id, self.journal_number.data or "", self.version.data)


FORMS: Mapping[Doing, type[StepForm]] = {
    Doing.ASSIGN: AssignForm,
    Doing.ANSWER: AnswerForm,
    Doing.ASSESS: AssessForm,
    Doing.DECIDE: DecideForm,
    Doing.RECEIPT: ReceiptForm,
    Doing.WORK: WorkForm,
    Doing.PROGRESS: ProgressForm,
    Doing.REALISE: RealiseForm,
    Doing.CLOSE: CloseForm,
    Doing.REOPEN: ReopenForm,
    Doing.NOTE: NoteForm,
    Doing.FILE: FileForm,
}


class VerdictForm(fields.Form):
    """Whether it helped: one button each."""

    helped = fields.choice(_l("Hjalp det?"), HELPED.items(), radio=True)

    def given(self) -> Helped:
        return Helped(self.helped.data)


def _choices(options: Sequence[tuple[int, str]]) -> list[SelectChoice]:
    return [SelectChoice("", _l("Ingen ennå")), *(SelectChoice(str(value), label) for value, label in options)]
