"""Where a hit was found: the words marked in an excerpt, everything else escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from markupsafe import Markup, escape

from portal.search import words
from portal.search.asking import Word

EXCERPT = 240
"""Letters of an excerpt, about."""
BEFORE = 60
"""Letters shown before the first hit."""


@dataclass(frozen=True)
class Span:
    """Where a word that was looked for stands in a text."""

    begin: int
    end: int


def mark(text: str, looked_for: Iterable[Word], language: str = "nb") -> Markup:
    """Return the whole text with the words that were looked for marked."""
    return _marked(text, find(text, looked_for, language), 0, len(text))


def excerpt(text: str, looked_for: Iterable[Word], language: str = "nb", length: int = EXCERPT) -> Markup:
    """Return the part of the text where most was found, in one line, with the words that were looked for marked."""
    line = " ".join(_joined(text))
    spans = find(line, looked_for, language)
    begin = _best(spans, length) - BEFORE if spans else 0
    begin = 0 if begin <= BEFORE // 2 else line.find(" ", begin) + 1
    end = len(line)
    if end - begin > length:
        end = max(line.rfind(" ", begin, begin + length), begin) or begin + length
        end = end if end > begin else begin + length
    shown = [span for span in spans if begin <= span.begin and span.end <= end]
    return escape("…" if begin else "") + _marked(line, shown, begin, end) + escape("…" if end < len(line) else "")


def find(text: str, looked_for: Iterable[Word], language: str = "nb") -> list[Span]:
    """Return where in the text the words stand, in any of their forms and as parts of compounds."""
    whole, beginnings = set[str](), tuple[str, ...]()
    for word in looked_for:
        if word.begins:
            beginnings += (word.text,)
        else:
            whole.add(word.text)
    found = []
    for match in words.WORD.finditer(text):
        forms = {
            form
            for word in words.words(match[0])
            for form in (words.canonical(word, language), *words.parts(word, language))
        }
        if forms & whole or any(form.startswith(beginnings) for form in forms if beginnings):
            found.append(Span(match.start(), match.end()))
    return found


def _joined(text: str) -> Iterator[str]:
    """Return the lines of a text, with a dot between those that end without a stop: they were a list."""
    lines = [each for line in text.splitlines() if (each := " ".join(line.split()))]
    for line, following in zip_longest(lines, lines[1:]):
        yield line if following is None or line[-1] in ".,:;?!…" else f"{line} ·"


def _best(spans: list[Span], length: int) -> int:
    """Return where the stretch begins that holds the most hits."""
    return max(
        spans, key=lambda first: (sum(first.begin <= each.begin < first.begin + length for each in spans), -first.begin)
    ).begin


def _marked(text: str, spans: Iterable[Span], begin: int, end: int) -> Markup:
    pieces, at = [], begin
    for span in spans:
        pieces += [
            escape(text[at : span.begin]),
            Markup("<mark>"),
            escape(text[span.begin : span.end]),
            Markup("</mark>"),
        ]
        at = span.end
    pieces.append(escape(text[at:end]))
    return Markup("").join(pieces)
