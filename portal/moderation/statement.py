"""The statement of reasons: what a restricted author is told, in their own language, with all its parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.kernel.i18n import _
from portal.moderation.house_rules import BY_KEY
from portal.moderation.models import Verdict
from portal.ui.filters import date


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """Everything a statement is made of."""

    verdict: Verdict
    what: str
    """What the text is: «Kommentar til indikator 1.1»."""
    written_at: datetime
    decided_at: datetime
    until: datetime | None
    rule: str
    facts: str
    why: str
    on_report: bool
    automated: bool
    appeal_by: datetime
    passages: int = 0


@dataclass(frozen=True)
class Part:
    """A heading and what stands under it."""

    heading: str
    text: str


def parts(grounds: Grounds) -> list[Part]:
    """Return the parts of the statement in the language in use; none is ever left out."""
    return [
        Part(_("Hva vi har bestemt"), decided(grounds)),
        Part(_("Hvor og hvor lenge"), _scope(grounds)),
        Part(_("Hva vi bygger på"), grounds.facts or _("Teksten slik du skrev den.")),
        Part(_("Regelen og loven"), _rule(grounds)),
        Part(_("Hvorfor"), grounds.why or str(BY_KEY[grounds.rule].text)),
        Part(_("Hvordan vi ble oppmerksomme på det"), _source(grounds)),
        Part(_("Slik klager du"), _complaint(grounds)),
    ]


def decided(grounds: Grounds) -> Any:
    """Say in one sentence what was decided."""
    what, day = grounds.what, date(grounds.written_at)
    match grounds.verdict:
        case Verdict.MASK:
            return _("Vi har sladdet noe i det du skrev %(day)s: %(what)s. Resten vises.", what=what, day=day)
        case Verdict.ASK_CHANGES:
            return _("Vi ber deg endre det du skrev %(day)s: %(what)s. Det vises ikke før da.", what=what, day=day)
        case Verdict.HIDE:
            return _("Vi har tatt ned det du skrev %(day)s: %(what)s.", what=what, day=day)
        case Verdict.REJECT:
            return _("Vi viser ikke det du skrev %(day)s: %(what)s.", what=what, day=day)
        case Verdict.LIMIT:
            return _(
                "Kontoen din kan bare lese en tid, på grunn av det du skrev %(day)s: %(what)s.", what=what, day=day
            )
        case Verdict.APPROVE:
            return _("Det du skrev %(day)s, vises: %(what)s.", what=what, day=day)


def _scope(grounds: Grounds) -> Any:
    start = date(grounds.decided_at)
    if grounds.until is not None:
        return _(
            "Det gjelder i hele portalen fra %(start)s til %(end)s. Da slutter det av seg selv.",
            start=start,
            end=date(grounds.until),
        )
    if grounds.verdict is Verdict.ASK_CHANGES:
        return _("Det gjelder i hele portalen fra %(start)s til du har endret teksten.", start=start)
    return _("Det gjelder i hele portalen fra %(start)s, uten noen sluttdato.", start=start)


def _rule(grounds: Grounds) -> str:
    """Name the rule and the law; the rule's own words too, unless they are what stands under «Hvorfor»."""
    rule = BY_KEY[grounds.rule]
    law = str(rule.law) or str(_("Det er en regel for portalen, ikke en lov."))
    return "\n".join([f"{rule.title}.", *([str(rule.text)] if grounds.why else []), law])


def _source(grounds: Grounds) -> Any:
    how = _("Noen meldte teksten til oss.") if grounds.on_report else _("Vi så på teksten av eget tiltak.")
    if grounds.automated:
        return how + " " + _("Avgjørelsen ble tatt av en maskin, etter en regel som er åpen for alle.")
    return how + " " + _("En moderator har lest den og bestemt. Ingen maskin har bestemt noe.")


def _complaint(grounds: Grounds) -> Any:
    return _(
        "Er du uenig, kan du klage innen %(day)s. Bruk lenken du har fått. Du trenger ikke logge inn. "
        "En annen enn den som bestemte dette, avgjør klagen. Du kan også lese din egen tekst der.",
        day=date(grounds.appeal_by),
    )
