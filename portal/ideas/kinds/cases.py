"""What notices point to in the cases: a step that was told, the question whether it helped, the staff's pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from portal.ideas import policy
from portal.ideas.events.cases import CASE, DESK, STEP, VERDICT
from portal.ideas.events.ideas import IDEA
from portal.ideas.kinds import ideas
from portal.ideas.models.cases import CaseStep
from portal.ideas.models.ideas import Idea
from portal.ideas.queries.cases import step_heading
from portal.kernel.content import Card, ContentKind, Ref
from portal.kernel.db import by_ids, db
from portal.kernel.i18n import _, _l
from portal.kernel.identity import Actor
from portal.kernel.richtext import excerpt
from portal.kernel.slugs import slug

LONGEST = 700
"""Characters of a step that a notice tells: most answers whole."""


def steps(ids: Sequence[int]) -> Mapping[int, Card]:
    """Return the steps of cases as links to where they stand on the page of their idea."""
    rows = db.session.execute(
        sa.select(CaseStep, Idea).join(Idea, Idea.id == CaseStep.idea_id).where(CaseStep.id.in_(ids))
    )
    return {
        step.id: Card(
            ref=Ref(STEP, step.id),
            title=ideas.card(idea).title,
            endpoint="ideas.show",
            values={"idea_id": idea.id, "slug": slug(idea.title), "_anchor": f"steg-{step.id}"},
            excerpt=excerpt(step.text, LONGEST),
            language=step.language,
            status=step_heading(step),
        )
        for step, idea in rows
    }


def may_step(actor: Actor, ref: Ref, verb: str) -> bool:
    """Say who may read a step: whoever may read the idea, when it was told in public."""
    step = db.session.get(CaseStep, ref.id)
    if step is None or verb != "read" or not step.is_public:
        return False
    return ideas.may(actor, Ref(IDEA, step.idea_id), verb)


def verdicts(ids: Sequence[int]) -> Mapping[int, Card]:
    """Return links to where one says whether an idea helped."""
    return {
        each.id: Card(
            ref=Ref(VERDICT, each.id),
            title=ideas.card(each).title,
            endpoint="ideas_cases.helped",
            values={"idea_id": each.id},
            excerpt=_("Svar med ett trykk: ja, delvis eller nei."),
        )
        for each in by_ids(Idea, ids).values()
    }


def cases(ids: Sequence[int]) -> Mapping[int, Card]:
    """Return links to the staff's page of a case."""
    return {
        each.id: Card(
            ref=Ref(CASE, each.id),
            title=ideas.card(each).title,
            endpoint="ideas_cases.case",
            values={"idea_id": each.id},
            excerpt=excerpt(each.summary or each.challenge),
            language=each.language,
        )
        for each in by_ids(Idea, ids).values()
    }


def may_case(actor: Actor, ref: Ref, verb: str) -> bool:
    """Say who may open the staff's page of a case."""
    idea = db.session.get(Idea, ref.id)
    return idea is not None and verb == "read" and policy.may_handle(actor, idea)


def desk(ids: Sequence[int]) -> Mapping[int, Card]:
    """Return the link to the list of cases that wait; there is one."""
    return {each: Card(ref=Ref(DESK, each), title=_("Sakene som venter"), endpoint="ideas_cases.desk") for each in ids}


CASE_STEPS = ContentKind(name=STEP, label=_l("steg i en sak"), cards=steps, may=may_step)
VERDICTS = ContentKind(
    name=VERDICT,
    label=_l("spørsmål om en idé hjalp"),
    cards=verdicts,
    may=lambda actor, ref, verb: ideas.may(actor, Ref(IDEA, ref.id), verb) if verb == "read" else False,
)
CASES = ContentKind(name=CASE, label=_l("sak om en idé"), cards=cases, may=may_case)
CASE_DESK = ContentKind(
    name=DESK,
    label=_l("saker som venter"),
    cards=desk,
    may=lambda actor, _ref, verb: verb == "read" and policy.may_see_cases(actor),
)
KINDS = (CASE_STEPS, VERDICTS, CASES, CASE_DESK)
