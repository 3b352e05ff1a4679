"""What needs somebody now: how much of each thing waits for them, in words and with the way there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.kernel.i18n import ngettext


@dataclass(frozen=True, kw_only=True)
class Duty:
    """One pile of things that wait for somebody."""

    count: int
    words: str
    """What they are, after the number: «saker venter på svar»."""
    endpoint: str
    values: Mapping[str, Any]
    is_late: bool


@dataclass(frozen=True)
class _Pile:
    key: str
    words: Callable[[int], str]
    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)
    is_late: bool = False


PILES: Sequence[_Pile] = (
    _Pile(
        "cases_late",
        lambda n: ngettext("idé skulle hatt svar", "ideer skulle hatt svar", n),
        "ideas_cases.desk",
        is_late=True,
    ),
    _Pile(
        "moderation_late",
        lambda n: ngettext("tekst har ventet for lenge på moderator", "tekster har ventet for lenge på moderator", n),
        "moderation.queue",
        is_late=True,
    ),
    _Pile(
        "ideas_changes",
        lambda n: ngettext("idé må endres før den kan vises", "ideer må endres før de kan vises", n),
        "ideas_propose.mine",
        is_late=True,
    ),
    _Pile(
        "solutions_changes",
        lambda n: ngettext("løsning må endres før den kan vises", "løsninger må endres før de kan vises", n),
        "solutions_sharing.mine",
        is_late=True,
    ),
    _Pile(
        "solutions_questions",
        lambda n: ngettext("spørsmål om løsningene deres er ubesvart", "spørsmål om løsningene deres er ubesvart", n),
        "solutions_sharing.mine",
    ),
    _Pile(
        "cases_due",
        lambda n: ngettext("idé skal ha svar i løpet av tre dager", "ideer skal ha svar i løpet av tre dager", n),
        "ideas_cases.desk",
    ),
    _Pile(
        "moderation_open",
        lambda n: ngettext("tekst venter på moderator", "tekster venter på moderator", n),
        "moderation.queue",
    ),
    _Pile(
        "cases_mine",
        lambda n: ngettext("sak er din", "saker er dine", n),
        "ideas_cases.desk",
        {"utvalg": "mine"},
    ),
    _Pile(
        "project_asking",
        lambda n: ngettext("vil være med i prosjektet ditt", "vil være med i prosjektene dine", n),
        "cocreation_projects.mine",
    ),
    _Pile(
        "project_tasks",
        lambda n: ngettext("oppgave i prosjekter er din", "oppgaver i prosjekter er dine", n),
        "cocreation_projects.mine",
    ),
    _Pile(
        "project_meetings",
        lambda n: ngettext(
            "møte du har meldt deg på, de neste sju dagene", "møter du har meldt deg på, de neste sju dagene", n
        ),
        "cocreation_projects.mine",
    ),
    _Pile(
        "adoptions_going",
        lambda n: ngettext("løsning dere vurderer eller prøver ut", "løsninger dere vurderer eller prøver ut", n),
        "solutions_adopting.mine",
    ),
    _Pile(
        "ideas_drafts",
        lambda n: ngettext("utkast er ikke sendt inn", "utkast er ikke sendt inn", n),
        "ideas_propose.mine",
    ),
)
"""In the order of how much they press."""


def duties(counts: Mapping[str, int], shown: int) -> list[Duty]:
    """Return the piles with anything in them, those that press first; what is late is told once, as late."""
    found = [
        Duty(
            count=counts[pile.key],
            words=pile.words(counts[pile.key]),
            endpoint=pile.endpoint,
            values=pile.values,
            is_late=pile.is_late,
        )
        for pile in PILES
        if counts.get(pile.key)
    ]
    return found[:shown]
