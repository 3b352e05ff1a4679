"""What comes from another portal is never trusted: each item is read, checked and cleaned, or refused with a reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

import msgspec

from portal.kernel.i18n import LANGUAGES, _l
from portal.kernel.richtext import clean_line, clean_text
from portal.partners.wire import AdoptionItem, ContentItem, SolutionItem, WordsItem, content_hash
from portal.solutions.adoption import AdopterKind, Step, Way, needs_way
from portal.solutions.facts import Cost, Evidence, Licence, Size, Theme

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

PAGE_BYTES = 4_000_000
"""Of one page of a feed."""
PAGE_ITEMS = 200
ITEM_BYTES = 300_000
"""Room for every text at its longest in three languages."""
DEPTH = 8
LINE, TEXT = 200, 5000
"""The longest heading and the longest text, in characters."""
SKEW = timedelta(minutes=10)
"""Clocks differ: what is told a little ahead of ours is not from the future."""
EARLIEST = 2000
"""No portal told of anything before this year; times at the ends of the calendar can't be counted with either."""


class Reason(StrEnum):
    """Why something from another portal was set aside."""

    TOO_LARGE = "too_large"
    NOT_JSON = "not_json"
    TOO_DEEP = "too_deep"
    SHAPE = "shape"
    WRONG_HOST = "wrong_host"
    NOT_THEIRS = "not_theirs"
    HASH = "hash"
    LICENCE = "licence"
    MARKUP = "markup"
    TOO_LONG = "too_long"
    MISSING = "missing"
    FUTURE = "future"
    BACKWARDS = "backwards"
    TOO_MANY = "too_many"
    UNKNOWN = "unknown"
    SIGNATURE = "signature"
    REPLAYED = "replayed"


REASONS: Mapping[Reason, Any] = {
    Reason.TOO_LARGE: _l("Den er for stor."),
    Reason.NOT_JSON: _l("Den er ikke gyldig JSON."),
    Reason.TOO_DEEP: _l("Den har for mange nivåer inni hverandre."),
    Reason.SHAPE: _l("Et felt mangler eller har feil form."),
    Reason.WRONG_HOST: _l("Adressen hører ikke til denne portalen."),
    Reason.NOT_THEIRS: _l("Den sies å komme fra en annen kommune enn partneren."),
    Reason.HASH: _l("Innholdet stemmer ikke med kontrollsummen."),
    Reason.LICENCE: _l("Lisensen er ikke en av dem vi kan ta imot."),
    Reason.MARKUP: _l("Teksten inneholder HTML eller skript."),
    Reason.TOO_LONG: _l("En tekst er for lang."),
    Reason.MISSING: _l("En tekst som må være der, er tom."),
    Reason.FUTURE: _l("En dato er fram i tid."),
    Reason.BACKWARDS: _l("Den er eldre enn den vi har."),
    Reason.TOO_MANY: _l("Partneren har for mange løsninger her."),
    Reason.SIGNATURE: _l("Underskriften stemmer ikke."),
    Reason.REPLAYED: _l("Den samme meldingen er sendt før."),
    Reason.UNKNOWN: _l("En verdi er ikke blant dem vi kjenner."),
}


class Refused(Exception):
    """One item isn't taken in; `detail` says where in it, in the words of the exchange."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason
        self.detail = detail[:LINE]


@dataclass(frozen=True)
class Sender:
    """Who an item comes from, as we know them: not as the item says."""

    base_url: str
    """Without a slash at the end."""
    municipality_number: str


@dataclass(frozen=True)
class Known:
    """What we have of a thing already."""

    version: int
    updated: datetime


@dataclass(frozen=True)
class RawPage:
    """A page of a feed, its items still unread so that one bad one spoils no other."""

    items: Sequence[bytes]
    next: str | None
    cursor: str


class _Page(msgspec.Struct):
    items: list[msgspec.Raw]
    next: str | None = None
    cursor: str = ""


def read_page(content: bytes) -> RawPage:
    """Return a page of a feed with its items unread. Raises Refused when the page itself can't be read."""
    try:
        page = msgspec.json.decode(content, type=_Page)
    except (ValueError, RecursionError) as error:
        raise Refused(Reason.NOT_JSON, str(error)) from error
    if len(page.items) > PAGE_ITEMS:
        raise Refused(Reason.TOO_LARGE, f"items: {len(page.items)}")
    if max(len(page.next or ""), len(page.cursor)) > LINE:
        raise Refused(Reason.TOO_LONG, "next")
    return RawPage([bytes(item) for item in page.items], page.next, page.cursor)


def identify(raw: bytes) -> str:
    """Return the `id` an item says it has, as far as it can be read, for the log only: nothing is checked yet."""
    try:
        said = msgspec.json.decode(raw[:ITEM_BYTES])
    except (ValueError, RecursionError):
        return ""
    found = said.get("id") if isinstance(said, dict) else None
    return clean_line(found)[:LINE] if isinstance(found, str) else ""


def read_solution(raw: bytes, sender: Sender, now: datetime) -> SolutionItem:
    """Return one solution or tombstone of a feed, its texts cleaned. Raises Refused with the first reason found."""
    said = _read(raw)
    item = _shaped(said, SolutionItem)
    if not re.fullmatch(re.escape(sender.base_url) + "/losninger/[1-9][0-9]{0,11}", item.id):
        raise Refused(Reason.WRONG_HOST, item.id)
    if item.source.municipality_number != sender.municipality_number:
        raise Refused(Reason.NOT_THEIRS, item.source.municipality_number)
    _check_version(item.version)
    _check_moment(item.updated, now)
    if item.deleted:
        return replace(item, licence="", content_hash="", content=None)
    if item.content is None:
        raise Refused(Reason.MISSING, "content")
    if content_hash(said["content"]) != item.content_hash:
        raise Refused(Reason.HASH)
    if item.licence not in {each.value for each in Licence}:
        raise Refused(Reason.LICENCE, item.licence)
    return replace(item, content=_content(item.content, now.date()))


def check_order(item: SolutionItem, known: Known | None) -> None:
    """Raise Refused when the source says less than it has said already: a version or time that goes backwards."""
    if known and (item.version < known.version or item.updated < known.updated):
        raise Refused(Reason.BACKWARDS, f"{item.version} < {known.version}")


def read_adoption(raw: bytes, sender: Sender, home_url: str, now: datetime) -> AdoptionItem:
    """Return what a partner tells of taking one of our solutions in use, cleaned. Raises Refused.

    `home_url`: the address of this portal, without a slash at the end.
    """
    item = _shaped(_read(raw), AdoptionItem)
    if not re.fullmatch(re.escape(sender.base_url) + "/[A-Za-z0-9/_#-]{1,200}", item.id):
        raise Refused(Reason.WRONG_HOST, item.id)
    if not re.fullmatch(re.escape(home_url) + "/losninger/[1-9][0-9]{0,11}", item.solution):
        raise Refused(Reason.WRONG_HOST, item.solution)
    if item.adopter.municipality_number != sender.municipality_number:
        raise Refused(Reason.NOT_THEIRS, item.adopter.municipality_number)
    _check_version(item.of_version)
    _check_moment(item.updated, now)
    _check_steps(item, now.date())
    adopter = replace(item.adopter, name=_line(item.adopter.name, "adopter.name"))
    if not adopter.name:
        raise Refused(Reason.MISSING, "adopter.name")
    texts: dict[str, Any] = {name: _text(getattr(item, name), name) for name in ("adapted", "result", "learning")}
    contact = _line(item.contact_title, "contact_title")
    return replace(item, adopter=adopter, language=_language(item.language), contact_title=contact, **texts)


def _check_steps(item: AdoptionItem, today: date) -> None:
    _one_of(AdopterKind, item.adopter.kind, "adopter.kind")
    step = _one_of(Step, item.step, "step")
    if item.way is not None:
        _one_of(Way, item.way, "way")
    elif needs_way(step):
        raise Refused(Reason.MISSING, "way")
    if step is Step.IN_USE and item.in_use_since is None:
        raise Refused(Reason.MISSING, "in_use_since")
    for name in ("in_use_since", "stopped_on"):
        _check_day(getattr(item, name), today, name)


def _content(content: ContentItem, today: date) -> ContentItem:
    for kind, name in ((Theme, "theme"), (Cost, "cost_class"), (Evidence, "evidence"), (Size, "size")):
        _one_of(kind, getattr(content, name), name)
    _check_day(content.used_since, today, "used_since")
    if not set(content.goals) <= set(range(1, 18)):
        raise Refused(Reason.UNKNOWN, "goals")
    if len(content.indicators) > 39 or not all(
        re.fullmatch(r"[1-9]\.[1-9][0-9]?", each) for each in content.indicators
    ):
        raise Refused(Reason.UNKNOWN, "indicators")
    words = _words(content.words)
    translations = [_words(each) for each in content.translations]
    languages = [each.language for each in (words, *translations)]
    if len(set(languages)) < len(languages):
        raise Refused(Reason.SHAPE, "translations: the same language twice")
    return replace(
        content, words=words, translations=translations, contact_title=_line(content.contact_title, "contact_title")
    )


def _words(words: WordsItem) -> WordsItem:
    names = [each.name for each in fields(WordsItem) if each.name not in {"language", "title"}]
    texts = {name: _text(getattr(words, name), name) for name in names}
    cleaned = WordsItem(language=_language(words.language), title=_line(words.title, "title"), **texts)
    for name in ("title", "problem", "core"):
        if not getattr(cleaned, name):
            raise Refused(Reason.MISSING, name)
    return cleaned


_INDICATOR = re.compile(r"[1-9]\.[1-9][0-9]?")
# What a browser would take for HTML: a whole tag, the beginning of one that can do harm, a comment, a link that runs.
# «<3», «p < 0,05» and the addresses in angle brackets of Markdown are none of these.
_MARKUP = re.compile(
    r"""<[/!?]?[a-z][a-z0-9-]*(\s[^<>]*)?/?>
      | <[/!?]?(script|style|iframe|frame|object|embed|applet|svg|math|img|image|link|meta|base|form|input|button|video
               |audio|source|body|html|head|template|details|marquee|xml|doctype)(?![a-z0-9-])
      | <!--
      | (javascript|vbscript)\s*:
      | \]\(\s*<?\s*data\s*:""",
    re.IGNORECASE | re.VERBOSE,
)


def _line(text: str, where: str) -> str:
    return _within(clean_line(_bounded(text, where)), LINE, where)


def _text(text: str, where: str) -> str:
    return _within(clean_text(_bounded(text, where)), TEXT, where)


def _bounded(text: str, where: str) -> str:
    """Let nothing long be cleaned at all: what cleaning takes away is little in an honest text."""
    return _within(text, 2 * TEXT, where)


def _within(text: str, most: int, where: str) -> str:
    if len(text) > most:
        raise Refused(Reason.TOO_LONG, where)
    if _MARKUP.search(text):
        raise Refused(Reason.MARKUP, where)
    return text


def _language(code: str) -> str:
    if code not in LANGUAGES:
        raise Refused(Reason.UNKNOWN, f"language: {clean_line(code)[:20]}")
    return code


def _one_of(kind: type[E], value: str, where: str) -> E:
    try:
        return kind(value)
    except ValueError as error:
        raise Refused(Reason.UNKNOWN, f"{where}: {clean_line(value)[:60]}") from error


def _check_version(version: int) -> None:
    if not 1 <= version < 2**31:
        raise Refused(Reason.SHAPE, "version")


def _check_moment(moment: datetime, now: datetime) -> None:
    if moment.tzinfo is None or moment.year < EARLIEST:
        raise Refused(Reason.SHAPE, "updated")
    if moment.year > now.year + 1 or moment > now + SKEW:
        raise Refused(Reason.FUTURE, "updated")


def _check_day(day: date | None, today: date, where: str) -> None:
    if day and day > today + timedelta(days=1):  # the source may be a day ahead of UTC
        raise Refused(Reason.FUTURE, where)
    if day and day.year < 1900:
        raise Refused(Reason.SHAPE, where)


def _read(raw: bytes) -> dict[str, Any]:
    """Return the JSON object of an item, when it is neither too large nor too deep."""
    if len(raw) > ITEM_BYTES:
        raise Refused(Reason.TOO_LARGE, f"{len(raw)} > {ITEM_BYTES}")
    try:
        said = msgspec.json.decode(raw)
    except RecursionError as error:
        raise Refused(Reason.TOO_DEEP) from error
    except ValueError as error:
        raise Refused(Reason.NOT_JSON, str(error)) from error
    if not isinstance(said, dict):
        raise Refused(Reason.SHAPE, "an object is expected")
    level: list[Any] = [said]
    for _ in range(DEPTH):
        level = [inner for each in level for inner in _inside(each)]
    if level:
        raise Refused(Reason.TOO_DEEP)
    return said


def _inside(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _shaped(said: dict[str, Any], kind: type[T]) -> T:
    try:
        return msgspec.convert(said, type=kind)
    except ValueError as error:
        raise Refused(Reason.SHAPE, str(error)) from error
