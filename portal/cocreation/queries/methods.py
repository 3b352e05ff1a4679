"""Reading the method library: what fits what one asks for, one card, and what suits a project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.cocreation import methods, policy
from portal.cocreation.methods import Level, Method, Words
from portal.cocreation.models.finding import MethodCard
from portal.cocreation.models.projects import Project
from portal.cocreation.phases import PHASES, Phase
from portal.cocreation.queries.frame import Frame, frame
from portal.cocreation.typology import ProjectType
from portal.kernel.db import db
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.i18n import _, _l, language, ngettext
from portal.kernel.identity import Actor

OWN = "egen-"
"""What the key of a card that staff added begins with."""
HOUR, DAY, WEEK = 60, 24 * 60, 7 * 24 * 60
LEVELS: Mapping[Level, Any] = {
    Level.INFORM: _l("Informere"),
    Level.CONSULT: _l("Rådspørre"),
    Level.INVOLVE: _l("Involvere"),
    Level.COLLABORATE: _l("Samarbeide"),
    Level.DELEGATE: _l("Overlate"),
}
LEVELS_MEAN: Mapping[Level, Any] = {
    Level.INFORM: _l("Folk får vite. De bestemmer ingenting her."),
    Level.CONSULT: _l("Folk sier hva de mener. Andre bestemmer, og svarer."),
    Level.INVOLVE: _l("Folk er med og former det. Andre bestemmer til slutt."),
    Level.COLLABORATE: _l("De som er med, finner ut av det og bestemmer sammen."),
    Level.DELEGATE: _l("De som er med, bestemmer selv."),
}
OF_TYPE: Mapping[ProjectType, Any] = {
    ProjectType.STEERED: _l("styrte prosjekter"),
    ProjectType.RESPONSIBLE: _l("ansvarliggjørende prosjekter"),
    ProjectType.EQUAL: _l("likeverdige prosjekter"),
    ProjectType.FACILITATING: _l("fasiliterende prosjekter"),
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody looks for."""

    type: ProjectType | None = None
    phase: Phase | None = None
    minutes: int | None = None
    """How long one has, at the most."""
    persons: int | None = None
    """How many one is."""
    level: Level | None = None

    def fits(self, method: Method) -> bool:
        """Say whether a method can be done with what one has."""
        facts = method.facts
        chosen = (
            self.type is None or self.type in facts.types,
            self.phase is None or self.phase in facts.phases,
            self.minutes is None or facts.minutes[0] <= self.minutes,
            self.persons is None or facts.persons[0] <= self.persons <= facts.persons[1],
            self.level is None or self.level is facts.level,
        )
        return all(chosen)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A method as its reader sees it."""

    method: Method
    words: Words
    language: str
    """What the words are in: `lang` on what shows them."""

    @property
    def duration(self) -> str:
        return duration(self.method.facts.minutes)

    @property
    def persons(self) -> str:
        return persons(self.method.facts.persons)


@dataclass(frozen=True, kw_only=True)
class Suggested:
    """What suits a project, and why."""

    methods: Sequence[Shown]
    reason: str


@dataclass(frozen=True, kw_only=True)
class MethodsPage:
    """The library as somebody asked for it."""

    methods: Sequence[Shown]
    number: int
    """How many there are in all."""
    project: Frame | None
    """Whom they are suggested for."""
    reason: str
    retired: Sequence[Shown]
    """Those out of use, for who may bring them back."""
    may_manage: bool


@dataclass(frozen=True, kw_only=True)
class MethodPage:
    """One card."""

    shown: Shown
    may_manage: bool


def methods_page(actor: Actor, asked: Asked, project_id: int | None = None) -> MethodsPage:
    """Return the methods that fit. For a project those that suit it, unless something else is asked for too."""
    every = _every()
    project = frame(actor, project_id) if project_id else None
    in_use = [each for each in every if not each.is_retired]
    if project:
        found = [each for each in _for(project.project, in_use) if asked.fits(each)]
    else:
        found = sorted((each for each in in_use if asked.fits(each)), key=_title)
    may_manage = policy.may_manage_methods(actor)
    return MethodsPage(
        methods=_shown(found),
        number=len(in_use),
        project=project,
        reason=reason(project.project) if project else "",
        retired=_shown([each for each in every if each.is_retired]) if may_manage else (),
        may_manage=may_manage,
    )


def method_page(actor: Actor, key: str) -> MethodPage:
    """Return one card; what is out of use is there for staff only. Raises NotFound."""
    may_manage = policy.may_manage_methods(actor)
    own = key.removeprefix(OWN) if key.startswith(OWN) else ""
    if own.isascii() and own.isdecimal() and len(own) < 10:
        card = db.session.get(MethodCard, int(own))
        found = _method(card) if card else None
    else:
        found = next((each for each in methods.packaged() if each.key == key), None)
    if found is None or (found.is_retired and not may_manage):
        raise NotFound(_l("Vi finner ikke denne metoden. Den kan være tatt ut av bruk."))
    return MethodPage(shown=_show(found), may_manage=may_manage)


def own_card(actor: Actor, method_id: int) -> MethodCard:
    """Return a card of the municipality's own, to be changed. Raises Forbidden, NotFound."""
    if not policy.may_manage_methods(actor):
        raise Forbidden
    card = db.session.get(MethodCard, method_id)
    if card is None:
        raise NotFound(_l("Vi finner ikke denne metoden. Den kan være tatt ut av bruk."))
    return card


def suggested(project: Project, lang: str, limit: int = 3) -> Suggested:
    """Return what suits a project's type and phase, in a language, and why. One statement."""
    found = _for(project, _every())[:limit]
    return Suggested(methods=[_show(each, lang) for each in found], reason=reason(project))


def reason(project: Project) -> str:
    """Say why methods are suggested for a project."""
    phase = str(PHASES[project.phase])
    if project.type is None:
        return str(_("Passer i fasen «%(phase)s»", phase=phase))
    return str(_("Passer for %(projects)s i fasen «%(phase)s»", projects=OF_TYPE[project.type], phase=phase))


def duration(minutes: tuple[int, int]) -> str:
    """Return a span of time in words: «30–60 minutter», «1½–3 timer», «2 dager–6 uker»."""
    first, last = (_unit(each, minutes[1]) for each in minutes)
    if first[1] == last[1]:
        return _in_unit(_numbers(first[0], last[0]), *last)
    return f"{_in_unit(_half(first[0]), *first)}–{_in_unit(_half(last[0]), *last)}"


def persons(span: tuple[int, int]) -> str:
    """Return how many persons in words: «4–20 personer»."""
    return str(ngettext("%(span)s person", "%(span)s personer", span[1], span=_numbers(*span)))


def _for(project: Project, every: Sequence[Method]) -> list[Method]:
    return methods.suited(every, project.type, project.phase)


def _every() -> list[Method]:
    own = db.session.scalars(sa.select(MethodCard).order_by(MethodCard.id))
    return [*methods.packaged(), *(_method(card) for card in own)]


def _method(card: MethodCard) -> Method:
    retired = card.retired_at is not None
    return methods.method(f"{OWN}{card.id}", card.texts, card.facts, own_id=card.id, is_retired=retired)


def _title(method: Method) -> str:
    return method.in_(language())[0].title.casefold()


def _shown(found: Sequence[Method]) -> list[Shown]:
    return [_show(each) for each in found]


def _show(method: Method, lang: str | None = None) -> Shown:
    words, code = method.in_(lang or language())
    return Shown(method=method, words=words, language=code)


def _unit(minutes: int, longest: int) -> tuple[float, int]:
    """Return a time in the unit people would use, when the longest of the span is known."""
    if minutes >= DAY:
        unit = WEEK if minutes % WEEK == 0 else DAY
    else:
        unit = HOUR if longest > 90 and minutes % (HOUR // 2) == 0 and minutes >= HOUR else 1
    return minutes / unit, unit


def _in_unit(written: str, number: float, unit: int) -> str:
    amount = 1 if number == 1 else 2
    named = {
        1: lambda: ngettext("%(span)s minutt", "%(span)s minutter", amount, span=written),
        HOUR: lambda: ngettext("%(span)s time", "%(span)s timer", amount, span=written),
        DAY: lambda: ngettext("%(span)s dag", "%(span)s dager", amount, span=written),
        WEEK: lambda: ngettext("%(span)s uke", "%(span)s uker", amount, span=written),
    }
    return str(named[unit]())


def _numbers(first: float, last: float) -> str:
    return _half(last) if first == last else f"{_half(first)}–{_half(last)}"


def _half(number: float) -> str:
    """Return a whole or half number as every language writes it; other parts of days are rounded up."""
    whole = int(number)
    if number == whole:
        return str(whole)
    return f"{whole or ''}½" if number - whole == 0.5 else str(whole + 1)
