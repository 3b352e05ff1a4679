"""What staff fill in about a method, in three languages."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import HiddenField

from portal.cocreation.actions.methods import MethodDraft
from portal.cocreation.methods import LANGUAGES, LINES, LISTS, MOST_PERSONS, NEEDED, Level
from portal.cocreation.models.finding import MethodCard
from portal.cocreation.phases import PHASES
from portal.cocreation.queries.methods import DAY, HOUR, LEVELS, WEEK, duration
from portal.cocreation.typology_words import TYPES
from portal.kernel import fields
from portal.kernel.i18n import _l

KEY = re.compile(r"[0-9a-zA-Z-]{1,36}")
VERSION = re.compile(r"[0-9]{1,9}")
TIMES: Sequence[int] = (
    *(15, 30, 45, HOUR, 90, 2 * HOUR, 3 * HOUR, 4 * HOUR, 6 * HOUR, 8 * HOUR),
    *(DAY, 2 * DAY, 3 * DAY, WEEK, 2 * WEEK, 3 * WEEK, 4 * WEEK, 6 * WEEK, 8 * WEEK, 12 * WEEK, 26 * WEEK),
)
"""What one can choose between, in minutes: people don't count a week in them."""
IN: Mapping[str, Any] = {"nb": _l("på bokmål"), "nn": _l("på nynorsk"), "en": _l("på engelsk")}
NAMES: Mapping[str, Any] = {
    "title": _l("Navn"),
    "audience": _l("Hvem den er for"),
    "goal": _l("Hva den er bra til"),
    "how": _l("Slik gjør dere"),
    "tips": _l("Tips"),
    "equipment": _l("Det dere trenger"),
}
LINE = _l("Én linje for hver.")


class _MethodForm(fields.Form):
    """What is the same in every language; the texts are called `<name>_<language>`."""

    minutes_first = fields.choice(_l("Tar minst"), [], coerce=int)
    minutes_last = fields.choice(_l("Tar høyst"), [], coerce=int)
    persons_first = fields.number(_l("Færrest personer"), lowest=1, highest=MOST_PERSONS)
    persons_last = fields.number(_l("Flest personer"), lowest=1, highest=MOST_PERSONS)
    level = fields.choice(
        _l("Hvor mye de som er med, bestemmer"), [(each.value, LEVELS[each]) for each in Level], radio=True
    )
    types = fields.choices(_l("Typer den passer for"), [(each.value, words.name) for each, words in TYPES.items()])
    phases = fields.choices(_l("Faser den passer i"), [(each.value, name) for each, name in PHASES.items()])
    key = HiddenField()
    version = HiddenField()

    def __init__(self, card: MethodCard | None = None) -> None:
        super().__init__()
        facts = card.facts if card else {}
        every = sorted({*TIMES, *facts.get("minutes", ())})
        self.minutes_first.choices = self.minutes_last.choices = [(each, duration((each, each))) for each in every]
        if not self.is_submitted():
            self._fill(card)

    def texts(self) -> dict[str, dict[str, Any]]:
        """Return what is written in each language."""
        return {
            code: {name: self[f"{name}_{code}"].data or "" for name in LINES}
            | {name: _lines(self[f"{name}_{code}"].data) for name in LISTS}
            for code in LANGUAGES
        }

    def is_begun(self, code: str) -> bool:
        """Say whether something is written, or to be mended, in a language."""
        return any(self[f"{name}_{code}"].data or self[f"{name}_{code}"].errors for name in NAMES)

    def draft(self) -> MethodDraft:
        """Return what was filled in."""
        return MethodDraft(
            texts=self.texts(),
            minutes=(self.minutes_first.data, self.minutes_last.data),
            persons=(self.persons_first.data, self.persons_last.data),
            level=self.level.data,
            types=tuple(self.types.data or ()),
            phases=tuple(self.phases.data or ()),
        )

    def form_key(self) -> str:
        """Return what makes the same form twice one; another's nonsense is a new one."""
        return self.key.data if KEY.fullmatch(self.key.data or "") else uuid.uuid4().hex

    def form_version(self) -> int:
        """Return which version it was made from; nonsense is a version nothing has."""
        return int(self.version.data) if VERSION.fullmatch(self.version.data or "") else -1

    def _fill(self, card: MethodCard | None) -> None:
        if card is None:
            self.key.data = uuid.uuid4().hex
            self.minutes_first.data, self.minutes_last.data = HOUR, 2 * HOUR
            return
        self.version.data = str(card.version)
        self.minutes_first.data, self.minutes_last.data = card.facts["minutes"]
        self.persons_first.data, self.persons_last.data = card.facts["persons"]
        for name in ("level", "types", "phases"):
            self[name].data = card.facts[name]
        for code, texts in card.texts.items():
            for name in LINES:
                self[f"{name}_{code}"].data = texts[name]
            for name in LISTS:
                self[f"{name}_{code}"].data = "\n".join(texts[name])


def _lines(written: str | None) -> list[str]:
    return [line.strip() for line in (written or "").splitlines() if line.strip()]


def _field(name: str, code: str) -> Any:
    label = _l("%(what)s %(language)s", what=NAMES[name], language=IN[code])
    is_optional = code != LANGUAGES[0] or name not in NEEDED
    if name in LISTS:
        return fields.long_text(label, longest=3000, optional=is_optional, description=LINE)
    return fields.text(label, longest=200 if name != "goal" else 400, optional=is_optional)


MethodForm: Any = type(
    "MethodForm",
    (_MethodForm,),
    {f"{name}_{code}": _field(name, code) for code in LANGUAGES for name in NAMES},
)
