"""What those who take a solution in use fill in: how far they have come, what they changed, and how it went."""

from __future__ import annotations

import re
import uuid
from typing import Any

from wtforms import HiddenField

from portal.kernel import clock, fields
from portal.kernel.i18n import NATIVE_NAMES, _, _l, language
from portal.solutions.adoption import BEGINNINGS, LEADS_TO, STEPS, WAYS, Adopter, Step, Way, read_adopter
from portal.solutions.adoption_rows import FACTS, LONGEST, LONGEST_TITLE, TEXTS, AdoptionDraft
from portal.solutions.models.adoptions import Adoption
from portal.solutions.queries.adoptions import AdoptionPage, BeginPage

KEY = re.compile(r"[0-9a-zA-Z-]{1,36}")
VERSION = re.compile(r"[0-9]{1,9}")


class AdoptionForm(fields.Form):
    """What an adopter tells; a field that the step doesn't ask for may stand empty."""

    step = fields.choice(_l("Hvor langt er dere kommet?"), [], radio=True)
    way = fields.choice(
        _l("Hvordan bruker dere den?"),
        [(each.value, label) for each, label in WAYS.items()],
        radio=True,
        optional=True,
        description=_l("Når dere prøver den ut eller har den i bruk."),
    )
    in_use_since = fields.date(
        _l("Hvilken dag tok dere den i bruk?"), optional=True, description=_l("Når dere har den i bruk.")
    )
    adapted = fields.long_text(_l("Hva har dere gjort annerledes, og hvorfor?"), longest=LONGEST, optional=True, rows=4)
    result = fields.long_text(
        _l("Hva er kommet ut av det hos dere?"),
        longest=LONGEST,
        optional=True,
        description=_l("Det dere har målt eller sett. Fortell også om det ikke virket."),
        rows=4,
    )
    learning = fields.long_text(
        _l("Hva har dere lært?"),
        longest=LONGEST,
        optional=True,
        description=_l("Råd til neste kommune. Har dere sluttet: hvorfor?"),
        rows=4,
    )
    contact_title = fields.text(
        _l("Hvem kan andre spørre hos dere?"),
        longest=LONGEST_TITLE,
        optional=True,
        description=_l("Skriv tittelen, ikke navnet: «rådgiver for folkehelse»."),
    )
    language = fields.choice(_l("Språket du skriver på"), list(NATIVE_NAMES.items()))

    def draft(self) -> AdoptionDraft:
        """Return what was written."""
        return AdoptionDraft(
            step=Step(self.step.data),
            way=Way(self.way.data) if self.way.data else None,
            in_use_since=self.in_use_since.data,
            stopped_on=self["stopped_on"].data if "stopped_on" in self else None,
            adapted=self.adapted.data or "",
            result=self.result.data or "",
            learning=self.learning.data or "",
            contact_title=self.contact_title.data or "",
            language=self.language.data or language(),
        )

    def _offer(self, steps: Any) -> None:
        self.step.choices = [(each.value, STEPS[each]) for each in STEPS if each in steps]


class BeginForm(AdoptionForm):
    """The same, and whom one tells it for."""

    adopter = fields.choice(_l("Hvem tar løsningen i bruk?"), [], radio=True)
    key = HiddenField()

    def __init__(self, page: BeginPage, **values: Any) -> None:
        super().__init__(**values)
        self.adopter.choices = [(str(each.adopter), each.name) for each in page.free]
        self._offer(BEGINNINGS)
        if not self.is_submitted():
            self.key.data, self.language.data = uuid.uuid4().hex, language()
            if len(page.free) == 1:
                self.adopter.data = str(page.free[0].adopter)

    def who(self) -> Adopter | None:
        """Return whom it is told for; None when it is nobody there is."""
        return read_adopter(self.adopter.data or "")

    def form_key(self) -> str:
        """Return the key of the form; one that isn't ours is none."""
        return self.key.data if KEY.fullmatch(self.key.data or "") else ""


class ChangeForm(AdoptionForm):
    """The same for those who have told before: also that they have stopped."""

    stopped_on = fields.date(
        _l("Hvilken dag sluttet dere?"),
        optional=True,
        description=_l("Når dere har sluttet."),
    )
    follows = fields.checkbox(_l("Vi følger nå den nyeste utgaven av løsningen"))
    version = HiddenField()

    def __init__(self, page: AdoptionPage, **values: Any) -> None:
        super().__init__(**values)
        told = page.row.adoption
        self._offer(LEADS_TO[told.step] | {told.step})
        if not page.is_behind:
            del self.follows
        if not self.is_submitted():
            self._fill(told)

    def form_version(self) -> int:
        """Return which version the form was made from; nonsense is a version nothing has."""
        return int(self.version.data) if VERSION.fullmatch(self.version.data or "") else 0

    def takes_newest(self) -> bool:
        return "follows" in self and bool(self.follows.data)

    def see(self, told: Adoption) -> None:
        """Put in which version stands now, so that the form can be sent again."""
        self.version.data = str(told.version)

    def _fill(self, told: Adoption) -> None:
        for name in (*FACTS, *TEXTS):
            value = getattr(told, name)
            self[name].data = value.value if isinstance(value, Step | Way) else value
        self.stopped_on.data = told.stopped_on or (clock.today() if told.step is Step.STOPPED else None)
        self.see(told)


def step_hints() -> dict[str, str]:
    """Return what each step means, for whoever chooses."""
    return {
        Step.INTERESTED: _("Dere leser og spør. Den som delte løsningen, får vite det."),
        Step.PILOTING: _("Dere har begynt i det små."),
        Step.IN_USE: _("Dere bruker den i den vanlige driften. Bare dette telles som spredning."),
        Step.STOPPED: _("Dere bruker eller vurderer den ikke lenger. Fortell hva dere lærte."),
    }
