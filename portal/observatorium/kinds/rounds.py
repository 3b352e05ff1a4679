"""What the observatory tells the kernel: its comments as a kind of content, and what it keeps about people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.kernel.content import Card, ContentKind, Entry, Option, PublicationState, Ref, Restriction, Written
from portal.kernel.db import by_ids, db, delete_rows
from portal.kernel.i18n import LANGUAGES, _, _l, language
from portal.kernel.identity import Actor, Role, StakeholderGroup
from portal.kernel.personal import NOTHING_LEFT, PersonalData, Terms
from portal.kernel.richtext import plain
from portal.observatorium import policy, secrecy
from portal.observatorium.catalogue import EDITION, Indicator, catalogue, number_of, row_number, sort_key
from portal.observatorium.events.rounds import COMMENT, INDICATOR, ROUND
from portal.observatorium.models.outreach import Invitation
from portal.observatorium.models.rounds import Ballot, Comment, Rating, Round, RoundState
from portal.observatorium.queries.pages import newest_levels
from portal.places.models import Neighbourhood

EXCERPT = 200
TAKING_PART = frozenset({"support", "comment"})
ON_INDICATORS = frozenset({"follow", "ask"})
ANSWERING = (Role.COORDINATOR, Role.EMPLOYEE)
TOLD = frozenset({RoundState.OPEN, RoundState.CLOSED, RoundState.PUBLISHED})
"""The states of rounds that search finds."""


def cards(ids: Sequence[int]) -> Mapping[int, Card]:
    """Return how comments are shown as links, by their ids."""
    return {
        comment.id: Card(
            ref=Ref(COMMENT, comment.id),
            title=_("Kommentar til indikator %(number)s", number=comment.indicator),
            endpoint="observatorium.indicator",
            values={"number": comment.indicator, "_anchor": f"kommentar-{comment.id}"},
            excerpt=comment.text[:EXCERPT] if comment.state is PublicationState.PUBLISHED else "",
            language=comment.language,
        )
        for comment in by_ids(Comment, ids).values()
    }


def may(actor: Actor, ref: Ref, verb: str) -> bool:
    """Say what somebody may do with a comment: a hidden one is read by its author and moderators only."""
    comment = db.session.get(Comment, ref.id)
    db.session().info[COMMENT] = comment  # held, so that the next verb is answered without asking the database
    if comment is None:
        return False
    if verb == "read":
        return policy.may_read_comment(actor, comment)
    shown = comment.state is PublicationState.PUBLISHED
    own_support = verb == "support" and comment.author_id == actor.id
    return shown and verb in TAKING_PART and not own_support and policy.may_take_part(actor)


def written(ids: Sequence[int]) -> Mapping[int, Written]:
    """Return what the comments say: without a name, for they are shown without one."""
    return {
        comment.id: Written(
            author_id=comment.author_id,
            byline="",
            language=comment.language,
            state=comment.state,
            fields={"text": comment.text},
            written_at=comment.created_at,
            on=Ref(INDICATOR, row_number(comment.indicator)),
        )
        for comment in by_ids(Comment, ids).values()
    }


def restrict(ref: Ref, restriction: Restriction) -> None:
    """Put what moderation decided of a comment into effect."""
    comment = db.session.get_one(Comment, ref.id, with_for_update=True, populate_existing=True)
    comment.state = restriction.state
    comment.text = restriction.fields.get("text", comment.text)
    db.session.flush()


def entries(ids: Sequence[int]) -> Mapping[int, Sequence[Entry]]:
    """Return what the search index keeps of the comments that are shown."""
    shown = sa.select(Comment).where(Comment.id.in_(ids), Comment.state == PublicationState.PUBLISHED)
    return {
        comment.id: (
            Entry(
                title=_("Kommentar til indikator %(number)s", number=comment.indicator),
                body=plain(comment.text),
                language=comment.language,
                updated_at=comment.created_at,
                facets={"indicator": (comment.indicator,)},
            ),
        )
        for comment in db.session.scalars(shown)
    }


def all_ids(after: int, limit: int) -> Sequence[int]:
    """Return the numbers of comments, for building the search index anew."""
    return db.session.scalars(sa.select(Comment.id).where(Comment.id > after).order_by(Comment.id).limit(limit)).all()


def export(account_id: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return a person's comments, and their ratings in the rounds whose key is still there.

    When a key has been destroyed, not even the person can be told which ratings were theirs.
    """
    comments = db.session.execute(
        sa.select(Round.slug, Comment.indicator, Comment.text, Comment.language, Comment.state, Comment.created_at)
        .join(Round, Round.id == Comment.round_id)
        .where(Comment.author_id == account_id)
        .order_by(Comment.id)
    )
    ballots, ratings = _ratings(account_id)
    return {"comments": [dict(row) for row in comments.mappings()], "rating_as": ballots, "ratings": ratings}


def erase(account_id: int, terms: Terms = NOTHING_LEFT) -> None:
    """Take away a person's comments, and their ratings in the rounds whose result isn't published.

    Ratings in published rounds stay: as numbers, which nobody can trace when the key has been destroyed. The rounds are
    held as in rating: nobody closes or counts them before the transaction is over.
    """
    held = [ref.id for ref in terms.held if ref.kind == COMMENT]
    delete_rows(sa.delete(Comment).where(Comment.author_id == account_id, Comment.id.not_in(held)))
    unpublished = sa.select(Round.id).where(
        Round.opened_at.is_not(None), Round.published_at.is_(None), Round.publishing_since.is_(None)
    )
    if terms.keep_answers_open_at is not None:
        unpublished = unpublished.where(Round.closed_at <= terms.keep_answers_open_at)
    for round_id in db.session.scalars(unpublished.with_for_update(read=True)).all():
        key = secrecy.find_key(round_id)
        if key is not None:
            mine = secrecy.pseudonym(key, account_id)
            for model in (Rating, Ballot):
                delete_rows(sa.delete(model).where(model.round_id == round_id, model.pseudonym == mine))


def stays(_account_id: int) -> Sequence[str]:
    """Say what published results keep."""
    return [str(_("Svar du har gitt i runder som er publisert. De er tall uten navn, og resultatet er regnet av dem."))]


def open_answers(account_id: int) -> Sequence[str]:
    """Return the titles of the rounds that are open and have answers of the person."""
    rounds = db.session.execute(sa.select(Round.id, Round.title).where(Round.state == RoundState.OPEN))
    return [title for round_id, title in rounds.all() if _ballot(round_id, account_id)]


def _ballot(round_id: int, account_id: int) -> Ballot | None:
    key = secrecy.find_key(round_id)
    return db.session.get(Ballot, (round_id, secrecy.pseudonym(key, account_id))) if key else None


def _ratings(account_id: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    ballots: list[dict[str, Any]] = []
    ratings: list[dict[str, Any]] = []
    rounds = db.session.execute(
        sa.select(Round.id, Round.slug).where(Round.opened_at.is_not(None), Round.key_destroyed_at.is_(None))
    )
    for round_id, slug in rounds.all():
        ballot = _ballot(round_id, account_id)
        if ballot is not None:
            invitation = db.session.get(Invitation, ballot.invitation_id) if ballot.invitation_id else None
            came_by = {"invitation": invitation.name} if invitation else {}
            ballots.append({"slug": slug, "group": ballot.group, "tie": ballot.tie} | came_by | _about(ballot))
            ratings += _answers(ballot, slug)
    return ballots, ratings


def _about(ballot: Ballot) -> dict[str, Any]:
    """Return what a resident has told of themselves."""
    if ballot.group is not StakeholderGroup.RESIDENT:
        return {}
    place = db.session.get(Neighbourhood, ballot.neighbourhood_id) if ballot.neighbourhood_id else None
    return {"age_band": ballot.age_band, "gender": ballot.gender, "neighbourhood": place.name if place else None}


def _answers(ballot: Ballot, slug: str) -> list[dict[str, Any]]:
    rows = db.session.execute(
        sa.select(Rating.indicator, Rating.answer).where(
            Rating.round_id == ballot.round_id, Rating.pseudonym == ballot.pseudonym
        )
    )
    found = [{"slug": slug, "indicator": indicator, "answer": answer} for indicator, answer in rows]
    return sorted(found, key=lambda row: sort_key(row["indicator"]))


def indicator_cards(ids: Sequence[int]) -> Mapping[int, Card]:
    """Return how indicators are shown as links, in the reader's language, with their newest published colour."""
    levels = newest_levels()
    return {
        id_: Card(
            ref=Ref(INDICATOR, id_),
            title=f"{found.number} {found.name.in_(language())}",
            endpoint="observatorium.indicator",
            values={"number": found.number},
            excerpt=found.question.in_(language()),
            language=language(),
            status=str(_("Skjult eller for få svar")) if levels and levels.get(found.number) is None else "",
            tone=(levels.get(found.number) or "grey") if levels else "",
        )
        for id_, found in _indicators(ids).items()
    }


def may_with_indicator(actor: Actor, ref: Ref, verb: str) -> bool:
    """Say what somebody may do with an indicator: coordinators and employees answer for the municipality."""
    if not _indicators([ref.id]):
        return False
    if verb == "answer":
        return actor.has(*ANSWERING) and policy.may_take_part(actor)
    return verb == "read" or (verb in ON_INDICATORS and policy.may_take_part(actor))


def indicator_options(code: str) -> Sequence[Option]:
    """Return the 39 in the order of the standard, for forms where people choose among them."""
    return [
        Option(
            id=row_number(each.number),
            label=f"{each.number} {each.name.in_(code)}",
            group=each.dimension.label.in_(code),
        )
        for each in catalogue().indicators
    ]


def indicator_entries(ids: Sequence[int]) -> Mapping[int, Sequence[Entry]]:
    """Return what the search index keeps of the indicators, in all three languages."""
    return {id_: tuple(_indicator_entry(found, code) for code in LANGUAGES) for id_, found in _indicators(ids).items()}


def indicator_ids(after: int, limit: int) -> Sequence[int]:
    """Return the numbers that point at the 39, for building the search index anew."""
    every = sorted(row_number(each.number) for each in catalogue().indicators)
    return [id_ for id_ in every if id_ > after][:limit]


def indicators_for(goal: int) -> Sequence[int]:
    """Return the indicators that have a sourced link to one of the 17 goals; our own proposals are kept apart."""
    return [row_number(each.number) for each in catalogue().indicators if goal in each.sdgs]


def _indicators(ids: Sequence[int]) -> dict[int, Indicator]:
    found = {id_: catalogue().indicator(number_of(id_)) for id_ in ids}
    return {id_: indicator for id_, indicator in found.items() if indicator is not None}


def _indicator_entry(indicator: Indicator, code: str) -> Entry:
    parts = [indicator.question, *(part.name for part in indicator.sub_indicators)]
    return Entry(
        title=f"{indicator.number} {indicator.name.in_(code)}",
        body="\n".join(part.in_(code) for part in parts),
        language=code,
        updated_at=datetime.fromisoformat(f"{EDITION}-01T00:00:00+00:00"),
        facets={"indicator": (indicator.number,)},
    )


def round_cards(ids: Sequence[int]) -> Mapping[int, Card]:
    """Return how rounds are shown as links."""
    return {
        each.id: Card(
            ref=Ref(ROUND, each.id), title=each.title, endpoint="observatorium.round_result", values={"slug": each.slug}
        )
        for each in db.session.scalars(sa.select(Round).where(Round.id.in_(ids)))
    }


def may_with_round(actor: Actor, ref: Ref, verb: str) -> bool:
    """Say what somebody may do with a round: coordinators put documents on one that has been opened."""
    if verb != "read" and not (verb == "attach" and policy.may_run_rounds(actor)):
        return False
    return db.session.scalar(sa.select(Round.id).where(Round.id == ref.id, policy.visible(actor))) is not None


def round_entries(ids: Sequence[int]) -> Mapping[int, Sequence[Entry]]:
    """Return what the search index keeps of the rounds that people can see."""
    shown = sa.select(Round).where(Round.id.in_(ids), Round.state.in_(TOLD))
    return {
        each.id: (Entry(title=each.title, updated_at=each.published_at or each.opens_at),)
        for each in db.session.scalars(shown)
    }


def round_ids(after: int, limit: int) -> Sequence[int]:
    """Return the numbers of rounds, for building the search index anew."""
    return db.session.scalars(sa.select(Round.id).where(Round.id > after).order_by(Round.id).limit(limit)).all()


ROUNDS = ContentKind(
    name=ROUND,
    label=_l("runde"),
    plural=_l("runder"),
    cards=round_cards,
    may=may_with_round,
    entries=round_entries,
    all_ids=round_ids,
)

INDICATORS = ContentKind(
    name=INDICATOR,
    label=_l("indikator"),
    plural=_l("indikatorer"),
    cards=indicator_cards,
    may=may_with_indicator,
    entries=indicator_entries,
    all_ids=indicator_ids,
    options=indicator_options,
    serves=indicators_for,
)

COMMENTS = ContentKind(
    name=COMMENT,
    label=_l("kommentar til en indikator"),
    cards=cards,
    may=may,
    written=written,
    restrict=restrict,
    entries=entries,
    all_ids=all_ids,
)

PERSONAL = PersonalData(
    name="observatorium",
    tables=frozenset({"observatory_comments"}),
    export=export,
    erase=erase,
    stays=stays,
    open_answers=open_answers,
)
