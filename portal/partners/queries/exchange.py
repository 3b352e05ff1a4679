"""What this portal tells other portals: what it is, which keys it signs with, and which solutions changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec
import sqlalchemy as sa

from portal import config
from portal.accounts.organisation_number import is_valid, normalise
from portal.accounts.queries import settings
from portal.goals import queries as goals
from portal.goals.events import GOAL
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import DomainError, Invalid
from portal.kernel.extensions import content
from portal.kernel.i18n import _l
from portal.partners import keys
from portal.partners.models.feed import FeedChange, FeedHead, OwnKey
from portal.partners.wire import (
    VERSION,
    ContentItem,
    KeyItem,
    PortalItem,
    SolutionFeed,
    SolutionItem,
    SourceItem,
    WordsItem,
    content_hash,
)
from portal.solutions.events.solutions import SOLUTION
from portal.solutions.models.solutions import WORDS, Solution, SolutionTranslation

PREFIX = "/api/v1/exchange"
PAGE_BYTES = 1_500_000
"""A page ends when it is this large: far below what readers take, also with the longest item at the end."""
CURSOR = re.compile(r"([0-9a-f]{0,16})\.([0-9]{1,9})")
INDICATOR = "indicator"
EVERYBODY_MAY_READ = FeedChange.gone | (Solution.state == PublicationState.PUBLISHED)


class CursorLost(DomainError):
    """The feed has begun anew since this cursor was given: the reader begins at the beginning."""

    status = 410

    def __init__(self) -> None:
        super().__init__(_l("Lista har begynt på nytt siden sist. Les den fra begynnelsen, uten cursor."))


@dataclass(frozen=True)
class Where:
    """A place in the feed: its name, and the number one has read to."""

    name: str
    position: int

    def __str__(self) -> str:
        return f"{self.name}.{self.position}" if self.name else ""


def description() -> PortalItem:
    """Return what this portal says of itself, with the keys it signs with now and the next."""
    base, brand = config.current().base_url, settings.branding()
    return PortalItem(
        exchange_version=VERSION,
        name=brand.municipality_name,
        municipality_number=brand.municipality_number,
        organisation_number=_organisation_number(),
        base_url=base,
        keys=[_key(each, base) for each in own_keys()],
        solutions=f"{base}{PREFIX}/solutions",
        adoptions=f"{base}{PREFIX}/adoptions",
    )


def own_keys() -> Sequence[OwnKey]:
    """Return our keys that others should believe, the oldest first."""
    alive = sa.or_(OwnKey.ends_at.is_(None), OwnKey.ends_at > clock.now())
    return db.session.scalars(sa.select(OwnKey).where(alive).order_by(OwnKey.begins_at, OwnKey.id)).all()


def signing_key() -> OwnKey | None:
    """Return the key we sign with now: the newest that has begun; None before the first is made."""
    begun = [each for each in own_keys() if each.begins_at <= clock.now()]
    return begun[-1] if begun else None


def head() -> Where:
    """Return the end of the feed: all that has changed so far."""
    found = db.session.get(FeedHead, 1)
    return Where(found.name, found.position) if found else Where("", 0)


def place(cursor: str | None, end: Where) -> Where:
    """Return where in the feed a cursor stands.

    Raises Invalid when it is none, CursorLost when it isn't of this feed, or ahead of it.
    """
    if not cursor:
        return Where(end.name, 0)
    found = CURSOR.fullmatch(cursor)
    if found is None:
        raise Invalid("cursor", _l("Denne delen av lista finnes ikke. Begynn på første side."))
    if found[1] != end.name or int(found[2]) > end.position:
        raise CursorLost
    return Where(end.name, int(found[2]))


def solutions(begin: Where, limit: int) -> SolutionFeed:
    """Return what changed after a place in the feed, in that order, in a fixed number of statements.

    Each solution stands in the feed once, where it changed last. What waits for a moderator is left out: it comes last
    in the feed when it is decided.
    """
    statement = (
        sa.select(FeedChange, Solution)
        .join(Solution, Solution.id == FeedChange.solution_id)
        .where(FeedChange.position > begin.position, EVERYBODY_MAY_READ)
        .order_by(FeedChange.position)
        .limit(limit + 1)
    )
    rows = [(change, solution) for change, solution in db.session.execute(statement)]
    items = list(_until_full(_items(rows[:limit])))
    if not items:
        return SolutionFeed(items=[], next=None, cursor=str(begin))
    cursor = str(Where(begin.name, rows[len(items) - 1][0].position))
    return SolutionFeed(items=items, next=cursor if len(rows) > len(items) else None, cursor=cursor)


def solution_uri(solution_id: int) -> str:
    """Return the id of one of our solutions among portals, which is its address too."""
    return f"{config.current().base_url}/losninger/{solution_id}"


def _until_full(items: Iterator[SolutionItem]) -> Iterator[SolutionItem]:
    size = 0
    for item in items:
        yield item
        size += len(msgspec.json.encode(item))
        if size >= PAGE_BYTES:
            return


def _items(rows: Sequence[tuple[FeedChange, Solution]]) -> Iterator[SolutionItem]:
    shown = [solution.id for change, solution in rows if not change.gone]
    links = goals.links([Ref(SOLUTION, id_) for id_ in shown])
    translations = _translations(shown)
    numbers = _indicator_numbers()
    brand = settings.branding()
    source = SourceItem(municipality_number=brand.municipality_number, name=brand.municipality_name)
    for change, solution in rows:
        told = SolutionItem(
            id=solution_uri(solution.id),
            version=solution.edition,
            updated=change.at,
            source=source,
            deleted=change.gone,
        )
        if change.gone:
            yield told
            continue
        serves = links[Ref(SOLUTION, solution.id)]
        said = ContentItem(
            words=_words(solution),
            theme=solution.theme.value,
            cost_class=solution.cost_class.value,
            evidence=solution.evidence.value,
            size=solution.size.value,
            contact_title=solution.contact_title,
            used_since=solution.used_since,
            goals=[ref.id for ref in serves if ref.kind == GOAL],
            indicators=[numbers[ref.id] for ref in serves if ref.kind == INDICATOR and ref.id in numbers],
            translations=[_words(each) for each in translations.get(solution.id, ())],
        )
        hashed = content_hash(msgspec.to_builtins(said))
        yield replace(told, licence=solution.licence.value, content_hash=hashed, content=said)


def _words(said: Solution | SolutionTranslation) -> WordsItem:
    return WordsItem(language=said.language, **{name: getattr(said, name) for name in WORDS})


def _translations(ids: Sequence[int]) -> Mapping[int, list[SolutionTranslation]]:
    found: dict[int, list[SolutionTranslation]] = {}
    shown = SolutionTranslation.state == PublicationState.PUBLISHED
    statement = sa.select(SolutionTranslation).where(SolutionTranslation.solution_id.in_(ids), shown)
    for each in db.session.scalars(statement.order_by(SolutionTranslation.language)):
        found.setdefault(each.solution_id, []).append(each)
    return found


def _indicator_numbers() -> Mapping[int, str]:
    kind = content().find(INDICATOR)
    options = kind.options("nb") if kind and kind.options else ()
    return {each.id: each.label.split(" ", 1)[0] for each in options}


def _organisation_number() -> str:
    """Return the number as it was set, in nine digits; nothing rather than one that can't be."""
    number = normalise(next(iter(settings.value("organisation_number")), ""))
    return number if is_valid(number) else ""


def _key(key: OwnKey, base_url: str) -> KeyItem:
    return KeyItem(
        id=keys.key_id(base_url, key.name),
        public_key=key.public_key,
        begins=key.begins_at,
        ends=key.ends_at,
        endorsed_by=key.endorsed_by,
        endorsement=key.endorsement,
    )
