"""What the observatory's pages say in the reader's language, so that it is the same everywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from portal.kernel.i18n import _, ngettext
from portal.kernel.identity import StakeholderGroup
from portal.observatorium.catalogue import Level
from portal.observatorium.models.rounds import Tie
from portal.observatorium.queries.pages import ResultPage, ResultRow


def level_word(level: str | None) -> str:
    """Return what a level means."""
    words: dict[Level, str] = {
        Level.RED: _("ikke akseptabelt"),
        Level.YELLOW: _("på vei"),
        Level.GREEN: _("minstekravet er nådd"),
    }
    return words[Level(level)] if level else str(_("ikke vurdert"))


def people_word(row: ResultRow) -> str:
    """Return the level that people give an indicator, or why there is none to show."""
    if row.hidden:
        return str(_("skjult av hensyn til personvern"))
    return level_word(row.level) if row.level else str(_("for få svar til et nivå"))


def speaker_word(group: StakeholderGroup | None) -> str:
    """Return who is speaking, in the definite form."""
    words: dict[StakeholderGroup | None, str] = {
        StakeholderGroup.RESIDENT: _("innbyggerne"),
        StakeholderGroup.VOLUNTARY_SECTOR: _("frivilligheten"),
        StakeholderGroup.BUSINESS: _("næringslivet"),
        StakeholderGroup.KNOWLEDGE: _("kunnskapsmiljøene"),
        None: _("gruppene samlet"),
    }
    return words[group]


def speaker_words(groups: Sequence[StakeholderGroup]) -> str:
    """Return several groups as one phrase: «innbyggerne, frivilligheten og næringslivet»."""
    *most, last = map(speaker_word, groups)
    return str(_("%(most)s og %(last)s", most=", ".join(most), last=last)) if most else last


def sign_in_word(method: str) -> str:
    """Return how people could sign in."""
    words: dict[str, str] = {"oidc": _("ID-porten"), "password": _("e-post og passord")}
    return words[method]


def sign_in_words(methods: Sequence[str]) -> str:
    """Return all the ways people could sign in."""
    return ", ".join(map(sign_in_word, methods))


def tie_words(ties: Mapping[str, int | None]) -> str:
    """Return what ties those who answered to the municipality, in tens."""
    words: dict[Tie, str] = {
        Tie.LIVES: _("bor her"),
        Tie.WORKS: _("jobber her"),
        Tie.STUDIES: _("studerer her"),
        Tie.ORGANISATION: _("svarer for en organisasjon"),
        Tie.HOLIDAY_HOME: _("har fritidsbolig her"),
    }
    return ", ".join(
        _("%(tie)s: minst %(count)s", tie=words[Tie(tie)], count=count)
        if count
        else _("%(tie)s: færre enn ti", tie=words[Tie(tie)])
        for tie, count in ties.items()
    )


def participation(page: ResultPage) -> str:
    """Say how many have answered, rounded down to tens as it is published."""
    known = sum(count for count in page.revision.summary["participants"].values() if count)
    words = ngettext("minst %(num)s har svart", "minst %(num)s har svart", known) if known else _("få har svart")
    return str(words)
