"""The report of a round in the reader's words, from the published result: for the page and for the PDF alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal.accounts.queries import settings
from portal.kernel.i18n import _, language
from portal.observatorium.catalogue import Dimension
from portal.observatorium.gap_words import view_words
from portal.observatorium.queries.pages import ResultRow
from portal.observatorium.queries.report import ReportPage
from portal.observatorium.report.summary import Figures, count, summary
from portal.observatorium.report.values import Chapter, Item, Moved, Report, Row, Section, View
from portal.observatorium.views.following import status_word
from portal.observatorium.views.words import level_word, people_word, sign_in_words, speaker_word
from portal.ui.filters import date, upper_first

FOUND = 10
"""How many of the largest gaps, and of the most contested, are named."""


def report(page: ReportPage) -> Report:
    """Return the whole report in the reader's language."""
    place, round_ = settings.branding().name, page.result.round
    rows = {row.indicator.number: _row(row, page.records.get(row.indicator.number)) for row in page.result.rows}
    return Report(
        language=language(),
        title=_("Innbyggerobservatoriet i %(place)s: %(round)s", place=place, round=round_.title),
        lead=_(
            "Rapport om 39 sider ved kommunen, sett av kommunen selv, av uavhengige verifikatører og av dem som bor og "
            "virker her. De tre synene står ved siden av hverandre og blandes aldri."
        ),
        words=_headings(place),
        facts=_facts(page),
        summary=Chapter(title=_("Sammendrag"), text=summary(_figures(page, list(rows.values())))),
        wheel_title=_("Hjulet"),
        wheel_text=_wheel_text(page),
        wheel_key=_(
            "Fargen fra midten og utover er det gruppene samlet sier: én blokk for ikke akseptabelt, to for på vei og "
            "tre når minstekravet er nådd. Buen utenfor er kommunens eget syn."
        ),
        indicators=_("De 39 indikatorene"),
        sections=[_section(each, list(rows.values())) for each in Dimension],
        chapters=[_gaps(page), _disagreement(page), _verification(page, rows), _replies(page), _measures(page)],
        history=_history(page),
        rounds=[title for title, _levels in page.rounds],
        moved=_moved(page),
        ending=[_method(page), _limits()],
    )


def _headings(place: str) -> dict[str, str]:
    return {
        "author": place,
        "contents": _("Innhold"),
        "indicator": _("Indikator"),
        "own": _("Kommunen selv"),
        "verified": _("Verifisert"),
        "people": _("Gruppene samlet"),
        "spread": _("Fordeling"),
    }


def _row(row: ResultRow, record: Mapping[str, Any] | None) -> Row:
    shares = row.told.shares
    return Row(
        number=row.indicator.number,
        name=row.indicator.name.in_(language()),
        own=_view(row.result.own),
        verified=View(level=_value(row.result.verified), word=_verified_word(row, record)),
        people=View(level=_value(row.level), word=upper_first(people_word(row))),
        shares=(_per_cent(shares.red), _per_cent(shares.yellow), _per_cent(shares.green)) if shares else None,
        spread=_spread(row),
        n=row.told.n,
        evidence=len(record["evidence"]) if record else 0,
        says=view_words(row.result, record),
    )


def _value(level: Any) -> str | None:
    return level.value if level else None


def _view(level: Any) -> View:
    return View(level=_value(level), word=upper_first(level_word(level)))


def _verified_word(row: ResultRow, record: Mapping[str, Any] | None) -> str:
    if record and record["verification"]["state"] == "differing":
        return str(_("Verifikatørene er uenige"))
    return upper_first(level_word(row.result.verified)) if row.result.verified else str(_("Ikke verifisert"))


def _per_cent(share: float) -> int:
    return round(share * 100)


def _spread(row: ResultRow) -> str:
    shares = row.told.shares
    if shares is None:
        return str(_("skjult av hensyn til personvern"))
    return str(
        _(
            "%(red)s %% rød, %(yellow)s %% gul, %(green)s %% grønn",
            red=_per_cent(shares.red),
            yellow=_per_cent(shares.yellow),
            green=_per_cent(shares.green),
        )
    )


def _figures(page: ReportPage, rows: Sequence[Row]) -> Figures:
    states = [record["verification"]["state"] for record in page.records.values()]
    gaps = [row.gap for row in page.result.rows if row.gap is not None]
    return Figures(
        people=count([row.people.level for row in rows]),
        own=count([row.own.level for row in rows]),
        agreed=states.count("agreed"),
        differing=states.count("differing"),
        rosier=sum(gap > 0 for gap in gaps),
        darker=sum(gap < 0 for gap in gaps),
        compared=len(gaps),
        answered=sum(number for number in page.result.revision.summary["participants"].values() if number),
        measures=len(page.measures),
    )


def _facts(page: ReportPage) -> list[tuple[str, str]]:
    round_, revision = page.result.round, page.result.revision
    told = [
        (upper_first(speaker_word(each.group)), _participants(revision.summary["participants"].get(each.group.value)))
        for each in page.result.rows[0].result.groups
    ]
    return [
        (_("Åpen for svar"), f"{date(round_.opens_at)}–{date(round_.last_day)}"),
        (_("Publisert"), _("utgave %(number)s, %(date)s", number=revision.number, date=date(revision.published_at))),
        *told,
        (_("Innlogging som var tillatt"), sign_in_words(revision.summary["sign_in_methods"])),
        (_("Kontrollsum"), revision.content_hash),
    ]


def _participants(number: int | None) -> str:
    return str(_("minst %(count)s har svart", count=number) if number else _("færre enn ti har svart"))


def _wheel_text(page: ReportPage) -> str:
    result = page.result
    return str(
        _(
            "Hjulet med de 39 indikatorene. Gruppene samlet: %(green)s har nådd minstekravet, %(yellow)s er på vei, "
            "%(red)s er ikke akseptable og %(none)s har ikke noe nivå. Tabellen etter hjulet sier det samme med ord.",
            green=sum(_value(row.level) == "green" for row in result.rows),
            yellow=sum(_value(row.level) == "yellow" for row in result.rows),
            red=sum(_value(row.level) == "red" for row in result.rows),
            none=sum(row.level is None for row in result.rows),
        )
    )


def _section(dimension: Dimension, rows: Sequence[Row]) -> Section:
    return Section(
        title=f"{dimension.number} {dimension.label.in_(language())}",
        rows=[row for row in rows if row.number.startswith(f"{dimension.number}.")],
    )


def _item(row: ResultRow, text: str) -> Item:
    return Item(number=row.indicator.number, name=row.indicator.name.in_(language()), text=text)


def _gaps(page: ReportPage) -> Chapter:
    apart = [row for row in page.result.rows if row.gap]
    largest = sorted(apart, key=lambda row: -abs(row.gap or 0))[:FOUND]
    return Chapter(
        title=_("De største avstandene mellom kommunen og folk"),
        items=[
            _item(
                row,
                _("Kommunen: %(own)s. Folk: %(level)s.", own=level_word(row.result.own), level=level_word(row.level)),
            )
            for row in largest
        ],
        empty=_("Kommunen og folk har samme nivå der begge har et."),
    )


def _disagreement(page: ReportPage) -> Chapter:
    apart = sorted((row for row in page.result.rows if row.extremes), key=lambda row: -(row.disagreement or 0))
    return Chapter(
        title=_("Der gruppene er mest uenige"),
        items=[_item(row, _extremes(row)) for row in apart[:FOUND]],
        empty=_("Ingen grupper er store nok til å sammenlignes, eller de er enige."),
    )


def _extremes(row: ResultRow) -> str:
    if row.extremes is None:
        return ""
    darkest, brightest = row.extremes
    return str(
        _(
            "%(brightest)s ser lysest på det, %(darkest)s mørkest.",
            brightest=upper_first(speaker_word(brightest.group)),
            darkest=speaker_word(darkest.group),
        )
    )


def _verification(page: ReportPage, rows: Mapping[str, Row]) -> Chapter:
    told = [
        Item(number=number, name=rows[number].name, text=rows[number].says)
        for number in rows
        if page.records.get(number, {}).get("verification", {}).get("state") in {"agreed", "differing"}
    ]
    return Chapter(
        title=_("Hva verifikatørene fant"),
        text=[_("Minst to verifikatører uten interessekonflikt må ha svart. Er de uenige, vises begge syn.")],
        items=told,
        empty=_("Ingen av indikatorene er verifisert."),
    )


def _replies(page: ReportPage) -> Chapter:
    names = {row.indicator.number: row.indicator.name.in_(language()) for row in page.result.rows}
    replies = [
        Item(number=number, name=names[number], text=f"{each['text']} ({each['by']})", language="nb")
        for number, record in page.records.items()
        for each in record["replies"]
    ]
    answers = [
        Item(number=each.indicator, name=names[each.indicator], text=each.text, language="nb") for each in page.answers
    ]
    return Chapter(title=_("Kommunens svar"), items=[*replies, *answers], empty=_("Kommunen har ikke svart ennå."))


def _measures(page: ReportPage) -> Chapter:
    names = {row.indicator.number: row.indicator.name.in_(language()) for row in page.result.rows}
    return Chapter(
        title=_("Tiltak"),
        items=[
            Item(
                number=each.indicator,
                name=names[each.indicator],
                text=_(
                    "%(title)s. Ansvarlig: %(responsible)s. Frist: %(deadline)s. Status: %(status)s.",
                    title=each.title,
                    responsible=each.responsible,
                    deadline=date(each.deadline),
                    status=status_word(each.status).lower(),
                ),
            )
            for each in page.measures
        ],
        empty=_("Ingen tiltak er satt i gang etter runden ennå."),
    )


def _history(page: ReportPage) -> Chapter:
    if len(page.rounds) < 2:
        return Chapter(title=_("Utvikling over rundene"), empty=_("Dette er den første publiserte runden."))
    return Chapter(
        title=_("Utvikling over rundene"),
        text=[
            _(
                "Nivåene er det gruppene samlet sier. Et annet nivå enn sist er ikke nødvendigvis en endring: noen av "
                "39 sammenligninger slår alltid ut ved en tilfeldighet."
            )
        ],
    )


def _moved(page: ReportPage) -> list[Moved]:
    if len(page.rounds) < 2:
        return []
    return [
        Moved(
            number=row.indicator.number,
            name=row.indicator.name.in_(language()),
            words=[_past(levels.get(row.indicator.number)) for _title, levels in page.rounds],
        )
        for row in page.result.rows
    ]


def _past(level: str | None) -> str:
    return level_word(level) if level else str(_("ikke noe nivå"))


def _method(page: ReportPage) -> Chapter:
    revision = page.result.revision
    return Chapter(
        title=_("Metode"),
        text=[
            _(
                "Temaene kommer fra ISO 18091:2019. Spørsmål og nivåtekster er våre egne. Dette er ingen "
                "sertifisering, og grønt betyr at minstekravet er nådd, ikke at alt er bra."
            ),
            _(
                "Nivået er medianen av fordelingen til gruppene samlet, der hver gruppe med nok svar teller like mye. "
                "Under 30 effektive svar settes ikke noe nivå. De 39 legges aldri sammen til én karakter."
            ),
            _(
                "Kommunens nivå følger av delindikatorene, og uten belegg ingen grønn. Metode %(method)s, katalog "
                "%(catalogue)s.",
                method=revision.method_version,
                catalogue=revision.catalogue_version,
            ),
        ],
    )


def _limits() -> Chapter:
    return Chapter(
        title=_("Hva tallene ikke kan si"),
        text=[
            _("Svarene er fra dem som selv valgte å delta, og kan ikke uten videre gjelde for alle innbyggere."),
            _("Små grupper er skjult av hensyn til personvern, og er ikke med i noen sum eller forskjell."),
            _("Antall som har svart, er rundet ned til nærmeste tier."),
        ],
    )
