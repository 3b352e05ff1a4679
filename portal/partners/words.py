"""What the log and the keys of partners say in plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.kernel.i18n import _, _l, ngettext
from portal.partners.incoming import REASONS
from portal.partners.models.partners import LogKind, PartnerState, SyncEntry, Trust
from portal.solutions.adoption import STEPS

STATES: Mapping[PartnerState, Any] = {
    PartnerState.ACTIVE: _l("I gang"),
    PartnerState.SUSPENDED: _l("Stanset"),
}
TRUST: Mapping[Trust, Any] = {
    Trust.FIRST: _l("Godkjent fra starten"),
    Trust.ENDORSED: _l("Godkjent av nøkkelen før"),
    Trust.CONFIRMED: _l("Godkjent av oss"),
    Trust.WAITING: _l("Venter på deg"),
    Trust.REVOKED: _l("Trukket tilbake"),
}
TONES: Mapping[Trust, str] = {Trust.WAITING: "warning", Trust.REVOKED: "danger"}
LOG: Mapping[LogKind, Any] = {
    LogKind.ADDED: _l("Lagt inn som partner"),
    LogKind.SYNCED: _l("Hentet nytt"),
    LogKind.FAILED: _l("Svarte ikke som den skulle"),
    LogKind.REFUSED: _l("Sendte noe vi ikke tok imot"),
    LogKind.RECEIVED: _l("Meldte fra om bruk av en løsning herfra"),
    LogKind.TOLD: _l("Fikk vite hvem her som bruker en løsning derfra"),
    LogKind.NOT_TOLD: _l("Ville ikke ta imot det vi meldte"),
    LogKind.COMPARED: _l("Leste publiserte runder"),
    LogKind.KEYS: _l("Nøkkel"),
    LogKind.SUSPENDED: _l("Utvekslingen ble stanset"),
    LogKind.RESUMED: _l("Utvekslingen ble tatt opp igjen"),
}
FAILURES: Mapping[str, Any] = {
    "failed": _l("Portalen ga ikke noe svar vi forstår."),
    "not_allowed": _l("Vi har ikke lov til å spørre denne adressen."),
    "too_large": _l("Svaret var for stort."),
    "slow": _l("Portalen svarte ikke i tide."),
    "not_secure": _l("Vi fikk ingen sikker forbindelse til portalen."),
    "no_name": _l("Navnet i adressen finnes ikke."),
    "away": _l("Vi fikk ikke kontakt med portalen."),
    "version": _l("Portalen bruker en annen utgave av utvekslingen enn vår."),
    "another": _l("Portalen sier at den er en annen enn den vi spurte."),
    "keys": _l("En av nøklene til portalen kan ikke være riktig."),
    "garbled": _l("Svaret er ikke slik det skal være i utvekslingen."),
    "status": _l("Portalen svarte med en feilkode."),
    "not_signed": _l("Svaret er ikke skrevet under med en nøkkel vi har godkjent."),
    "nonsense": _l("For mye av det portalen delte, kunne vi ikke ta imot."),
}
"""Why a partner could not be asked, by the code of the error."""
TROUBLE = frozenset({LogKind.FAILED, LogKind.REFUSED, LogKind.NOT_TOLD, LogKind.SUSPENDED})
WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Line:
    """A line of a log in words."""

    entry: SyncEntry
    what: Any
    told: str
    is_trouble: bool


def lines(entries: Sequence[SyncEntry]) -> Sequence[Line]:
    """Put the lines of a log into words."""
    return [Line(each, LOG[each.what], told(each), each.what in TROUBLE) for each in entries]


def told(entry: SyncEntry) -> str:
    """Return what came of it: counts, a reason, or a step; empty when there is nothing more to say."""
    said = [*([_reason(entry)] if entry.reason else []), *_counted(entry.counts)]
    if not said and entry.what is LogKind.SYNCED:
        return str(_("Ingenting nytt"))
    return "; ".join(said)


def reason(code: str) -> str:
    """Return why something was set aside."""
    return next((str(words) for each, words in REASONS.items() if each.value == code), code)


def failure(error: str) -> tuple[str, str]:
    """Return why a partner could not be asked, and what is left for a technician: an error is a code and its words."""
    code, _colon, technical = error.partition(": ")
    words = FAILURES.get(code)
    if words is not None:
        return str(words), technical
    return next((str(each) for known, each in REASONS.items() if known.value == code), str(FAILURES["failed"])), error


def _reason(entry: SyncEntry) -> str:
    if entry.what is LogKind.REFUSED:
        return reason(entry.reason)
    if entry.what is LogKind.FAILED:
        return " ".join(failure(entry.reason))
    if entry.what is LogKind.KEYS:
        return next((str(words) for each, words in TRUST.items() if each.value == entry.reason), entry.reason)
    if entry.what in {LogKind.RECEIVED, LogKind.TOLD}:
        if entry.reason == WITHDRAWN:
            return str(_("Tok meldingen tilbake"))
        return next((str(words) for each, words in STEPS.items() if each.value == entry.reason), entry.reason)
    return entry.reason


def _counted(counts: Mapping[str, int]) -> list[str]:
    words: Mapping[str, Callable[[int], str]] = {
        "made": lambda n: ngettext("%(num)s ny løsning", "%(num)s nye løsninger", n),
        "changed": lambda n: ngettext("%(num)s endret", "%(num)s endrede", n),
        "gone": lambda n: ngettext("%(num)s trukket av kilden", "%(num)s trukket av kilden", n),
        "set_aside": lambda n: ngettext("%(num)s satt til side", "%(num)s satt til side", n),
        "rounds": lambda n: ngettext("%(num)s runde", "%(num)s runder", n),
        "indicators": lambda n: ngettext("%(num)s indikator", "%(num)s indikatorer", n),
    }
    return [say(counts[name]) for name, say in words.items() if counts.get(name)]
