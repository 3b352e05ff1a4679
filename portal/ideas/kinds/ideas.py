"""Ideas as a kind of content: how one is shown as a link, who may do what, how moderation and search meet it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from portal.accounts.queries.bylines import shown_name
from portal.ideas import policy
from portal.ideas.events.ideas import IDEA
from portal.ideas.models.campaigns import CampaignMember
from portal.ideas.models.cases import Merge
from portal.ideas.models.ideas import Idea, IdeaVersion
from portal.ideas.queries.rows import standing
from portal.ideas.stages import IdeaKind
from portal.kernel import clock
from portal.kernel.content import Card, ContentKind, Entry, PublicationState, Ref, Restriction, Written
from portal.kernel.db import by_ids, db
from portal.kernel.i18n import _, _l
from portal.kernel.identity import Actor
from portal.kernel.richtext import excerpt, plain
from portal.kernel.slugs import slug

TEXTS = ("title", "summary", "challenge", "solution", "usefulness")
ANSWER = "answer:"
"""Before the key of a campaign's question, in the names of the texts."""
DRAFTS = {IdeaKind.INNOVATION: "ideas_propose.draft", IdeaKind.TIME_THIEF: "thieves.draft"}
"""Where an author writes on, which is all that a link to a draft can lead to."""
STAYS = frozenset({PublicationState.WITHDRAWN, PublicationState.DRAFT})

VERBS: Mapping[str, Callable[[Actor, Idea], bool]] = {
    "follow": policy.may_take_part,
    "argue": policy.may_take_part,
    "ask": policy.may_take_part,
    "comment": policy.may_take_part,
    "support": lambda actor, idea: policy.may_take_part(actor, idea) and not policy.is_author(actor, idea),
    "answer": policy.may_handle,
    "attach": policy.may_edit,
    "benefit": policy.may_handle,
    "apply": lambda actor, idea: (
        policy.may_handle(actor, idea) or (policy.is_author(actor, idea) and policy.may_take_part(actor, idea))
    ),
}


def cards(ids: Sequence[int]) -> Mapping[int, Card]:
    """Return how ideas are shown as links."""
    return {each.id: card(each) for each in by_ids(Idea, ids).values()}


def card(idea: Idea) -> Card:
    """Return how one idea is shown as a link."""
    shown = idea.state is PublicationState.PUBLISHED
    is_draft = idea.state is PublicationState.DRAFT
    # The case axis, also of a tidstyv: how much of one is gone stands in a row that a card doesn't read.
    status, tone = standing(IdeaKind.INNOVATION, idea.stage, idea.decision, None) if shown else ("", "")
    return Card(
        ref=Ref(IDEA, idea.id),
        title=idea.title if shown else idea.title or _("Idé uten tittel"),
        endpoint=DRAFTS[idea.kind] if is_draft else "ideas.show",
        values={"idea_id": idea.id} if is_draft else {"idea_id": idea.id, "slug": slug(idea.title)},
        excerpt=excerpt(idea.summary or idea.challenge or idea.solution) if shown else "",
        language=idea.language,
        status=status,
        tone=tone,
    )


def may(actor: Actor, ref: Ref, verb: str) -> bool:
    """Say what somebody may do with an idea: what one can't read, one can do nothing with."""
    idea = db.session.get(Idea, ref.id)
    db.session().info[IDEA] = idea  # held, so that the next verb is answered without asking the database
    if idea is None or not policy.may_read(actor, idea, invited=_is_invited(actor, idea)):
        return False
    ask = VERBS.get(verb)
    return verb == "read" or (ask is not None and ask(actor, idea))


def written(ids: Sequence[int]) -> Mapping[int, Written]:
    """Return what the ideas say, under the names their authors chose."""
    rows = db.session.execute(sa.select(Idea, shown_name(Idea)).where(Idea.id.in_(ids)))
    return {
        each.id: Written(
            author_id=each.author_id,
            byline=name,
            language=each.language,
            state=each.state,
            fields=_texts(each),
            written_at=each.edited_at or each.sent_at or each.created_at,
        )
        for each, name in rows
    }


def restrict(ref: Ref, restriction: Restriction) -> None:
    """Put what moderation decided into effect. What its author took back stays so; what is merged stays merged."""
    idea = db.session.get_one(Idea, ref.id, with_for_update=True, populate_existing=True)
    if idea.state in STAYS:
        return
    for name in TEXTS:
        setattr(idea, name, restriction.fields.get(name, getattr(idea, name)))
    idea.answers = {key: restriction.fields.get(f"{ANSWER}{key}", said) for key, said in idea.answers.items()}
    if idea.state is PublicationState.MERGED:
        standing = sa.update(Merge).where(Merge.merged_id == idea.id, Merge.undone_at.is_(None))
        db.session.execute(standing.values(state_before=restriction.state.value))
    else:
        if restriction.state is PublicationState.PUBLISHED and not _was_shown(idea):
            idea.shown_at = clock.now()
        idea.state = restriction.state
    db.session.flush()
    versions = sa.update(IdeaVersion).where(IdeaVersion.idea_id == idea.id)
    db.session.execute(versions.values(hidden=restriction.hide_versions))


def entries(ids: Sequence[int]) -> Mapping[int, Sequence[Entry]]:
    """Return what the search index keeps of the ideas that everybody may read."""
    shown = sa.select(Idea).where(Idea.id.in_(ids), Idea.state == PublicationState.PUBLISHED)
    return {each.id: (_entry(each),) for each in db.session.scalars(shown)}


def all_ids(after: int, limit: int) -> Sequence[int]:
    """Return the numbers of ideas, for building the search index anew."""
    return db.session.scalars(sa.select(Idea.id).where(Idea.id > after).order_by(Idea.id).limit(limit)).all()


def _entry(idea: Idea) -> Entry:
    facets: dict[str, Sequence[str]] = {"idea_kind": (idea.kind.value,), "stage": (idea.stage.value,)}
    return Entry(
        title=idea.title,
        body="\n".join(plain(text) for name, text in _texts(idea).items() if name != "title" and text),
        language=idea.language,
        updated_at=idea.edited_at or idea.shown_at,
        facets=facets,
    )


def _texts(idea: Idea) -> dict[str, str]:
    texts = {name: getattr(idea, name) for name in TEXTS}
    return texts | {f"{ANSWER}{key}": str(said) for key, said in idea.answers.items()}


def _was_shown(idea: Idea) -> bool:
    """An idea is listed from the first time it was shown: `shown_at` moves once, from when it was begun."""
    return idea.shown_at != idea.created_at


def _is_invited(actor: Actor, idea: Idea) -> bool:
    if idea.state is not PublicationState.INTERNAL or not actor.is_signed_in or actor.is_staff:
        return False
    key: Any = (idea.campaign_id or 0, actor.id)
    return db.session.get(CampaignMember, key) is not None


IDEAS = ContentKind(
    name=IDEA,
    label=_l("idé"),
    plural=_l("ideer"),
    cards=cards,
    may=may,
    written=written,
    restrict=restrict,
    entries=entries,
    all_ids=all_ids,
)
