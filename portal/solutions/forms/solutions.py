"""What people fill in when they share a solution, change it, translate it, or write a note beside it."""

from __future__ import annotations

import re
import uuid
from typing import Any

from wtforms import HiddenField

from portal.goals.events import GOAL, SUBGOAL
from portal.kernel import fields
from portal.kernel.errors import Invalid
from portal.kernel.i18n import NATIVE_NAMES, _l, language
from portal.solutions.actions.sharing import LONGEST, SAME_TERMS, SolutionDraft, WordsDraft
from portal.solutions.facts import (
    COSTS,
    EVIDENCE,
    INDICATOR,
    LICENCES,
    SIZES,
    THEMES,
    Cost,
    Evidence,
    Licence,
    Size,
    Theme,
)
from portal.solutions.models.solutions import WORDS, Solution, SolutionTranslation
from portal.solutions.queries.origins import Origin
from portal.solutions.queries.sharing import FormPage, TranslatePage

KEY = re.compile(r"[0-9a-zA-Z-]{1,36}")
VERSION = re.compile(r"[0-9]{1,9}")
SUMMARY = 500
UNCHOSEN = ("", _l("Velg"))
SERVED = {"goals": GOAL, "subgoals": SUBGOAL, "indicators": INDICATOR}
"""Field → the kind of what it points to."""


class WordsForm(fields.Form):
    """What a solution says, in one language."""

    title = fields.text(_l("Hva heter løsningen?"))
    summary = fields.long_text(_l("Løsningen i én eller to setninger"), longest=SUMMARY, optional=True)
    problem = fields.long_text(_l("Hvilket problem løser den?"), longest=LONGEST)
    core = fields.long_text(_l("Hva er kjernen?"), longest=LONGEST)
    adaptable = fields.long_text(_l("Hva kan andre tilpasse?"), longest=LONGEST, optional=True)
    results = fields.long_text(_l("Hva har dere fått til med den?"), longest=LONGEST, optional=True)
    context = fields.long_text(_l("Hvor har dere brukt den?"), longest=LONGEST, optional=True)
    prerequisites = fields.long_text(_l("Hva må være på plass?"), longest=LONGEST, optional=True)
    procedures = fields.long_text(_l("Hvordan gjør man det?"), longest=LONGEST, optional=True)
    cost = fields.long_text(_l("Hva koster den, i penger og tid?"), longest=LONGEST, optional=True)
    risk = fields.long_text(_l("Hva kan gå galt?"), longest=LONGEST, optional=True)
    version = HiddenField()

    def words(self, code: str) -> WordsDraft:
        """Return what was written, in the language of that code."""
        return WordsDraft(language=code, **{name: self[name].data or "" for name in WORDS})

    def form_version(self) -> int | None:
        """Return which version the form was made from, None for the first; nonsense is a version nothing has."""
        if not self.version.data:
            return None
        return int(self.version.data) if VERSION.fullmatch(self.version.data) else -1

    def fill(self, said: Solution | SolutionTranslation) -> None:
        """Show what is said already."""
        for name in WORDS:
            self[name].data = getattr(said, name)


class TranslationForm(WordsForm):
    """The same texts in another language."""

    def __init__(self, page: TranslatePage, **values: Any) -> None:
        super().__init__(**values)
        if not self.is_submitted():
            self.version.data = "" if page.version is None else str(page.version)
            if page.translation is not None:
                self.fill(page.translation)


class SolutionForm(WordsForm):
    """A solution's words, and what it is sorted by."""

    theme = fields.choice(_l("Hvilken del av kommunens arbeid gjelder det?"), [UNCHOSEN, *THEMES.items()])
    evidence = fields.choice(_l("Hvor godt vet dere at den virker?"), list(EVIDENCE.items()), radio=True)
    cost_class = fields.choice(_l("Hva koster det å komme i gang?"), list(COSTS.items()), radio=True)
    size = fields.choice(_l("Hvor mange bor i kommunen der den er laget?"), list(SIZES.items()), radio=True)
    used_since = fields.date(_l("Når tok dere den i bruk?"), optional=True)
    contact_title = fields.text(_l("Hvem kan andre spørre?"), longest=120)
    licence = fields.choice(_l("Vilkår for dem som bruker den"), [(key, each.name) for key, each in LICENCES.items()])
    goals = fields.choices(_l("Bærekraftsmål"), [], coerce=int)
    subgoals = fields.choices(_l("Kommunens delmål"), [], coerce=int)
    indicators = fields.choices(_l("Indikatorer i observatoriet"), [], coerce=int)
    language = fields.choice(_l("Språket du skriver på"), list(NATIVE_NAMES.items()))
    key = HiddenField()

    def __init__(self, page: FormPage, **values: Any) -> None:
        super().__init__(**values)
        for name, kind in SERVED.items():
            self[name].choices = [(each.id, each.label) for each in page.options[kind]]
        if page.bound:
            self.licence.choices = [(page.bound.value, LICENCES[page.bound].name)]
            self.licence.description = SAME_TERMS
        if not self.is_submitted():
            self._begin(page)

    def draft(self) -> SolutionDraft:
        """Return what was written and chosen."""
        return SolutionDraft(
            words=self.words(self.language.data or language()),
            theme=Theme(self.theme.data),
            cost_class=Cost(self.cost_class.data),
            evidence=Evidence(self.evidence.data),
            size=Size(self.size.data),
            licence=Licence(self.licence.data),
            contact_title=self.contact_title.data or "",
            used_since=self.used_since.data,
            goals=tuple(self.goals.data or ()),
            subgoals=tuple(self.subgoals.data or ()),
            indicators=tuple(self.indicators.data or ()),
        )

    def form_key(self) -> str:
        """Return the key of the form; one that isn't ours is none."""
        return self.key.data if KEY.fullmatch(self.key.data or "") else ""

    def refuse(self, refusal: Invalid) -> None:
        """Put a refusal at its field; what a solution serves is refused by what the links lead to."""
        where = {kind: name for name, kind in SERVED.items()}.get(refusal.field, refusal.field)
        super().refuse(Invalid(where, refusal.message))

    def _begin(self, page: FormPage) -> None:
        for name, kind in SERVED.items():
            self[name].data = page.served(kind)
        self.key.data, self.language.data, self.licence.data = uuid.uuid4().hex, language(), Licence.CC_BY.value
        self.size.data = page.size.value if page.size else None
        if page.origin is not None:
            self._take_over(page.origin)
        if page.bound:
            self.licence.data = page.bound.value
        if page.solution is not None:
            self.fill(page.solution)
            self.version.data, self.language.data = str(page.solution.version), page.solution.language
            for name in ("theme", "cost_class", "evidence", "size", "licence", "contact_title", "used_since"):
                self[name].data = getattr(page.solution, name)

    def _take_over(self, origin: Origin) -> None:
        for name, text in origin.words.items():
            self[name].data = text[: SUMMARY if name == "summary" else LONGEST]
        self.language.data = origin.card.language
        self.cost_class.data = origin.cost_class.value if origin.cost_class else None
        self.evidence.data = origin.evidence.value if origin.evidence else None


class NoteForm(fields.Form):
    """What the home municipality says beside a solution from another portal."""

    note = fields.long_text(_l("Notatet"), longest=LONGEST, optional=True)

    def __init__(self, solution: Solution, **values: Any) -> None:
        super().__init__(**values)
        if not self.is_submitted():
            self.note.data = solution.local_note


class ButtonForm(fields.Form):
    """A button that does something at once."""
