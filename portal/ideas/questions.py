"""A campaign's own questions: what they are, and whether an answer will do."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from portal.kernel.i18n import _l

SHORT_LONGEST, LONG_LONGEST = 200, 3000
"""Characters in an answer."""
NUMBER = re.compile(r"-?[0-9]{1,12}(?:[.,][0-9]{1,4})?")
REQUIRED = _l("Svar på dette spørsmålet.")


class QuestionKind(StrEnum):
    """What one answers by."""

    SHORT = "short"
    LONG = "long"
    CHOICE = "choice"
    NUMBER = "number"


KINDS: Mapping[QuestionKind, Any] = {
    QuestionKind.SHORT: _l("Kort tekst"),
    QuestionKind.LONG: _l("Lang tekst"),
    QuestionKind.CHOICE: _l("Ett av flere svar"),
    QuestionKind.NUMBER: _l("Et tall"),
}


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question. Texts are in three languages; each option is one too, with its key."""

    key: str
    kind: QuestionKind
    label: Mapping[str, str]
    is_required: bool = False
    options: Sequence[Mapping[str, str]] = field(default_factory=tuple)

    def fault(self, answer: str) -> Any:
        """Return what is wrong with an answer, in words for a person; None when it will do. Empty is no answer."""
        if not answer:
            return REQUIRED if self.is_required else None
        return _CHECKS[self.kind](self, answer)

    def option(self, key: str) -> Mapping[str, str] | None:
        return next((each for each in self.options if each["key"] == key), None)


def read(rows: Sequence[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Return the questions that a campaign keeps."""
    return tuple(
        Question(
            key=row["key"],
            kind=QuestionKind(row["kind"]),
            label=row["label"],
            is_required=bool(row.get("required")),
            options=tuple(row.get("options") or ()),
        )
        for row in rows
    )


def _text_fault(longest: int, answer: str) -> Any:
    return _l("Skriv høyst %(max)d tegn.", max=longest) if len(answer) > longest else None


_CHECKS: Mapping[QuestionKind, Any] = {
    QuestionKind.SHORT: lambda _question, answer: _text_fault(SHORT_LONGEST, answer),
    QuestionKind.LONG: lambda _question, answer: _text_fault(LONG_LONGEST, answer),
    QuestionKind.CHOICE: lambda question, answer: None if question.option(answer) else _l("Velg et av alternativene."),
    QuestionKind.NUMBER: lambda _question, answer: (
        None if NUMBER.fullmatch(answer.replace(" ", "")) else _l("Skriv et tall, for eksempel 12 eller 2,5.")
    ),
}
