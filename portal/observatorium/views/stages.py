"""The stages of a round in the reader's words: what stands, what is missing, who owes it, and where it is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import url_for

from portal.kernel.i18n import _, ngettext
from portal.observatorium.queries.checklist import Checklist, Owed, Progress, Stage
from portal.observatorium.queries.control import RoundPage
from portal.ui.filters import date

Links = list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class StageRow:
    """One stage as the page shows it."""

    name: str
    progress: Progress
    lines: Sequence[str]
    links: Links


def stage_rows(page: RoundPage) -> list[StageRow]:
    """Return the stages of a round; none of a withdrawn one."""
    stands = page.checklist
    if stands is None:
        return []
    return [
        StageRow(
            name=_name(stage),
            progress=progress,
            lines=[] if progress is Progress.LATER else LINES[stage](stands),
            links=_links(stage, progress, page),
        )
        for stage, progress in stands.stages
    ]


def lacking(page: RoundPage) -> list[str]:
    """Return what is missing of a result that is to be published now."""
    stands = page.checklist
    if stands is None:
        return []
    verified = stands.verified
    unverified = 39 - verified.verified
    lines = [
        ngettext("%(num)d indikator mangler egenvurdering.", "%(num)d indikatorer mangler egenvurdering.", unassessed)
        for unassessed in [39 - stands.assessed]
        if unassessed
    ]
    if stands.unconfirmed:
        lines.append(_unconfirmed(stands))
    if unverified:
        lines.append(
            ngettext(
                "%(num)d indikator blir stående som «ikke verifisert».",
                "%(num)d indikatorer blir stående som «ikke verifisert».",
                unverified,
            )
        )
    if verified.unanswered:
        lines.append(_unanswered(stands))
    if not stands.has_population:
        lines.append(_("Befolkningstabellen mangler. Uten den blir svarene ikke vektet."))
    if stands.batches:
        lines.append(
            ngettext(
                "%(num)d bunt med papirskjemaer ble aldri godkjent, og teller ikke med.",
                "%(num)d bunter med papirskjemaer ble aldri godkjent, og teller ikke med.",
                stands.batches,
            )
        )
    return lines


def _name(stage: Stage) -> str:
    names: dict[Stage, str] = {
        Stage.DRAFT: _("Utkast"),
        Stage.ASSESSING: _("Egenvurdering"),
        Stage.OPEN: _("Åpen for svar"),
        Stage.VERIFYING: _("Verifisering"),
        Stage.REPLYING: _("Tilsvar"),
        Stage.WEIGHING: _("Vekting og tillit"),
        Stage.PUBLISHING: _("Publisering"),
        Stage.FOLLOWING_UP: _("Tiltak"),
    }
    return names[stage]


def _draft(stands: Checklist) -> list[str]:
    opens, closes = date(stands.round.opens_at), date(stands.round.last_day)
    return [_("Åpner %(opens)s, siste dag %(closes)s.", opens=opens, closes=closes)]


def _assessing(stands: Checklist) -> list[str]:
    lines = [
        _("%(count)s av 39 har et nivå, %(signed)s er signert.", count=stands.assessed, signed=stands.signed),
        ngettext("%(num)d belegg er lagt inn.", "%(num)d belegg er lagt inn.", stands.evidence),
    ]
    return lines + ([_unconfirmed(stands)] if stands.unconfirmed else []) + [_owes(each) for each in stands.owed]


def _unconfirmed(stands: Checklist) -> str:
    words = ngettext(
        "%(num)d vurdering fra en tidligere runde er ikke bekreftet.",
        "%(num)d vurderinger fra en tidligere runde er ikke bekreftet.",
        stands.unconfirmed,
    )
    return str(words)


def _owes(each: Owed) -> str:
    owes = ngettext(
        "%(area)s mangler %(num)d indikator.",
        "%(area)s mangler %(num)d indikatorer.",
        each.indicators,
        area=each.area,
    )
    late = ngettext("Fristen er ute for %(num)d av dem.", "Fristen er ute for %(num)d av dem.", each.late)
    return f"{owes} {late}" if each.late else owes


def _open(stands: Checklist) -> list[str]:
    invited = ngettext(
        "%(num)d invitasjonslenke er i bruk.", "%(num)d invitasjonslenker er i bruk.", stands.invitations
    )
    waiting = ngettext(
        "%(num)d bunt med papirskjemaer er ikke godkjent. Det må skje før runden lukker.",
        "%(num)d bunter med papirskjemaer er ikke godkjent. Det må skje før runden lukker.",
        stands.batches,
    )
    return [invited, waiting] if stands.batches else [invited]


def _verifying(stands: Checklist) -> list[str]:
    verified = stands.verified
    lines = [
        _(
            "%(count)s av 39 har minst to verifikatører, %(done)s er verifisert.",
            count=verified.appointed,
            done=verified.verified,
        )
    ]
    if verified.unstated:
        lines.append(
            ngettext(
                "%(num)d oppnevning venter på at verifikatøren svarer om interessekonflikt.",
                "%(num)d oppnevninger venter på at verifikatøren svarer om interessekonflikt.",
                verified.unstated,
            )
        )
    if verified.differing:
        lines.append(
            ngettext(
                "Verifikatørene er uenige om %(num)d indikator.",
                "Verifikatørene er uenige om %(num)d indikatorer.",
                verified.differing,
            )
        )
    return lines


def _replying(stands: Checklist) -> list[str]:
    written = ngettext("%(num)d tilsvar er skrevet.", "%(num)d tilsvar er skrevet.", stands.verified.replied)
    return [written, _unanswered(stands)] if stands.verified.unanswered else [written]


def _unanswered(stands: Checklist) -> str:
    words = ngettext(
        "%(num)d omstridt indikator har ikke tilsvar fra kommunen.",
        "%(num)d omstridte indikatorer har ikke tilsvar fra kommunen.",
        stands.verified.unanswered,
    )
    return str(words)


def _weighing(stands: Checklist) -> list[str]:
    lines = [
        _("Befolkningstabellen er lastet opp.")
        if stands.has_population
        else _("Befolkningstabellen mangler. Uten den blir svarene ikke vektet.")
    ]
    if stands.exclusions:
        lines.append(
            ngettext(
                "Svar er tatt ut %(num)d gang, med begrunnelse.",
                "Svar er tatt ut %(num)d ganger, med begrunnelse.",
                stands.exclusions,
            )
        )
    return lines


def _publishing(stands: Checklist) -> list[str]:
    published = stands.round.published_at
    if published:
        return [_("Publisert %(date)s.", date=date(published))]
    return [_("Ikke publisert. Du ser hva som mangler før du bekrefter.")]


def _following_up(stands: Checklist) -> list[str]:
    if not stands.to_answer:
        return [_("Ingen indikatorer ble røde eller omstridte.")]
    return [
        _(
            "%(count)s av %(all)s røde eller omstridte indikatorer har svar eller tiltak.",
            count=stands.answers,
            all=stands.to_answer,
        )
    ]


LINES: dict[Stage, Callable[[Checklist], list[str]]] = {
    Stage.DRAFT: _draft,
    Stage.ASSESSING: _assessing,
    Stage.OPEN: _open,
    Stage.VERIFYING: _verifying,
    Stage.REPLYING: _replying,
    Stage.WEIGHING: _weighing,
    Stage.PUBLISHING: _publishing,
    Stage.FOLLOWING_UP: _following_up,
}


def _links(stage: Stage, progress: Progress, page: RoundPage) -> Links:
    """Return where a stage is done: all of it leads to pages that say what will happen."""
    if progress is Progress.LATER:
        return []
    slug, may = page.round.slug, page.may
    links: dict[Stage, Links] = {
        Stage.DRAFT: [(_("Endre utkastet"), url_for("observatorium_control.change", slug=slug))] if may.edit else [],
        Stage.ASSESSING: [
            (_("Gå til egenvurderingen"), url_for("observatorium_control.own_levels", slug=slug, number=1)),
            (_("Tall over tid"), url_for("observatorium_series.index")),
        ],
        Stage.OPEN: [
            (_("Invitasjoner og plakat"), url_for("observatorium_outreach.invitations", slug=slug)),
            (_("Papirskjemaer"), url_for("observatorium_paper.index", slug=slug)),
        ],
        Stage.VERIFYING: [(_("Gå til verifiseringen"), url_for("observatorium_verification.show", slug=slug))],
        Stage.WEIGHING: [
            (_("Gå til vektingen"), url_for("observatorium_weights.weights", slug=slug)),
            (_("Se tillitssignalene"), url_for("observatorium_weights.trust", slug=slug)),
        ],
        Stage.PUBLISHING: _result_links(page),
        Stage.FOLLOWING_UP: [(_("Gå til tiltakene"), url_for("measures_control.index_of_control"))],
    }
    return links.get(stage, [])


def _result_links(page: RoundPage) -> Links:
    slug = page.round.slug
    if page.may.publish:
        return [(_("Se hva som blir publisert"), url_for("observatorium_control.publish", slug=slug))]
    if not page.round.published_at:
        return []
    return [
        (_("Rapporten"), url_for("observatorium_report.report", slug=slug)),
        (_("Alt som er publisert, og hva som er rettet"), url_for("observatorium_report.changes", slug=slug)),
    ]
