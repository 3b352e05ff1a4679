"""What participation tells the kernel: contributions as a kind of content, and what it keeps about people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Byline
from portal.accounts.queries.bylines import shown_name
from portal.kernel.content import Card, ContentKind, Entry, PublicationState, Ref, Restriction, Written
from portal.kernel.db import db, delete_rows
from portal.kernel.extensions import content
from portal.kernel.i18n import _, _l, ngettext
from portal.kernel.identity import Actor
from portal.kernel.personal import NOTHING_LEFT, PersonalData, Terms
from portal.kernel.richtext import excerpt, plain
from portal.participation import policy
from portal.participation.events import CONTRIBUTION
from portal.participation.models import (
    Contribution,
    ContributionVersion,
    Follow,
    Form,
    Pseudonym,
    Support,
    Tally,
)
from portal.participation.visibility import count, count_contribution, empty

VERBS: Mapping[str, Callable[[Actor, Contribution], bool]] = {
    "read": policy.may_read,
    "support": policy.may_support,
    "comment": policy.may_reply,
    "answer": policy.may_answer,
}


def cards(ids: Sequence[int]) -> Mapping[int, Card]:
    """Return how contributions are shown as links: to the conversation they stand in."""
    found = _contributions(ids)
    things = content().cards([policy.target(each) for each in found])
    return {each.id: _card(each, things[policy.target(each)]) for each in found if policy.target(each) in things}


def may(actor: Actor, ref: Ref, verb: str) -> bool:
    """Say what somebody may do with a contribution: `comment` is to reply, `answer` to reply for the municipality."""
    found = db.session.get(Contribution, ref.id)
    db.session().info[CONTRIBUTION] = found  # held, so that the next verb is answered without asking the database
    ask = VERBS.get(verb)
    return found is not None and ask is not None and ask(actor, found)


def written(ids: Sequence[int]) -> Mapping[int, Written]:
    """Return what the contributions say, under the names their authors chose."""
    rows = db.session.execute(sa.select(Contribution, shown_name(Contribution)).where(Contribution.id.in_(ids)))
    return {
        each.id: Written(
            author_id=each.author_id,
            byline=name,
            language=each.language,
            state=each.state,
            fields={"text": each.text},
            written_at=each.edited_at or each.created_at,
            on=Ref(CONTRIBUTION, each.parent_id) if each.parent_id else policy.target(each),
        )
        for each, name in rows
    }


def restrict(ref: Ref, restriction: Restriction) -> None:
    """Put what moderation decided into effect, the counters too. What its author has withdrawn stays withdrawn."""
    found = db.session.get_one(Contribution, ref.id, with_for_update=True, populate_existing=True)
    if found.state is PublicationState.WITHDRAWN:
        return
    before = found.state
    found.state = restriction.state
    found.text = restriction.fields.get("text", found.text)
    db.session.flush()
    versions = sa.update(ContributionVersion).where(ContributionVersion.contribution_id == ref.id)
    db.session.execute(versions.values(hidden=restriction.hide_versions))
    count_contribution(found, before)


def entries(ids: Sequence[int]) -> Mapping[int, Sequence[Entry]]:
    """Return what the search index keeps of the contributions that everybody may read."""
    found = [each for each in _contributions(ids) if each.state is PublicationState.PUBLISHED]
    public = _public({policy.target(each) for each in found})
    things = content().cards([*public])
    return {
        each.id: (
            Entry(
                title=_card(each, things[policy.target(each)]).title,
                body=plain(each.text),
                language=each.language,
                updated_at=each.edited_at or each.created_at,
                facets={"form": (each.form.value,)},
            ),
        )
        for each in found
        if policy.target(each) in things
    }


def written_on(ref: Ref) -> Sequence[int]:
    """Return the numbers of the contributions on a thing: they are found only while it is."""
    on_it = sa.select(Contribution.id).where(Contribution.kind == ref.kind, Contribution.target_id == ref.id)
    return db.session.scalars(on_it.order_by(Contribution.id)).all()


def all_ids(after: int, limit: int) -> Sequence[int]:
    """Return the numbers of contributions, for building the search index anew."""
    return db.session.scalars(
        sa.select(Contribution.id).where(Contribution.id > after).order_by(Contribution.id).limit(limit)
    ).all()


def export(account_id: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return what a person supports, follows and has written, with the earlier wordings and the names used."""
    mine = Contribution.author_id == account_id
    return {
        "supports": _rows(_of(Support, account_id)),
        "follows": _rows(_of(Follow, account_id)),
        "contributions": _rows(
            sa.select(
                Contribution.id.label("number"),
                Contribution.kind,
                Contribution.target_id,
                Contribution.form,
                Contribution.text,
                Contribution.language,
                Contribution.state,
                shown_name(Contribution).label("byline"),
                Contribution.created_at,
                Contribution.edited_at,
            )
            .where(mine)
            .order_by(Contribution.id)
        ),
        "earlier_wordings": _rows(
            sa.select(
                ContributionVersion.contribution_id.label("number"),
                ContributionVersion.text,
                ContributionVersion.language,
                ContributionVersion.until,
            )
            .join(Contribution, Contribution.id == ContributionVersion.contribution_id)
            .where(mine)
            .order_by(ContributionVersion.id)
        ),
        "pseudonyms": _rows(
            sa.select(Pseudonym.kind, Pseudonym.target_id, Pseudonym.name).where(Pseudonym.account_id == account_id)
        ),
    }


def erase(account_id: int, terms: Terms = NOTHING_LEFT) -> None:
    """Take a person out: supports and follows go, what others built on stays without a name, the rest is emptied.

    What is on hold stays as it is.
    """
    for model, counter in ((Support, "supports"), (Follow, "followers")):
        gone = db.session.execute(
            sa.delete(model).where(model.account_id == account_id).returning(model.kind, model.target_id)
        )
        # In order, so that two who are erased at once don't wait for each other.
        for ref in sorted((Ref(*row) for row in gone), key=str):
            count(ref, counter, -1)
    delete_rows(sa.delete(Pseudonym).where(Pseudonym.account_id == account_id))
    held = [ref.id for ref in terms.held if ref.kind == CONTRIBUTION]
    mine = (Contribution.author_id == account_id, Contribution.id.not_in(held))
    kept = _built_on(account_id)
    for each in db.session.scalars(sa.select(Contribution).where(*mine).order_by(Contribution.id).with_for_update()):
        each.byline, each.organisation_id, each.pseudonym = Byline.NAME, None, None
        db.session.flush()
        if each.id not in kept:
            empty(each)
    earlier = ContributionVersion.contribution_id.in_(sa.select(Contribution.id).where(*mine))
    delete_rows(sa.delete(ContributionVersion).where(earlier))


def stays(account_id: int) -> Sequence[str]:
    """Say how many texts stay without a name, because others have built on them."""
    number = len(_built_on(account_id))
    return (
        [
            str(
                ngettext(
                    "%(num)d tekst som andre har svart på eller støttet, blir stående under «Slettet bruker».",
                    "%(num)d tekster som andre har svart på eller støttet, blir stående under «Slettet bruker».",
                    number,
                )
            )
        ]
        if number
        else []
    )


def _built_on(account_id: int) -> set[int]:
    """Return which of a person's contributions stay: those others replied to or support, and the municipality's."""
    reply = sa.orm.aliased(Contribution)
    replied = sa.exists().where(
        reply.parent_id == Contribution.id,
        reply.author_id != account_id,
        reply.state == PublicationState.PUBLISHED,
    )
    supported = sa.exists().where(Tally.kind == CONTRIBUTION, Tally.target_id == Contribution.id, Tally.supports > 0)
    stays = sa.and_(
        Contribution.state == PublicationState.PUBLISHED, sa.or_(replied, supported, Contribution.is_official)
    )
    return set(db.session.scalars(sa.select(Contribution.id).where(Contribution.author_id == account_id, stays)))


def _public(refs: Iterable[Ref]) -> set[Ref]:
    """Return those of the things that everybody may read: what their own kinds let be searched for."""
    found: set[Ref] = set()
    by_kind: dict[str, list[int]] = {}
    for ref in refs:
        by_kind.setdefault(ref.kind, []).append(ref.id)
    for name, ids in by_kind.items():
        kind = content().find(name)
        if kind is not None and kind.entries is not None:
            found |= {Ref(name, id_) for id_ in kind.entries(ids)}
    return found


def _contributions(ids: Sequence[int]) -> Sequence[Contribution]:
    return db.session.scalars(sa.select(Contribution).where(Contribution.id.in_(ids))).all()


def _card(contribution: Contribution, thing: Card) -> Card:
    shown = contribution.state is PublicationState.PUBLISHED
    return Card(
        ref=Ref(CONTRIBUTION, contribution.id),
        title=_title(contribution, thing),
        endpoint="participation.thread",
        values={
            "contribution_id": contribution.parent_id or contribution.id,
            "_anchor": f"innlegg-{contribution.id}",
        },
        excerpt=excerpt(contribution.text) if shown else "",
        language=contribution.language,
    )


def _title(contribution: Contribution, thing: Card) -> str:
    if contribution.is_official:
        return str(_("Kommunens svar om %(title)s", title=thing.title))
    if contribution.parent_id is not None:
        return str(_("Svar om %(title)s", title=thing.title))
    match contribution.form:
        case Form.ARGUMENT_FOR:
            return str(_("Argument for: %(title)s", title=thing.title))
        case Form.ARGUMENT_AGAINST:
            return str(_("Argument mot: %(title)s", title=thing.title))
        case Form.QUESTION:
            return str(_("Spørsmål om %(title)s", title=thing.title))
        case _:
            return str(_("Innlegg om %(title)s", title=thing.title))


def _of(model: type[Support | Follow], account_id: int) -> sa.Executable:
    columns = sa.select(model.kind, model.target_id, model.created_at)
    return columns.where(model.account_id == account_id).order_by(model.created_at)


def _rows(statement: sa.Executable) -> list[dict[str, Any]]:
    return [dict(row) for row in db.session.execute(statement).mappings()]


CONTRIBUTIONS = ContentKind(
    name=CONTRIBUTION,
    label=_l("innlegg"),
    cards=cards,
    may=may,
    written=written,
    restrict=restrict,
    entries=entries,
    all_ids=all_ids,
    written_on=written_on,
)

PERSONAL = PersonalData(
    name="participation",
    tables=frozenset({"supports", "follows", "contributions", "pseudonyms"}),
    export=export,
    erase=erase,
    stays=stays,
)
