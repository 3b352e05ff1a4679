"""What the three views say beside each other, in words: the same on the indicator's page and wherever it is retold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal.kernel.i18n import _
from portal.observatorium.catalogue import Level
from portal.observatorium.results import IndicatorResult, Overall

DIVIDED_FROM = 0.25
"""The share that must say red, and the share that must say green, for people to be called divided."""
MAJORITY = 0.5


def colour_word(level: str | None) -> str:
    """Return the colour of a level as an adjective; without a level, that there is none."""
    words: dict[Level, str] = {Level.RED: _("rød"), Level.YELLOW: _("gul"), Level.GREEN: _("grønn")}
    return words[Level(level)] if level else str(_("ingen farge"))


def view_words(result: IndicatorResult, record: Mapping[str, Any] | None = None) -> str:
    """Say what the municipality, the verifiers and people say, each in a sentence that names what differs."""
    return " ".join((_own(result.own), _verified(result, record), _people(result)))


def _own(own: Level | None) -> str:
    said = _("Kommunen sier %(colour)s.", colour=colour_word(own)) if own else _("Kommunen har ikke vurdert seg selv.")
    return str(said)


def _verified(result: IndicatorResult, record: Mapping[str, Any] | None) -> str:
    verification = (record or {}).get("verification") or {}
    if verification.get("state") == "differing":
        said = sorted({Level(each["level"]) for each in verification["colours"]}, key=lambda level: level.step)
        return str(_("Verifikatørene er uenige: %(colours)s.", colours=_listed([colour_word(level) for level in said])))
    if result.verified is None:
        return str(_("Dokumentasjonen er ikke verifisert."))
    if result.verified is result.own:
        return str(_("Verifikatørene er enige."))
    return str(_("Verifikatørene sier %(colour)s.", colour=colour_word(result.verified)))


def _people(result: IndicatorResult) -> str:
    overall = result.overall
    if overall.shares is None:
        return str(_("Hva folk svarte, er skjult av hensyn til personvern."))
    shares = {level: float(getattr(overall.shares, level.value)) for level in Level}
    if is_divided(overall):
        parts = [_share(level, shares[level]) for level in (Level.RED, Level.GREEN)]
        return str(_("Folk er delt: %(shares)s.", shares=_listed(parts)))
    if overall.level is None:
        return str(_("For få har svart til at vi setter en farge."))
    if shares[overall.level] < MAJORITY:
        parts = [_share(level, shares[level]) for level in Level]
        return str(_("Folk er delt: %(shares)s.", shares=_listed(parts)))
    return str(
        _(
            "Folk sier %(colour)s: det svarte %(share)d %%.",
            colour=colour_word(overall.level),
            share=round(100 * shares[overall.level]),
        )
    )


def is_divided(overall: Overall) -> bool:
    """Say whether a quarter or more said red while a quarter or more said green, of enough for a level."""
    shares = overall.shares
    return overall.level is not None and shares is not None and min(shares.red, shares.green) >= DIVIDED_FROM


def _share(level: Level, share: float) -> str:
    return str(_("%(share)d %% %(colour)s", share=round(100 * share), colour=colour_word(level)))


def _listed(parts: Sequence[str]) -> str:
    *most, last = parts
    return str(_("%(most)s og %(last)s", most=", ".join(most), last=last)) if most else last
