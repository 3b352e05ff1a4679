"""Taking in what a partner's feed says: its words win, the note written here stays, and one bad item stops no other."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DataError, IntegrityError

from portal.accounts.models import Byline
from portal.goals import actions as goals
from portal.goals.events import GOAL
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import atomic, db, delete_rows
from portal.kernel.errors import DomainError
from portal.kernel.events import publish
from portal.kernel.identity import Actor
from portal.observatorium.catalogue import catalogue, row_number
from portal.observatorium.events.rounds import INDICATOR
from portal.participation.models import Tally
from portal.partners.actions.logging import log
from portal.partners.actions.receiving import refuse_message
from portal.partners.events import PartnerFailing, PartnerSynced
from portal.partners.incoming import (
    Known,
    RawPage,
    Reason,
    Refused,
    Sender,
    check_order,
    identify,
    read_solution,
)
from portal.partners.models.imports import Imported, SetAside
from portal.partners.models.partners import LogKind, Partner, PartnerState
from portal.partners.wire import ContentItem, SolutionItem, WordsItem
from portal.solutions.events.solutions import (
    SOLUTION,
    SolutionEdited,
    SolutionShared,
    SolutionTranslated,
    SolutionWithdrawn,
)
from portal.solutions.facts import Cost, Evidence, Licence, Size, Theme
from portal.solutions.models.solutions import WORDS, Solution, SolutionTranslation
from portal.solutions.standing import empty, keep_version, take_back_translation

MOST = 5000
"""How many solutions one partner may have here."""
TOLD_AFTER = 6
"""So many failures in a row, an hour and a half as partners are asked, and administrators are told, once."""
MADE, CHANGED, GONE, SAME, SET_ASIDE = "made", "changed", "gone", "same", "set_aside"


@atomic
def take_in(actor: Actor, partner_id: int, page: RawPage, *, begun_at: str) -> Mapping[str, int] | None:
    """Take in a page of a partner's feed and move our place in it, or do nothing at all.

    Killed in the middle, the page is read again; read twice, nothing changes. Returns how many items came to what; None
    when the partner has been suspended meanwhile, or somebody else has moved on from `begun_at`.
    """
    partner = db.session.get(Partner, partner_id, with_for_update=True, populate_existing=True)
    if partner is None or partner.state is not PartnerState.ACTIVE or partner.cursor != begun_at:
        return None
    came = Counter(_take(actor, partner, raw) for raw in page.items)
    partner.cursor = page.next or page.cursor or partner.cursor
    partner.etag = ""
    db.session.flush()
    return came


@atomic
def begin_anew(actor: Actor, partner_id: int) -> None:
    """Read a partner's feed from the start the next time: it doesn't know our place in it."""
    partner = db.session.get_one(Partner, partner_id, with_for_update=True, populate_existing=True)
    partner.cursor, partner.etag = "", ""
    db.session.flush()


@atomic
def try_partner(actor: Actor, partner_id: int) -> Partner | None:
    """Write down that a partner is asked now; None when nothing is exchanged with it."""
    partner = db.session.get(Partner, partner_id, with_for_update=True, populate_existing=True)
    if partner is None or partner.state is not PartnerState.ACTIVE:
        return None
    partner.tried_at = clock.now()
    db.session.flush()
    return partner


@atomic
def end_sync(actor: Actor, partner_id: int, came: Mapping[str, int], *, etag: str | None, error: str = "") -> None:
    """Write down what came of asking a partner; in its log only when there was anything new, also of failures.

    `etag`: of the end of the feed; None when it was not read to the end. `error`: why it did not answer as it should.
    """
    partner = db.session.get_one(Partner, partner_id, with_for_update=True, populate_existing=True)
    counts = {name: came.get(name, 0) for name in (MADE, CHANGED, GONE, SAME, SET_ASIDE)}
    news = {name: count for name, count in counts.items() if name != SAME}
    is_first = partner.synced_at is None and etag is not None
    if any(news.values()) or is_first or error != partner.last_error:
        log(actor, partner.id, LogKind.FAILED if error else LogKind.SYNCED, reason=error, counts=counts)
    if any(news.values()):
        publish(PartnerSynced(actor=actor, partner_id=partner.id, **news))
    partner.failures, partner.last_error = partner.failures + 1 if error else 0, error
    if partner.failures == TOLD_AFTER:
        publish(PartnerFailing(actor=actor, partner_id=partner.id, failures=partner.failures))
    if etag is not None:
        partner.synced_at, partner.etag = clock.now(), etag
    db.session.flush()


def _take(actor: Actor, partner: Partner, raw: bytes) -> str:
    """Take in one item, or set it aside with the reason: whatever it is, the next is read all the same."""
    try:
        item = read_solution(raw, Sender(partner.base_url, partner.municipality_number), clock.now())
        with db.session.begin_nested():
            return _apply(actor, partner, item)
    except Refused as error:
        refused = error
    except DomainError as error:
        refused = Refused(Reason.UNKNOWN, str(error.message))
    except (DataError, IntegrityError) as error:  # what the checks let through and the database wouldn't keep
        refused = Refused(Reason.UNKNOWN, type(error).__name__)
    refuse_message(actor, partner.id, identify(raw), refused.reason, refused.detail)
    return SET_ASIDE


def _apply(actor: Actor, partner: Partner, item: SolutionItem) -> str:
    kept = db.session.scalar(sa.select(Imported).where(Imported.uri == item.id))
    check_order(item, Known(kept.version, kept.changed_at) if kept else None)
    if item.content is None:
        return _remove(actor, kept, item) if kept and kept.gone_at is None else SAME
    if kept is None:
        return _make(actor, partner, item, item.content)
    solution = db.session.get_one(Solution, kept.solution_id, with_for_update=True, populate_existing=True)
    if kept.content_hash == item.content_hash and solution.licence == item.licence:
        solution.edition = solution.source_version = item.version
        _keep(kept, item)
        return SAME
    _change(actor, solution, item, item.content)
    _keep(kept, item)
    return CHANGED


def _make(actor: Actor, partner: Partner, item: SolutionItem, content: ContentItem) -> str:
    has = sa.select(sa.func.count()).select_from(Imported)
    if (db.session.scalar(has.where(Imported.partner_id == partner.id, Imported.gone_at.is_(None))) or 0) >= MOST:
        raise Refused(Reason.TOO_MANY, str(MOST))
    now = clock.now()
    solution = Solution(
        **asdict(content.words),
        **_facts(item, content),
        municipality_number=partner.municipality_number,
        author_id=partner.keeper_id,
        byline=Byline.NAME,
        source_uri=item.id,
        source_version=item.version,
        edition=item.version,
        local_note="",
        state=PublicationState.PENDING,
        key=str(uuid.uuid5(uuid.NAMESPACE_URL, item.id)),
        created_at=now,
        shown_at=now,
    )
    db.session.add(solution)
    db.session.flush()
    db.session.add(Tally(kind=SOLUTION, target_id=solution.id))
    kept = Imported(solution_id=solution.id, partner_id=partner.id, uri=item.id, attribution=partner.name)
    _keep(kept, item)
    db.session.add(kept)
    db.session.flush()
    _serve(actor, solution, content)
    publish(SolutionShared(actor=actor, solution_id=solution.id))
    _translate(actor, solution, content)
    return MADE


def _change(actor: Actor, solution: Solution, item: SolutionItem, content: ContentItem) -> None:
    said = asdict(content.words)
    reworded = any(said[name] != getattr(solution, name) for name in (*WORDS, "language"))
    if reworded:
        keep_version(solution)
    for name, value in (said | _facts(item, content)).items():
        setattr(solution, name, value)
    solution.edition = solution.source_version = item.version
    if reworded:
        solution.edited_at = clock.now()
        solution.state = _waiting(solution.state)
    db.session.flush()
    _serve(actor, solution, content)
    publish(SolutionEdited(actor=actor, solution_id=solution.id, edition=solution.edition))
    _translate(actor, solution, content)


def _remove(actor: Actor, kept: Imported, item: SolutionItem) -> str:
    """Take away what its source has taken away: words, files and links go, who used it stays in their account."""
    solution = db.session.get_one(Solution, kept.solution_id, with_for_update=True, populate_existing=True)
    for translation in _translations(solution).values():
        if translation.state is not PublicationState.WITHDRAWN:
            take_back_translation(actor, translation)
    empty(solution)
    _keep(kept, item)
    kept.gone_at = clock.now()
    db.session.flush()
    publish(SolutionWithdrawn(actor=actor, solution_id=solution.id))
    return GONE


def _translate(actor: Actor, solution: Solution, content: ContentItem) -> None:
    """Let a solution have the translations its source has, and no others; changed words wait for moderation."""
    here, told = _translations(solution), {words.language: words for words in content.translations}
    for language, translation in here.items():
        if language not in told and translation.state is not PublicationState.WITHDRAWN:
            take_back_translation(actor, translation)
    for language, words in told.items():
        translation = here.get(language) or SolutionTranslation(
            solution_id=solution.id,
            author_id=solution.author_id,
            state=PublicationState.PENDING,
            written_at=clock.now(),
            of_edition=solution.edition,
        )
        _say(actor, translation, words, solution.edition)


def _say(actor: Actor, translation: SolutionTranslation, words: WordsItem, edition: int) -> None:
    said = asdict(words)
    reworded = any(said[name] != getattr(translation, name) for name in said)
    for name, value in said.items():
        setattr(translation, name, value)
    translation.of_edition = edition
    if reworded and translation.id:
        translation.edited_at = clock.now()
        translation.state = _waiting(translation.state)
    db.session.add(translation)
    db.session.flush()
    if reworded:
        publish(SolutionTranslated(actor=actor, translation_id=translation.id, solution_id=translation.solution_id))


def _translations(solution: Solution) -> Mapping[str, SolutionTranslation]:
    found = sa.select(SolutionTranslation).where(SolutionTranslation.solution_id == solution.id)
    return {
        each.language: each for each in db.session.scalars(found.order_by(SolutionTranslation.id).with_for_update())
    }


def _waiting(state: PublicationState) -> PublicationState:
    """Return how new words stand: they wait for moderation; what a moderator has hidden stays hidden."""
    return state if state is PublicationState.HIDDEN else PublicationState.PENDING


def _facts(item: SolutionItem, content: ContentItem) -> dict[str, Any]:
    return {
        "theme": Theme(content.theme),
        "cost_class": Cost(content.cost_class),
        "evidence": Evidence(content.evidence),
        "size": Size(content.size),
        "licence": Licence(item.licence),
        "contact_title": content.contact_title,
        "used_since": content.used_since,
    }


def _serve(actor: Actor, solution: Solution, content: ContentItem) -> None:
    """Keep which goals and indicators a solution serves; of the indicators those that are in our catalogue too."""
    ref, known = Ref(SOLUTION, solution.id), catalogue()
    indicators = {row_number(number) for number in content.indicators if known.indicator(number)}
    goals.link(actor, ref, GOAL, set(content.goals))
    goals.link(actor, ref, INDICATOR, indicators)


def _keep(kept: Imported, item: SolutionItem) -> None:
    """Remember which edition of it we have; a refusal that came before it is history."""
    kept.version, kept.content_hash, kept.changed_at = item.version, item.content_hash, item.updated
    kept.taken_at, kept.gone_at = clock.now(), None
    delete_rows(sa.delete(SetAside).where(SetAside.partner_id == kept.partner_id, SetAside.uri == item.id))
