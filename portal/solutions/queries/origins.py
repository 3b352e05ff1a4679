"""What a solution can be filled in with: what an idea or project says, what it serves, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.goals import queries as goals
from portal.kernel.content import Card, Ref
from portal.kernel.db import db
from portal.kernel.extensions import content
from portal.kernel.i18n import _, in_language
from portal.kernel.identity import Actor
from portal.places.models import Location
from portal.places.queries import location
from portal.portfolio.models import Benefit
from portal.portfolio.queries.panels import results
from portal.portfolio.realisation import Unit
from portal.solutions.events.solutions import SOLUTION
from portal.solutions.facts import ORIGINS, SHARE_ALIKE, Cost, Evidence, Licence
from portal.solutions.models.solutions import Solution
from portal.ui.filters import date, kroner, number

LOW_ORE, MIDDLE_ORE = 100_000_00, 1_000_000_00
FIELDS: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "summary": ("summary",),
    "problem": ("challenge", "problem"),
    "core": ("solution", "core"),
    "adaptable": ("adaptable",),
    "context": ("usefulness", "goal"),
    "prerequisites": ("prerequisites",),
    "results": ("learning",),
    "risk": ("risk",),
    "procedures": ("procedures",),
}
"""Which texts of an idea, a project or another's solution say what of a solution."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What a solution is made of: how it is shown, and everything it tells that a solution also tells."""

    card: Card
    words: Mapping[str, str]
    serves: Sequence[Ref]
    cost_class: Cost | None
    """None: nothing is known of money."""
    evidence: Evidence | None
    """None: nobody has measured it."""


def origin(actor: Actor, ref: Ref | None) -> Origin | None:
    """Return what is known of an idea or project, or another's solution that one has made one's own of.

    What came of another's solution there is theirs to tell. None of what can't be read, as if it weren't there.
    """
    if ref is None or ref.kind not in ORIGINS or not content().may(actor, ref, "read"):
        return None
    card = content().cards([ref]).get(ref)
    written = content().written([ref]).get(ref)
    if card is None or written is None:
        return None
    words = {name: _joined(written.fields.get(each, "") for each in of) for name, of in FIELDS.items()}
    measured: Sequence[Benefit] = ()
    paid_ore = 0
    if ref.kind != SOLUTION:
        measured, paid_ore = results(ref)
        with in_language(card.language):
            words |= _known(words, location(ref), measured, paid_ore)
    return Origin(
        card=card,
        words=words,
        serves=goals.links([ref])[ref],
        cost_class=cost_of(paid_ore) if paid_ore else None,
        evidence=Evidence.MEASURED if any(each.baseline_value is not None for each in measured) else None,
    )


def binding_licence(origin: Ref | None, now: Licence | None = None) -> Licence | None:
    """Return the licence that a solution must have because of the solution it is made of; None when it is free.

    `now`: the licence of one that is shared already: whoever took over under free terms isn't bound by later ones.
    """
    if origin is None or origin.kind != SOLUTION or (now is not None and now not in SHARE_ALIKE):
        return None
    found = db.session.scalar(sa.select(Solution.licence).where(Solution.id == origin.id))
    return found if found in SHARE_ALIKE else None


def cost_of(ore: int) -> Cost:
    """Return the class that a sum in øre is in."""
    if ore <= 0:
        return Cost.NONE
    if ore < LOW_ORE:
        return Cost.LOW
    return Cost.MIDDLE if ore <= MIDDLE_ORE else Cost.HIGH


def _known(
    words: Mapping[str, str], place: Location | None, measured: Sequence[Benefit], paid_ore: int
) -> dict[str, str]:
    """Return the texts that what is known of places, results and money is told in."""
    found = {"results": _joined([*(_result(each) for each in measured), words["results"]])}
    if place is not None and place.neighbourhood is not None:
        found["context"] = _joined([_("Lokalsamfunn: %(name)s.", name=place.neighbourhood.name), words["context"]])
    if paid_ore:
        found["cost"] = _("Vi brukte %(sum)s i innovasjonsmidler.", sum=kroner(paid_ore))
    return found


def _result(benefit: Benefit) -> str:
    """Say what was measured, and what was learnt of it, in a paragraph."""
    units = {Unit.KRONER: _("kroner"), Unit.HOURS: _("timer")}
    values = {
        "title": benefit.title,
        "before": number(benefit.baseline_value or 0),
        "after": number(benefit.latest_value or 0),
        "unit": units.get(benefit.unit, benefit.unit_word),
        "day": date(benefit.measured_on) if benefit.measured_on else "",
    }
    if benefit.baseline_value is None:
        said = _("%(title)s: %(after)s %(unit)s, målt %(day)s.", **values)
    else:
        said = _("%(title)s: fra %(before)s til %(after)s %(unit)s, målt %(day)s.", **values)
    return f"{said} {benefit.learning}".strip()


def _joined(texts: Iterable[str]) -> str:
    return "\n\n".join(text for text in texts if text)
