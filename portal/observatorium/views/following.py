"""What is said of measures in the reader's language, so that it is the same in lists, on pages and in the report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from portal.kernel.i18n import _, ngettext
from portal.observatorium.comparing import Moved, Since, Stand, Unlike
from portal.observatorium.following_up import MeasureStatus, Progress, Why
from portal.observatorium.gap_words import colour_word
from portal.observatorium.kinds.measures import STATUS


def status_word(status: MeasureStatus) -> str:
    """Return what a status is called."""
    return str(STATUS[status][0])


def status_colour(status: MeasureStatus) -> str:
    """Return the colour of a status's tag."""
    return STATUS[status][1]


def progress_words(progress: Progress) -> list[str]:
    """Say what anybody should know of how a measure is going; nothing when all is as it should be."""
    said = []
    if progress.is_overdue:
        said.append(
            ngettext(
                "Fristen gikk ut for %(num)d dag siden", "Fristen gikk ut for %(num)d dager siden", progress.overdue
            )
        )
    if progress.is_still:
        said.append(ngettext("Ikke oppdatert på %(num)d dag", "Ikke oppdatert på %(num)d dager", progress.still))
    return [str(each) for each in said]


def why_word(why: Why) -> str:
    """Return why an indicator should be answered."""
    words: dict[Why, str] = {
        Why.RED: _("rød"),
        Why.GROUPS_APART: _("gruppene er langt fra hverandre"),
        Why.VERIFIERS_DIFFER: _("verifikatørene er uenige"),
        Why.EVIDENCE_CONTESTED: _("belegg er bestridt"),
    }
    return words[why]


def stands_words(stands: Sequence[Stand]) -> str:
    """Say which colour people gave in each round: «Runde 2025: rød. Runde 2026: gul.»"""
    return " ".join(
        _("%(round)s: %(colour)s.", round=stand.title, colour=colour_word(stand.result.level)) for stand in stands
    )


def since_words(since: Since) -> str:
    """Say what is known of a colour since a measure was made: a change only where the intervals are apart."""
    words: dict[Since, str] = {
        Since.AWAITED: _("Neste runde viser om fargen endrer seg."),
        Since.UP: _("Flere svarer grønt nå. Endringen er større enn usikkerheten."),
        Since.DOWN: _("Færre svarer grønt nå. Endringen er større enn usikkerheten."),
        Since.UNSURE: _("Forskjellen er innenfor usikkerheten, så vi kaller den ikke en endring."),
        Since.HIDDEN: _("Rundene kan ikke sammenlignes her: svar er skjult, eller andre grupper er med."),
        Since.UNLIKE: _("Rundene kan ikke sammenlignes: metoden eller katalogen er en annen."),
    }
    return words[since]


def moved_words(moved: Moved | None, compared: bool) -> str:
    """Say in a few words whether people's answers have moved between two rounds."""
    if not compared:
        return str(_("kan ikke sammenlignes"))
    if moved is None:
        return str(_("innenfor usikkerheten"))
    return str(_("flere svarer grønt")) if moved is Moved.UP else str(_("færre svarer grønt"))


def steps_words(steps: int | None) -> str:
    """Say how the municipality's own level, or the verified one, has gone."""
    if steps is None:
        return str(_("kan ikke sammenlignes"))
    if steps == 0:
        return str(_("som før"))
    if steps > 0:
        return str(ngettext("ett trinn opp", "%(num)d trinn opp", steps))
    return str(ngettext("ett trinn ned", "%(num)d trinn ned", -steps))


def unlike_word(reason: Unlike) -> str:
    """Say why two rounds can't be compared."""
    words: dict[Unlike, str] = {
        Unlike.METHOD: _("Tallene er regnet ut på ulike måter i de to rundene."),
        Unlike.CATALOGUE: _("Indikatorene hadde ulike tekster i de to rundene, så folk svarte ikke på det samme."),
    }
    return words[reason]


def day(told: str) -> date:
    """Return the day that a revision keeps as text."""
    return date.fromisoformat(told[:10])
