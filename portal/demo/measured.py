"""The demo's measures: what the municipality has answered to two published rounds, and how it is going."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from portal.accounts.models import ServiceArea
from portal.cocreation.events.projects import PROJECT
from portal.cocreation.models.projects import Project
from portal.ideas.events.ideas import IDEA
from portal.ideas.models.ideas import Idea
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import atomic, db
from portal.kernel.identity import Actor
from portal.observatorium.actions.measures import (
    AnswerDraft,
    EntryDraft,
    MeasureDraft,
    answer_indicator,
    link_measure,
    log_measure,
    make_measure,
)
from portal.observatorium.following_up import MeasureStatus
from portal.observatorium.models.rounds import Round, RoundState
from portal.observatorium.queries.measures import owed_answers
from portal.solutions.events.solutions import SOLUTION
from portal.solutions.models.solutions import Solution

PLANNED, UNDER_WAY, DONE, STOPPED = MeasureStatus
ANSWERED = 4
"""How many of what the newest round asks for has an answer; the rest is left for whoever tries the demo."""
KINDS: Mapping[str, tuple[str, type[Idea | Project | Solution]]] = {
    "idea": (IDEA, Idea),
    "project": (PROJECT, Project),
    "solution": (SOLUTION, Solution),
}


@dataclass(frozen=True, kw_only=True)
class Told:
    """A measure: of the round before last (0) or the last (1), when it was made and is due, and its log."""

    round: int
    indicator: str
    title: str
    description: str
    responsible: str
    made: int
    """Days ago."""
    due: int
    """Days from now."""
    area: int | None = None
    log: Sequence[tuple[int, MeasureStatus, str]] = ()
    """Days ago, the status then, and what was told."""
    links: Sequence[tuple[str, str]] = ()
    """Kind and title of what carries it out."""


MEASURES = (
    Told(
        round=0,
        indicator="1.8",
        title="Svare alle som har gitt innspill",
        description="Alle som svarer på en høring, får vite hva som ble bestemt, og hva innspillet førte til.",
        responsible="kommunikasjonssjef",
        made=640,
        due=-260,
        log=(
            (600, UNDER_WAY, "Malen for svar er laget sammen med fem som hadde klaget."),
            (270, DONE, "Fra nå av får alle svar når saken er avgjort. Vi har sendt 412 svar."),
        ),
        links=(("idea", "Vis hva som ble av innspillet mitt"),),
    ),
    Told(
        round=0,
        indicator="2.6",
        title="Kveldsbuss på prøve fra Sætre",
        description="Sammen med idrettslagene prøver vi en buss på bestilling etter trening.",
        responsible="leder for samferdsel",
        made=620,
        due=60,
        area=3,
        log=(
            (500, UNDER_WAY, "Tre idrettslag er med. Vi venter på svar fra Ruter."),
            (40, UNDER_WAY, "Prøven er i gang to kvelder i uka."),
        ),
        links=(("idea", "Nattbuss hjem fra trening"),),
    ),
    Told(
        round=0,
        indicator="3.8",
        title="Egen boligportal for unge",
        description="En portal der unge kan finne kommunale boliger å leie.",
        responsible="boligsjef",
        made=610,
        due=-120,
        log=(
            (
                400,
                STOPPED,
                "Avbrutt: det finnes en løsning i en annen kommune som gjør det samme. Vi tar den i bruk i stedet.",
            ),
        ),
        links=(("idea", "Kortere vei til råd om bolig"),),
    ),
    Told(
        round=1,
        indicator="1.8",
        title="Vise hva som ble av hvert innspill",
        description="Hver høring får en side der alle innspill står med hva de førte til.",
        responsible="kommunikasjonssjef",
        made=300,
        due=120,
        log=((96, UNDER_WAY, "Den første siden er laget for sentrumsplanen."),),
        links=(("idea", "Vis hva som ble av innspillet mitt"),),
    ),
    Told(
        round=1,
        indicator="3.8",
        title="Ti utleieboliger til unge i Heggedal",
        description="Vi leier inn ti små boliger og leier dem ut i tre år om gangen.",
        responsible="boligsjef",
        made=290,
        due=-30,
        log=((60, UNDER_WAY, "Fire boliger er leid inn. Resten tar lengre tid enn vi trodde."),),
    ),
    Told(
        round=1,
        indicator="4.9",
        title="Bytte ut dieselbilene i hjemmetjenesten",
        description="Alle nye biler er elektriske, og ladere kommer på alle basene.",
        responsible="leder for drift",
        made=280,
        due=200,
        area=3,
        log=((30, UNDER_WAY, "31 av 48 biler er byttet."),),
    ),
    Told(
        round=1,
        indicator="2.6",
        title="Sykkelhus ved stasjonene",
        description="Sykkelparkering med tak ved tre stasjoner, med plass til lastesykler.",
        responsible="leder for samferdsel",
        made=25,
        due=340,
        area=3,
        links=(("idea", "Sykkelparkering med tak ved stasjonen"),),
    ),
    Told(
        round=1,
        indicator="3.6",
        title="Middag sammen i tre lokalsamfunn",
        description="Frivillige og sykehjem lager middag sammen, åpent for alle som vil ha selskap.",
        responsible="folkehelsekoordinator",
        made=250,
        due=90,
        log=((20, UNDER_WAY, "I gang i Heggedal. Tofte begynner etter jul."),),
        links=(("project", "Middag sammen i Heggedal"), ("idea", "Varmestue for eldre på Borgen")),
    ),
)
WORDS = (
    "Takk for tydelige svar. Vi er ikke der vi skal være, og tar dette opp i økonomiplanen til våren.",
    "Vi hører det dere sier. Gruppene ser ulikt på dette, og vi inviterer til et møte om hva som ligger bak.",
    "Her mener vi at vi gjør det loven krever, men ser at det ikke oppleves slik. Vi går gjennom rutinene våre.",
    "Dette har vi ikke penger til å endre i år. Vi kommer tilbake til det i neste runde.",
)


def load(cast: Mapping[str, Actor], areas: Sequence[ServiceArea]) -> None:
    """Make the measures and the answers, each at the time it was."""
    coordinator = cast["coordinator"]
    slugs = db.session.scalars(
        sa.select(Round.slug).where(Round.state == RoundState.PUBLISHED).order_by(Round.opens_at)
    ).all()
    for place, told in enumerate(MEASURES):
        area = None if told.area is None else areas[told.area].id
        _measure(coordinator, slugs[told.round], told, area, f"demo-{place}")
    with clock.moved(-timedelta(days=200)):
        _answer(coordinator, slugs[-1])


def _measure(coordinator: Actor, slug: str, told: Told, area: int | None, key: str) -> None:
    deadline = clock.today() + timedelta(days=told.due)
    draft = MeasureDraft(
        title=told.title,
        description=told.description,
        responsible=told.responsible,
        deadline=deadline,
        service_area_id=area,
    )
    with clock.moved(-timedelta(days=told.made)):
        measure = make_measure(coordinator, slug, told.indicator, draft, key=key)
    for place, (days_ago, status, text) in enumerate(told.log):
        with clock.moved(-timedelta(days=days_ago)):
            log_measure(coordinator, measure.id, EntryDraft(text=text, status=status), key=f"{key}-{place}")
    for kind, title in told.links:
        if ref := _find(kind, title):
            link_measure(coordinator, measure.id, ref)


@atomic
def _answer(coordinator: Actor, slug: str) -> None:
    newest = db.session.scalars(sa.select(Round).where(Round.slug == slug)).one()
    for owed, words in list(zip(owed_answers(newest), WORDS, strict=False))[:ANSWERED]:
        answer_indicator(coordinator, slug, owed.indicator.number, AnswerDraft(text=words))


def _find(kind: str, title: str) -> Ref | None:
    """Return something of the demo that everybody can see, by its title."""
    name, model = KINDS[kind]
    found = sa.select(model.id).where(model.title == title, model.state == PublicationState.PUBLISHED)
    id_ = db.session.scalars(found).first()
    return None if id_ is None else Ref(name, id_)
