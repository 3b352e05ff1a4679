"""What people fill in when they propose something, change it, or send it in."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from typing import Any

from wtforms import HiddenField, StringField, TextAreaField
from wtforms import validators as v

from portal.accounts.models import Byline
from portal.goals.events import GOAL
from portal.ideas import questions
from portal.ideas.actions.proposing import Around, IdeaDraft
from portal.ideas.authorship import LONGEST, TITLE_LONGEST
from portal.ideas.events.ideas import INDICATOR
from portal.ideas.models.campaigns import Campaign
from portal.ideas.models.ideas import Lineage
from portal.ideas.queries.campaigns import benefit_types, phase
from portal.ideas.queries.drafting import DraftPage
from portal.ideas.questions import Question, QuestionKind
from portal.ideas.stages import IdeaKind
from portal.ideas.trilingual import told
from portal.kernel import fields
from portal.kernel.errors import Invalid
from portal.kernel.i18n import NATIVE_NAMES, _, _l, language
from portal.kernel.placing import PlaceFields
from portal.places.actions import PlaceDraft

KEY = re.compile(r"[0-9a-zA-Z-]{1,36}")
VERSION = re.compile(r"[0-9]{1,9}")
ANSWER = "answer_"
"""Before a question's key, in the names of the fields."""
NO_CHOICE = ("", _l("Vet ikke"))
NO_CAMPAIGN = ("", _l("Ingen kampanje"))
NO_LINEAGE = "none"
TOLD_LABELS = {
    "title": _l("Hva har dere gjort, kort sagt?"),
    "challenge": _l("Hva var utfordringen?"),
    "solution": _l("Hva gjorde dere?"),
    "usefulness": _l("Hva kan andre lære av det?"),
}
"""Of a told experience: what has been done already."""


class IdeaForm(PlaceFields, fields.Form):
    """A proposal as far as it has come: everything may be left out until it is sent in."""

    title = fields.text(_l("Hva er ideen, kort sagt?"), longest=TITLE_LONGEST, optional=True)
    challenge = fields.long_text(_l("Hva er utfordringen?"), longest=LONGEST, optional=True)
    solution = fields.long_text(_l("Hva foreslår du?"), longest=LONGEST, optional=True)
    summary = fields.long_text(_l("Ideen i én eller to setninger"), longest=LONGEST, optional=True)
    usefulness = fields.long_text(_l("Hvem andre kan ha nytte av det?"), longest=LONGEST, optional=True)
    benefit_type = fields.choice(_l("Hva slags nytte gir det?"), [], optional=True)
    service_area = fields.choice(_l("Hvilken del av kommunen gjelder det?"), [], optional=True)
    is_told = fields.checkbox(_l("Dette har vi alt gjort: jeg vil fortelle om en erfaring"))
    goals = fields.choices(_l("Bærekraftsmål"), [], coerce=int)
    indicators = fields.choices(_l("Indikatorer i observatoriet"), [], coerce=int)
    campaign = fields.choice(_l("Kampanje"), [], optional=True)
    lineage = fields.choice(_l("Hva har den med den andre ideen å gjøre?"), [], radio=True, optional=True)
    signed = fields.choice(_l("Hvilket navn skal stå over ideen?"), [], radio=True, optional=True)
    language = fields.choice(_l("Språket du skriver på"), list(NATIVE_NAMES.items()), optional=True)
    parent = HiddenField()
    key = HiddenField()
    version = HiddenField()

    kind = IdeaKind.INNOVATION
    needed: Sequence[tuple[str, Any]] = (
        ("title", _l("Gi ideen en tittel.")),
        ("challenge", _l("Fortell hva som er utfordringen: det er den vi skal løse.")),
    )
    """What must be there before it is sent in, and what is said when it isn't."""

    def __init__(self, page: DraftPage, **values: Any) -> None:
        super().__init__(**values)
        self._page = page
        for name, _message in self.needed:
            self[name].flags.required = True
        self._offer(page)
        if not self.is_submitted():
            self.fill(page)
        if self.is_told.data:
            for name, label in TOLD_LABELS.items():
                self[name].label.text = str(label)

    @property
    def questions(self) -> Sequence[Question]:
        """The campaign's own."""
        return questions.read(self._page.campaign.questions if self._page.campaign else ())

    @property
    def campaign_title(self) -> str:
        return told(self._page.campaign.title, language()).text if self._page.campaign else ""

    @property
    def campaign_phase(self) -> str:
        """Where it stands today; empty when there is none."""
        return phase(self._page.campaign).value if self._page.campaign else ""

    def _offer(self, page: DraftPage) -> None:
        """Put in what there is to choose among."""
        self.benefit_type.choices = [NO_CHOICE, *benefit_types(page.campaign).items()]
        self.service_area.choices = [NO_CHOICE, *_numbered(page.areas)]
        self.goals.choices = [(each.id, each.label) for each in page.goal_options]
        self.indicators.choices = [(each.id, each.label) for each in page.indicator_options]
        named = [(each.id, told(each.title, language()).text) for each in page.campaigns]
        self.campaign.choices = [NO_CAMPAIGN, *_numbered(named)]
        self.offer(page.places.neighbourhoods)
        self.lineage.choices = [
            (Lineage.INSPIRED.value, _("Ideen min er inspirert av den")),
            (Lineage.ALSO_WANTED.value, _("Dette vil vi også gjøre")),
            (NO_LINEAGE, _("Den har ikke noe med den andre å gjøre")),
        ]
        self.signed.choices = [
            (Byline.NAME.value, _("Ditt eget navn: %(name)s", name=page.name)),
            *(
                (number, _("%(organisation)s, som du taler for", organisation=each))
                for number, each in _numbered(page.organisations)
            ),
            (Byline.PSEUDONYM.value, _("Et dekknavn, som du får når du sender inn")),
        ]

    def fill(self, page: DraftPage) -> None:
        """Put in what is kept, or what the address asks for."""
        self.goals.data, self.indicators.data = list(page.goals), list(page.indicators)
        if page.idea is None:
            self._begin(page)
            return
        idea = page.idea
        for name in ("title", "challenge", "solution", "summary", "usefulness", "benefit_type", "is_told", "language"):
            self[name].data = getattr(idea, name)
        self.service_area.data = str(idea.service_area_id or "")
        self.campaign.data = str(idea.campaign_id or "")
        self.parent.data = str(idea.parent_id or "")
        self.lineage.data = idea.lineage.value if idea.lineage else NO_LINEAGE
        self.signed.data = str(idea.organisation_id) if idea.byline is Byline.ORGANISATION else idea.byline.value
        self.key.data, self.version.data = idea.key, str(idea.version)
        for question in self.questions:
            self[f"{ANSWER}{question.key}"].data = str(idea.answers.get(question.key, ""))
        if page.location is not None:
            for part in ("address", "latitude", "longitude"):
                self[part].data = getattr(page.location, part)
            self.neighbourhood.data = page.location.neighbourhood_id

    def _begin(self, page: DraftPage) -> None:
        self.key.data, self.language.data, self.signed.data = uuid.uuid4().hex, language(), Byline.NAME.value
        self.is_told.data = page.asked.is_told
        self.campaign.data = str(page.campaign.id) if page.campaign else ""
        self.parent.data = str(page.parent.id) if page.parent else ""
        self.lineage.data = page.asked.lineage.value if page.parent else NO_LINEAGE

    def is_whole(self) -> bool:
        """Say whether it can be sent in; what is missing is put at its field."""
        missing = [(self[name], message) for name, message in self.needed if not (self[name].data or "").strip()]
        for question in self.questions:
            answer = self[f"{ANSWER}{question.key}"]
            if fault := question.fault(answer.data or ""):
                missing.append((answer, fault))
        for field, message in missing:
            field.errors = [*field.errors, message]
        return not missing

    def draft(self) -> IdeaDraft:
        """Return what was written."""
        lineage = self.lineage.data if self.parent.data and self.lineage.data != NO_LINEAGE else None
        byline, organisation_id = self._byline()
        return IdeaDraft(
            kind=self.kind,
            title=self.title.data or "",
            challenge=self.challenge.data or "",
            solution=self.solution.data or "",
            summary=self.summary.data or "",
            usefulness=self.usefulness.data or "",
            benefit_type=self.benefit_type.data or "",
            answers=self._answers(),
            language=self.language.data or language(),
            is_told=bool(self.is_told.data),
            service_area_id=_number(self.service_area.data),
            campaign_id=_number(self.campaign.data),
            parent_id=_number(self.parent.data) if lineage else None,
            lineage=Lineage(lineage) if lineage else None,
            byline=byline,
            organisation_id=organisation_id,
        )

    def around(self) -> Around:
        """Return where it is and what it serves."""
        goals, indicators = tuple(self.goals.data or ()), tuple(self.indicators.data or ())
        return Around(place=PlaceDraft(**self.place()), goals=goals, indicators=indicators)

    def form_key(self) -> str:
        """Return the key of the form; one that isn't ours is none."""
        return self.key.data if KEY.fullmatch(self.key.data or "") else ""

    def form_version(self) -> int:
        """Return which version the form was made from; nonsense is a version nothing has."""
        return int(self.version.data) if VERSION.fullmatch(self.version.data or "") else -1

    def refuse(self, refusal: Invalid) -> None:
        """Put a refusal at the field it belongs to; goals and indicators are refused by what they are links to."""
        where = {GOAL: "goals", INDICATOR: "indicators"}.get(refusal.field, refusal.field)
        super().refuse(Invalid(where, refusal.message))

    def _byline(self) -> tuple[Byline, int | None]:
        chosen = self.signed.data or Byline.NAME.value
        if chosen in {Byline.NAME.value, Byline.PSEUDONYM.value}:
            return Byline(chosen), None
        return Byline.ORGANISATION, _number(chosen)

    def _answers(self) -> dict[str, str]:
        """Return the answers that were given; those to the questions of another campaign aren't lost on the way."""
        kept = dict(self._page.idea.answers) if self._page.idea else {}
        kept |= {question.key: self[f"{ANSWER}{question.key}"].data or "" for question in self.questions}
        return {key: str(said) for key, said in kept.items() if said}


class SendForm(fields.Form):
    """The last button."""

    internally = fields.checkbox(_l("Vis den bare for ansatte inntil videre"))


class ButtonForm(fields.Form):
    """A button that does something at once."""


def idea_form(page: DraftPage, base: type[IdeaForm] = IdeaForm) -> Any:
    """Return the form of an idea, with a field for each of its campaign's own questions."""
    own = {f"{ANSWER}{each.key}": _field(each) for each in _questions(page.campaign)}
    return type(base.__name__, (base,), own)(page)


def _questions(campaign: Campaign | None) -> Sequence[Question]:
    return questions.read(campaign.questions if campaign else ())


def _field(question: Question) -> Any:
    label = told(question.label, language()).text
    checks = [v.Optional(), _Answer(question)]
    if question.kind is QuestionKind.CHOICE:
        options = [(each["key"], told(each, language()).text) for each in question.options]
        made = fields.choice(label, [("", _l("Velg")), *options], optional=True)
    elif question.kind is QuestionKind.LONG:
        made = TextAreaField(label, checks)
    else:
        mode = {"inputmode": "decimal"} if question.kind is QuestionKind.NUMBER else {}
        made = StringField(label, checks, render_kw=mode)
    return made


class _Answer:
    """An answer must be of the question's kind; whether there must be one is asked when it is sent in."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self.field_flags = {"required": True} if question.is_required else {}

    def __call__(self, _form: Any, field: Any) -> None:
        if fault := self._question.fault(field.data or ""):
            raise v.ValidationError(fault)


def _numbered(pairs: Sequence[tuple[int, str]]) -> list[tuple[str, str]]:
    return [(str(number), name) for number, name in pairs]


def _number(value: Any) -> int | None:
    return int(value) if value and str(value).isdecimal() else None
