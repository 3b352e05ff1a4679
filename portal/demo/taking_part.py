"""What people of the demo ask and answer about the indicators, over the last months, with a moderator who reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from portal.accounts.models import Byline
from portal.kernel import clock
from portal.kernel.content import Ref
from portal.kernel.identity import Actor
from portal.moderation.actions.decisions import DecisionDraft, decide
from portal.moderation.actions.queueing import open_case
from portal.moderation.models import Verdict
from portal.moderation.queries.cases import case_page
from portal.observatorium.catalogue import row_number
from portal.observatorium.events.rounds import COMMENT, INDICATOR
from portal.observatorium.models.rounds import Comment
from portal.participation.actions.joining import follow, support
from portal.participation.actions.writing import ContributionDraft, contribute
from portal.participation.events import CONTRIBUTION
from portal.participation.models import Contribution, Form


@dataclass(frozen=True)
class Asked:
    """A question about an indicator, the municipality's answer and what others replied."""

    days_ago: int
    indicator: str
    text: str
    answer: str = ""
    replies: Sequence[str] = ()
    byline: Byline = Byline.NAME
    spam: bool = False


ASKED = (
    Asked(
        101,
        "1.8",
        "Hvor kan jeg lese hva som ble av innspillene til sentrumsplanen?",
        "Alle innspillene er samlet i saksframlegget til formannskapet, med vårt svar på hvert av dem.",
        ("Fint å vite! Kunne dere sendt lenken til dem som ga innspill?",),
    ),
    Asked(97, "2.6", "Billige klokker! https://klokker.example https://vesker.example https://sko.example", spam=True),
    Asked(
        92,
        "2.6",
        "Er det planer om flere bussavganger fra Sætre om kvelden?",
        "Ja. Fra januar går det buss hver halvtime til klokka 23 på hverdager.",
        ("Endelig! Da slipper vi å hente ungdommene.", "Hva med søndagene?"),
    ),
    Asked(77, "3.2", "Blir lysløypa i Heggedal tent også i oktober?", "Ja, den er tent fra 1. oktober til 15. april."),
    Asked(
        68,
        "3.8",
        "Hvor mange kommunale boliger står tomme akkurat nå?",
        "Elleve av 412. De fleste pusses opp og er klare før jul.",
        byline=Byline.PSEUDONYM,
    ),
    Asked(63, "4.3", "Billige vesker! https://klokker.example https://vesker.example https://sko.example", spam=True),
    Asked(
        55,
        "4.9",
        "Når blir kommunens egne biler elektriske?",
        "Seks av ti er det i dag. De siste byttes ut i løpet av to år.",
        ("Seks av ti er bra, men renovasjonsbilene da?",),
    ),
    Asked(
        41, "1.7", "Kan møtene i kommunestyret tekstes?", "Opptakene tekstes fra høsten. Vi prøver direkte teksting nå."
    ),
    Asked(
        29,
        "3.5",
        "Hvem ringer jeg når legekontoret er stengt?",
        "Legevakten, på 116 117. Er det fare for liv, ring 113.",
    ),
    Asked(12, "2.3", "Hvordan klager man på byggesaksgebyret?", byline=Byline.PSEUDONYM),
    Asked(5, "4.1", "Kan hageavfall hentes oftere om våren?"),
)


def load(random: Random, cast: Mapping[str, Actor], people: Sequence[Actor], comments: Sequence[Comment]) -> None:
    """Let people ask, the municipality answer and others join in; comments of the open round get support too."""
    for number, asked in enumerate(ASKED):
        with clock.moved(-timedelta(days=asked.days_ago)):
            question = _ask(people[-1 - number], asked)
        with clock.moved(-timedelta(days=asked.days_ago, hours=-random.randrange(1, 40))):
            _read(cast["moderator"], question, spam=asked.spam)
        if not asked.spam:
            _join(random, cast, people, asked, question)
    for comment in comments:
        for each in random.sample(people, k=random.randrange(3, 12)):
            if each.id != comment.author_id:
                support(each, Ref(COMMENT, comment.id))


def _ask(author: Actor, asked: Asked) -> Contribution:
    draft = ContributionDraft(text=asked.text, form=Form.QUESTION, byline=asked.byline)
    return contribute(author, Ref(INDICATOR, row_number(asked.indicator)), draft)


def _read(moderator: Actor, written: Contribution, *, spam: bool = False) -> None:
    case = open_case(moderator, Ref(CONTRIBUTION, written.id))
    mark = case_page(moderator, case.id).fingerprint
    verdict, rule = (Verdict.REJECT, "spam") if spam else (Verdict.APPROVE, "")
    decide(moderator, case.id, DecisionDraft(verdict=verdict, rule=rule, version=case.version, fingerprint=mark))


def _join(random: Random, cast: Mapping[str, Actor], people: Sequence[Actor], asked: Asked, to: Contribution) -> None:
    ref = Ref(CONTRIBUTION, to.id)
    with clock.moved(-timedelta(days=max(0, asked.days_ago - 2))):
        if asked.answer:
            contribute(cast["coordinator"], ref, ContributionDraft(text=asked.answer, is_official=True))
        for text in asked.replies:
            reply = contribute(random.choice(people), ref, ContributionDraft(text=text))
            _read(cast["moderator"], reply)
        for each in random.sample(people, k=random.randrange(2, 25)):
            if each.id != to.author_id:
                support(each, ref)
        for each in random.sample(people, k=random.randrange(1, 6)):
            follow(each, Ref(INDICATOR, row_number(asked.indicator)))
