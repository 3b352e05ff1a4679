"""What innovation advisers fill in to make a campaign, in three languages."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from wtforms import HiddenField

from portal.ideas import dugnad
from portal.ideas.actions.campaigns import CampaignDraft, Part
from portal.ideas.criteria import Axis
from portal.ideas.models.campaigns import Audience, Campaign
from portal.ideas.questions import KINDS, QuestionKind
from portal.ideas.stages import IdeaKind
from portal.ideas.trilingual import LANGUAGES
from portal.kernel import clock, fields
from portal.kernel.errors import Invalid
from portal.kernel.i18n import _l

LONGEST = 5000
VERSION = re.compile(r"[0-9]{1,9}")
KEY = re.compile(r"[0-9a-zA-Z-]{1,36}")
IN: Mapping[str, Any] = {"nb": _l("på bokmål"), "nn": _l("på nynorsk"), "en": _l("på engelsk")}
AUDIENCES: Mapping[Audience, Any] = {
    Audience.EVERYBODY: _l("Alle"),
    Audience.STAFF: _l("Ansatte i kommunen"),
    Audience.INVITED: _l("De du inviterer, og ansatte"),
}
WANTED: Sequence[tuple[str, Any]] = (
    ("", _l("Ideer og tidstyver")),
    (IdeaKind.INNOVATION.value, _l("Ideer")),
    (IdeaKind.TIME_THIEF.value, _l("Tidstyver")),
)
AXES: Mapping[Axis, Any] = {Axis.VALUE: _l("Verdi"), Axis.FEASIBILITY: _l("Gjennomførbarhet")}


def _three(name: str, label: Any, make: Callable[..., Any], *, needed: bool = False, **values: Any) -> dict[str, Any]:
    """Return a field for each language; only bokmål may have to be there."""
    return {
        f"{name}_{code}": make(
            _l("%(what)s %(language)s", what=label, language=where), optional=not (needed and code == "nb"), **values
        )
        for code, where in IN.items()
    }


class Trilingual(fields.Form):
    """A form with texts in three languages: the fields are called `<name>_<language>`."""

    def texts(self, name: str) -> dict[str, str]:
        """Return one text in its languages."""
        return {code: self[f"{name}_{code}"].data or "" for code in LANGUAGES}

    def put(self, name: str, texts: Mapping[str, Any]) -> None:
        """Fill in one text."""
        for code in LANGUAGES:
            self[f"{name}_{code}"].data = texts.get(code, "")


class _CampaignForm(Trilingual):
    """What a campaign says, when it is, and who it is for."""

    opens_on = fields.date(_l("Første dag"))
    closes_on = fields.date(_l("Siste dag"))
    kind = fields.choice(_l("Hva kan sendes inn?"), WANTED, radio=True, optional=True)
    audience = fields.choice(_l("Hvem kan se den og være med?"), list(AUDIENCES.items()), radio=True)
    key = HiddenField()
    version = HiddenField()

    TEXTS = ("title", "lead", "introduction", "goal")

    def fill(self, campaign: Campaign | None) -> None:
        """Put in what is kept; a new one is for everybody."""
        if campaign is None:
            self.key.data, self.audience.data, self.kind.data = uuid.uuid4().hex, Audience.EVERYBODY.value, ""
            return
        for name in self.TEXTS:
            self.put(name, getattr(campaign, name))
        self.opens_on.data, self.closes_on.data = campaign.opens_on, campaign.closes_on
        self.kind.data = campaign.kind.value if campaign.kind else ""
        self.audience.data, self.version.data = campaign.audience.value, str(campaign.version)

    def fill_dugnad(self) -> None:
        """Begin with the spring dugnad against tidstyver, open from today: words that the adviser goes on from."""
        self.fill(None)
        for name in self.TEXTS:
            self.put(name, getattr(dugnad, name.upper()))
        self.kind.data = dugnad.KIND.value
        self.opens_on.data = clock.today()
        self.closes_on.data = clock.today() + timedelta(days=dugnad.DAYS)

    def draft(self) -> CampaignDraft:
        """Return what was written."""
        return CampaignDraft(
            **{name: self.texts(name) for name in self.TEXTS},
            opens_on=self.opens_on.data,
            closes_on=self.closes_on.data,
            kind=IdeaKind(self.kind.data) if self.kind.data else None,
            audience=Audience(self.audience.data),
        )

    def form_key(self) -> str:
        return self.key.data if KEY.fullmatch(self.key.data or "") else ""


class _ResultForm(Trilingual):
    """What came of it."""

    version = HiddenField()


class _RowForm(Trilingual):
    """One question, criterion or benefit type."""

    def fill(self, row: Mapping[str, Any]) -> None:
        """Put in what is kept."""
        raise NotImplementedError

    def row(self) -> dict[str, Any]:
        """Return the row as the model keeps it, without its key. Raises Invalid."""
        raise NotImplementedError


class _QuestionForm(_RowForm):
    kind = fields.choice(_l("Slags svar"), list(KINDS.items()), radio=True)
    required = fields.checkbox(_l("Må besvares"))

    def fill(self, row: Mapping[str, Any]) -> None:
        self.put("name", row["label"])
        self.kind.data, self.required.data = row["kind"], bool(row.get("required"))
        options = row.get("options") or ()
        self.put("options", {code: "\n".join(each.get(code, "") for each in options) for code in LANGUAGES})

    def row(self) -> dict[str, Any]:
        is_choice = self.kind.data == QuestionKind.CHOICE
        return {
            "kind": self.kind.data,
            "required": bool(self.required.data),
            "label": self.texts("name"),
            "options": self._options() if is_choice else [],
        }

    def _options(self) -> list[dict[str, str]]:
        lines = {
            code: [line.strip() for line in text.splitlines() if line.strip()]
            for code, text in self.texts("options").items()
        }
        for code in ("nn", "en"):
            if lines[code] and len(lines[code]) != len(lines["nb"]):
                raise Invalid(f"options_{code}", _l("Skriv like mange svar som på bokmål, i samme rekkefølge."))
        return [
            {code: lines[code][place] if lines[code] else "" for code in LANGUAGES} for place in range(len(lines["nb"]))
        ]


class _CriterionForm(_RowForm):
    axis = fields.choice(_l("Teller som"), list(AXES.items()), radio=True)

    def fill(self, row: Mapping[str, Any]) -> None:
        for name in ("name", "low", "high"):
            self.put(name, row[name])
        self.axis.data = row["axis"]

    def row(self) -> dict[str, Any]:
        return {"axis": self.axis.data, **{name: self.texts(name) for name in ("name", "low", "high")}}


class _BenefitTypeForm(_RowForm):
    def fill(self, row: Mapping[str, Any]) -> None:
        self.put("name", row)

    def row(self) -> dict[str, Any]:
        return dict(self.texts("name"))


class InviteForm(fields.Form):
    """Somebody who may take part in a closed campaign."""

    email = fields.email(_l("E-postadressen til den du inviterer"))


CampaignForm: Any = type(
    "CampaignForm",
    (_CampaignForm,),
    {
        **_three("title", _l("Tittel"), fields.text, needed=True, longest=120),
        **_three("lead", _l("Én setning om den"), fields.text, needed=True, longest=300),
        **_three("introduction", _l("Innledning"), fields.long_text, longest=LONGEST),
        **_three("goal", _l("Mål"), fields.long_text, longest=LONGEST),
    },
)
ResultForm: Any = type(
    "ResultForm", (_ResultForm,), _three("result", _l("Resultatet"), fields.long_text, longest=LONGEST)
)
ROW_FORMS: Mapping[Part, Any] = {
    Part.QUESTIONS: type(
        "QuestionForm",
        (_QuestionForm,),
        {
            **_three("name", _l("Spørsmålet"), fields.text, needed=True, longest=200),
            **_three("options", _l("Svarene å velge mellom"), fields.long_text, longest=2000),
        },
    ),
    Part.CRITERIA: type(
        "CriterionForm",
        (_CriterionForm,),
        {
            **_three("name", _l("Kriteriet"), fields.text, needed=True, longest=100),
            **_three("low", _l("Hva 1 betyr"), fields.text, needed=True, longest=200),
            **_three("high", _l("Hva 5 betyr"), fields.text, needed=True, longest=200),
        },
    ),
    Part.BENEFIT_TYPES: type(
        "BenefitTypeForm", (_BenefitTypeForm,), _three("name", _l("Gevinsttypen"), fields.text, needed=True, longest=80)
    ),
}


def version_of(form: Any) -> int:
    """Return which version a form was made from; nonsense is a version nothing has."""
    return int(form.version.data) if VERSION.fullmatch(form.version.data or "") else -1
