"""Comparing published rounds: what another portal published is checked, and told beside ours without any ranking."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import msgspec

from portal.kernel.richtext import clean_line
from portal.partners.incoming import LINE, SKEW, Reason, Refused
from portal.solutions.facts import Licence

T = TypeVar("T")

ROUNDS_BYTES = 500_000
RESULT_BYTES = 4_000_000
MOST_ROUNDS = 200
MOST_INDICATORS = 60
ROUNDED = 0.011
"""Shares are in whole per cent, and a sum of three may miss 1 in the last bit of the floating point."""
LEVELS = frozenset({"red", "yellow", "green"})
GROUPS = frozenset({"resident", "voluntary_sector", "business", "knowledge"})


class Shares(msgspec.Struct, frozen=True):
    """The share of each answer among those with an opinion, 0–1."""

    red: float
    yellow: float
    green: float


class Intervals(msgspec.Struct, frozen=True):
    """The interval of each share under the model: (low, high), 0–1."""

    red: tuple[float, float]
    yellow: tuple[float, float]
    green: tuple[float, float]


class Overall(msgspec.Struct, frozen=True, kw_only=True):
    """What everybody together answered; without shares it is hidden."""

    covers: tuple[str, ...] = ()
    n: int | None = None
    n_eff: float | None = None
    shares: Shares | None = None
    interval: Intervals | None = None
    level: str | None = None


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One indicator in a published round: the part of the API's `results` that is compared."""

    indicator: str
    own: str | None = None
    verified: str | None = None
    level: str | None = None
    overall: Overall = Overall()


class RoundFigures(msgspec.Struct, frozen=True, kw_only=True):
    """A round that has been published, as the API's `rounds` tells of it."""

    slug: str
    title: str
    published: datetime
    catalogue_version: str
    method_version: str
    revision: int
    content_hash: str


class _Round(msgspec.Struct):
    slug: str
    title: str
    state: str
    published: datetime | None = None
    catalogue_version: str | None = None
    method_version: str | None = None
    revision: int | None = None
    content_hash: str | None = None


class _Rounds(msgspec.Struct):
    items: list[_Round]


class _Results(msgspec.Struct):
    round: _Round
    licence: str
    items: list[Figure]


def read_rounds(content: bytes, now: datetime) -> Sequence[RoundFigures]:
    """Return the published rounds a portal tells of, newest first. Raises Refused."""
    said = _decoded(content, _Rounds, ROUNDS_BYTES)
    if len(said.items) > MOST_ROUNDS:
        raise Refused(Reason.TOO_LARGE, f"rounds: {len(said.items)}")
    found = [_published(each, now) for each in said.items if each.state == "published"]
    if len({each.slug for each in found}) < len(found):
        raise Refused(Reason.SHAPE, "rounds: the same slug twice")
    return sorted(found, key=lambda each: each.published, reverse=True)


def read_results(content: bytes, asked: RoundFigures, now: datetime) -> Sequence[Figure]:
    """Return what was published of each indicator in the round asked for. Raises Refused."""
    said = _decoded(content, _Results, RESULT_BYTES)
    if said.licence not in {each.value for each in Licence}:
        raise Refused(Reason.LICENCE, said.licence)
    if _published(said.round, now) != asked:
        raise Refused(Reason.SHAPE, "round: another than the one asked for")
    if len(said.items) > MOST_INDICATORS or len({each.indicator for each in said.items}) < len(said.items):
        raise Refused(Reason.SHAPE, "items")
    return [_figure(each) for each in said.items]


def _published(said: _Round, now: datetime) -> RoundFigures:
    told = (said.published, said.catalogue_version, said.method_version, said.revision, said.content_hash)
    published, catalogue, method, revision, hash_ = told
    if published is None or catalogue is None or method is None or revision is None or hash_ is None:
        raise Refused(Reason.MISSING, f"rounds: {said.slug[:40]}")
    if published.tzinfo is None or published.year < 2000 or not 1 <= revision < 2**31:
        raise Refused(Reason.SHAPE, f"rounds: {said.slug[:40]}")
    if published.year > now.year + 1 or published > now + SKEW:
        raise Refused(Reason.FUTURE, "published")
    if not re.fullmatch(r"[\w.-]{1,80}", said.slug) or not re.fullmatch(r"[0-9a-f]{64}", hash_):
        raise Refused(Reason.SHAPE, "slug")
    title, versions = clean_line(said.title[: 2 * LINE]), (clean_line(catalogue[:LINE]), clean_line(method[:LINE]))
    if not title or len(title) > LINE:
        raise Refused(Reason.TOO_LONG, "title")
    return RoundFigures(
        slug=said.slug,
        title=title,
        published=published,
        catalogue_version=versions[0],
        method_version=versions[1],
        revision=revision,
        content_hash=hash_,
    )


def _figure(figure: Figure) -> Figure:
    overall = figure.overall
    if not re.fullmatch(r"[1-9]\.[1-9][0-9]?", figure.indicator):
        raise Refused(Reason.SHAPE, "indicator")
    where = f"results {figure.indicator}"
    if {figure.own, figure.verified, figure.level, overall.level} - {None} - LEVELS:
        raise Refused(Reason.UNKNOWN, where)
    if len(overall.covers) > len(GROUPS) or not set(overall.covers) <= GROUPS:
        raise Refused(Reason.UNKNOWN, where)
    if overall.n is not None and not 0 <= overall.n < 2**31:
        raise Refused(Reason.SHAPE, where)
    if overall.n_eff is not None and not 0 <= overall.n_eff < 2**31:
        raise Refused(Reason.SHAPE, where)
    if (overall.shares is None) != (overall.interval is None) or not _holds(overall.shares, overall.interval):
        raise Refused(Reason.SHAPE, where)
    return figure


def _holds(shares: Shares | None, interval: Intervals | None) -> bool:
    """Say whether the shares make a whole, and each lies in its interval."""
    if shares is None or interval is None:
        return True
    parts = [(getattr(shares, level), *getattr(interval, level)) for level in sorted(LEVELS)]
    in_order = all(0 <= low <= share + ROUNDED and share <= high + ROUNDED <= 1 + ROUNDED for share, low, high in parts)
    return in_order and math.isclose(sum(share for share, _low, _high in parts), 1, abs_tol=ROUNDED)


def _decoded(content: bytes, kind: type[T], most: int) -> T:
    if len(content) > most:
        raise Refused(Reason.TOO_LARGE, f"{len(content)} > {most}")
    try:
        return msgspec.json.decode(content, type=kind)
    except (ValueError, RecursionError) as error:
        raise Refused(Reason.SHAPE, str(error)) from error


@dataclass(frozen=True, kw_only=True)
class Told:
    """One municipality's published figure, to be shown beside others'."""

    name: str
    round_title: str
    overall: Overall
    home: bool = False
    address: str = ""
    """Of the round at its own portal; empty for ours."""


@dataclass(frozen=True, kw_only=True)
class Dot:
    """One line of the dot plot: where the dot and the ends of its interval stand, in per cent of the room."""

    told: Told
    x: float
    x1: float
    x2: float


_ALPHABET = str.maketrans("æøå", "{|}")  # the three that come after z, in their order


def dots(told: Iterable[Told]) -> Sequence[Dot]:
    """Lay out the share that answered green, the home municipality first and the others by name: never by figure."""
    ordered = sorted(told, key=lambda each: (not each.home, each.name.casefold().translate(_ALPHABET), each.name))
    return [_dot(each, each.overall.shares, each.overall.interval) for each in ordered]


def _dot(told: Told, shares: Shares | None, interval: Intervals | None) -> Dot:
    if shares is None or interval is None:
        raise ValueError("what is hidden has no place in the plot")
    low, high = interval.green
    return Dot(told=told, x=round(100 * shares.green, 1), x1=round(100 * low, 1), x2=round(100 * high, 1))


def apart(one: Overall, other: Overall) -> bool:
    """Say whether two figures differ by more than what the model leaves unsure: their intervals are apart."""
    if one.interval is None or other.interval is None:
        return False
    return one.interval.green[1] < other.interval.green[0] or other.interval.green[1] < one.interval.green[0]
