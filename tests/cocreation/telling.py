"""News, a decision and an input for tests of pages, and a method of the municipality's own."""

from __future__ import annotations

from portal.cocreation.actions.inputs import InputDraft, give_input
from portal.cocreation.actions.methods import MethodDraft, add_method
from portal.cocreation.actions.news import DecisionDraft, NewsDraft, write_decision, write_news
from portal.cocreation.models.finding import MethodCard
from portal.cocreation.models.projects import Project
from portal.kernel import clock
from portal.kernel.identity import Actor
from tests.support.cocreation import let_through

KEY = "told"
"""Of everything written here."""
NB = {"title": "Sang i kor", "audience": "Alle", "goal": "Bli kjent.", "how": ["Syng.", "Lytt."]}


def told_in(actor: Actor, project: Project) -> dict[str, int]:
    """Return the number of what each page of news, decisions and input is about, written by a member."""
    news = write_news(actor, project.id, NewsDraft(title="Kjøkkenet er malt", text="Klart til middag."), key=KEY)
    made = DecisionDraft(what="Vi åpner", why="Alt er klart.", decided_by="Partene", decided_on=clock.today())
    decision = write_decision(actor, project.id, made, key=KEY)
    given = give_input(actor, project.id, InputDraft(text="Ta med barna også."), key=KEY)
    for post in (news, decision, given):
        let_through(post)
    about = dict.fromkeys(("edit", "withdraw"), news.id) | {"change_decision": decision.id}
    about |= dict.fromkeys(("change_input", "withdraw_input", "answer"), given.id)
    return {f"cocreation_news.{name}": number for name, number in about.items()}


def a_method(actor: Actor) -> MethodCard:
    """Return a method that an innovation adviser added."""
    draft = MethodDraft(
        texts={"nb": NB}, minutes=(30, 60), persons=(4, 40), level="involve", types=("equal",), phases=("need",)
    )
    return add_method(actor, draft, key=KEY)
