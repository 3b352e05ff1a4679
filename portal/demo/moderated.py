"""What moderators of the demo have to do: texts that wait, one reported, one decided with reasons, and a complaint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from portal.kernel import clock
from portal.kernel.content import Ref
from portal.kernel.identity import ANONYMOUS, Actor
from portal.moderation.actions.appeals import AppealDraft, appeal
from portal.moderation.actions.decisions import DecisionDraft, decide
from portal.moderation.actions.queueing import open_case
from portal.moderation.actions.reports import ReportDraft, report
from portal.moderation.models import Decision, Verdict
from portal.moderation.queries.cases import case_page
from portal.observatorium.actions.comments import CommentDraft, comment
from portal.observatorium.events.rounds import COMMENT
from portal.observatorium.models.rounds import Comment

WAITING = (
    ("2.1", "Ring meg på 912 34 567 eller skriv til ola@eksempel.example, så forteller jeg hva som skjedde."),
    ("2.3", "Kommunen burde skamme seg. Dette er det dårligste tilbudet jeg har sett, og rådmannen gjør ingenting!"),
    ("4.1", "Billige klokker! https://klokker.example https://vesker.example https://sko.example"),
    ("4.2", "Billige vesker! https://klokker.example https://vesker.example https://sko.example"),
    ("4.3", "Fint at elva er ren igjen, men hvem passer på at den fortsetter å være det?"),
)
MASKED = ("2.2", "Saksbehandleren heter Kari Nordmann, bor i Lia 3, og svarer aldri. Ring 22 33 44 55!")
REJECTED = ("3.1", "Du som eier kiosken, vi vet hvor du bor.")


def load(cast: Mapping[str, Actor], raters: Sequence[Actor], shown: Sequence[Comment], slug: str) -> None:
    """Let some texts be shown, and make a queue with work in it; `shown` were written two days ago."""
    moderator = cast["moderator"]
    with clock.moved(-timedelta(days=2)):
        for each in shown:
            decided(moderator, each)
        for place, (indicator, text) in enumerate(WAITING[:2]):
            write(raters[place], slug, indicator, text)
    with clock.moved(-timedelta(days=1)):
        masked = decided(
            moderator,
            write(cast["resident"], slug, *MASKED),
            Verdict.MASK,
            rule="personal_data",
            facts="Navn, adresse og telefonnummer til en ansatt.",
            passages=[("text", 22, 48), ("text", 72, 83)],
        )
        decided(
            moderator,
            write(raters[2], slug, *REJECTED),
            Verdict.REJECT,
            rule="threats",
            facts="Setningen om hvor en navngitt person bor.",
        )
    for place, (indicator, text) in enumerate(WAITING[2:]):
        write(raters[place + 3], slug, indicator, text)
    reported = Ref(COMMENT, shown[0].id)
    report(cast["resident2"], ReportDraft(ref=reported, rule="off_topic", text="Dette handler ikke om indikatoren."))
    report(ANONYMOUS, ReportDraft(ref=reported, rule="spam"))
    appeal(cast["resident"], AppealDraft(text="Hun er leder og svarer for tjenesten.", decision_id=masked.id))


def write(actor: Actor, slug: str, indicator: str, text: str) -> Comment:
    return comment(actor, CommentDraft(round=slug, indicator=indicator, text=text))


def decided(moderator: Actor, written: Comment, verdict: Verdict = Verdict.APPROVE, **words: Any) -> Decision:
    """Decide about a comment by the form that a moderator would have before them."""
    case = open_case(moderator, Ref(COMMENT, written.id))
    mark = case_page(moderator, case.id).fingerprint
    return decide(moderator, case.id, DecisionDraft(verdict=verdict, version=case.version, fingerprint=mark, **words))


def let_through(moderator: Actor, ref: Ref) -> None:
    """Show something that waits, as a moderator who has read it; what is shown already stays so."""
    case = open_case(moderator, ref)
    mark = case_page(moderator, case.id).fingerprint
    decide(moderator, case.id, DecisionDraft(verdict=Verdict.APPROVE, version=case.version, fingerprint=mark))
