"""What adopters tell, as a kind of content: as links, and to moderation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from portal.accounts.queries.organisations import spokesperson_organisations
from portal.kernel.content import Card, ContentKind, PublicationState, Ref, Restriction, Written
from portal.kernel.db import by_ids, db
from portal.kernel.i18n import _, _l
from portal.kernel.identity import Actor
from portal.solutions import policy
from portal.solutions.events.adoptions import ADOPTION
from portal.solutions.events.solutions import SOLUTION
from portal.solutions.models.adoptions import Adoption
from portal.solutions.models.solutions import Solution

TEXTS = ("adapted", "result", "learning")


def cards(ids: Sequence[int]) -> Mapping[int, Card]:
    """Return how adoptions are shown as links: to the adopter's own account."""
    rows = sa.select(Adoption, Solution).join(Solution, Solution.id == Adoption.solution_id).where(Adoption.id.in_(ids))
    return {
        adoption.id: Card(
            ref=Ref(ADOPTION, adoption.id),
            title=_(
                "%(who)s om «%(title)s»", who=adoption.byline, title=solution.title or _("en løsning som er trukket")
            ),
            endpoint="solutions_adopting.adoption",
            values={"adoption_id": adoption.id},
            language=adoption.language,
        )
        for adoption, solution in db.session.execute(rows)
    }


def may(actor: Actor, ref: Ref, verb: str) -> bool:
    """Say whether somebody may read what an adopter tells; there is nothing else to do with it."""
    adoption = db.session.get(Adoption, ref.id)
    solution = db.session.get(Solution, adoption.solution_id) if adoption else None
    if verb != "read" or adoption is None or solution is None or adoption.state is PublicationState.WITHDRAWN:
        return False
    organisations = frozenset(voice.id for voice in spokesperson_organisations(actor.id or 0))
    return policy.may_read(actor, solution) or policy.acts_for(actor, adoption, organisations)


def written(ids: Sequence[int]) -> Mapping[int, Written]:
    """Return what the adopters tell, under the adopters' names."""
    return {
        each.id: Written(
            author_id=each.author_id,
            byline=each.byline,
            language=each.language,
            state=each.state,
            fields={text: getattr(each, text) for text in TEXTS},
            written_at=each.edited_at or each.written_at,
            on=Ref(SOLUTION, each.solution_id),
        )
        for each in by_ids(Adoption, ids).values()
    }


def restrict(ref: Ref, restriction: Restriction) -> None:
    """Put what moderation decided into effect. What was withdrawn stays so."""
    adoption = db.session.get_one(Adoption, ref.id, with_for_update=True, populate_existing=True)
    if adoption.state is PublicationState.WITHDRAWN:
        return
    for name in TEXTS:
        setattr(adoption, name, restriction.fields.get(name, getattr(adoption, name)))
    adoption.state = restriction.state
    db.session.flush()


ADOPTIONS = ContentKind(
    name=ADOPTION,
    label=_l("bruk av en løsning"),
    plural=_l("bruk av løsninger"),
    cards=cards,
    may=may,
    written=written,
    restrict=restrict,
)
