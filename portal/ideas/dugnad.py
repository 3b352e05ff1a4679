"""The spring «dugnad» against tidstyver as a campaign's starting point: data, which an adviser changes as they like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal.ideas.stages import IdeaKind

KIND = IdeaKind.TIME_THIEF
DAYS = 28
"""How long it is open, when nobody says otherwise: long enough to notice, and short enough to remember."""

TITLE: Mapping[str, str] = {
    "nb": "Vårdugnad mot tidstyver",
    "nn": "Vårdugnad mot tidstjuvar",
    "en": "Spring clean: catch the time thieves",
}
LEAD: Mapping[str, str] = {
    "nb": "Vi rydder i det som stjeler tid. Meld den tidstyven du irriterer deg mest over.",
    "nn": "Vi ryddar i det som stel tid. Meld den tidstjuven du ergrar deg mest over.",
    "en": "We are clearing out what steals our time. Report the thief that annoys you most.",
}
INTRODUCTION: Mapping[str, str] = {
    "nb": (
        "Om våren raker vi løv. I år raker vi tidstyver også: skjemaet som må skrives ut for å bli skannet, møtet uten "
        "sak, tallet vi taster to ganger.\n\n"
        "Fortell hva som stjeler tid, hvem det går ut over, og omtrent hvor mye. Du trenger ikke vite hvordan den skal "
        "tas. Vi ser på hver eneste en, svarer deg, og forteller hvor mange timer vi fikk tilbake."
    ),
    "nn": (
        "Om våren rakar vi lauv. I år rakar vi tidstjuvar òg: skjemaet som må skrivast ut for å bli skanna, møtet utan "
        "sak, talet vi tastar to gonger.\n\n"
        "Fortel kva som stel tid, kven det går ut over, og om lag kor mykje. Du treng ikkje vite korleis han skal "
        "takast. Vi ser på kvar einaste ein, svarer deg, og fortel kor mange timar vi fekk att."
    ),
    "en": (
        "In spring we rake leaves. This year we rake time thieves too: the form you print in order to scan it, the "
        "meeting about nothing, the figure we type twice.\n\n"
        "Tell us what steals time, from whom, and roughly how much. You need not know how to catch it. We look at "
        "every one of them, answer you, and tell how many hours we got back."
    ),
}
GOAL: Mapping[str, str] = {
    "nb": "Hver enhet tar minst én tidstyv før sommeren, og forteller hva timene brukes til.",
    "nn": "Kvar eining tek minst éin tidstjuv før sommaren, og fortel kva timane blir brukte til.",
    "en": "Every unit catches at least one time thief before summer, and tells what the hours are used for.",
}
QUESTIONS: Sequence[Mapping[str, Any]] = (
    {
        "key": "how_long",
        "kind": "choice",
        "required": False,
        "label": {
            "nb": "Hvor lenge har den holdt på?",
            "nn": "Kor lenge har han halde på?",
            "en": "How long has it been at it?",
        },
        "options": [
            {"key": "new", "nb": "Den er ny i år", "nn": "Han er ny i år", "en": "It is new this year"},
            {"key": "years", "nb": "Noen år", "nn": "Nokre år", "en": "Some years"},
            {"key": "always", "nb": "Så lenge noen kan huske", "nn": "Så lenge nokon kan hugse", "en": "For ever"},
        ],
    },
    {
        "key": "wish",
        "kind": "short",
        "required": False,
        "label": {
            "nb": "Hva ville du brukt tiden til?",
            "nn": "Kva ville du brukt tida til?",
            "en": "What would you use the time for?",
        },
        "options": [],
    },
)
"""As `questions.read` reads a campaign's own."""
