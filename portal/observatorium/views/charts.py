"""The charts of an indicator's page, with their words in the reader's language."""

from __future__ import annotations

from portal.kernel.i18n import _
from portal.observatorium.comparing import moved, unlike
from portal.observatorium.queries.indicator import HistoryPoint, IndicatorPage
from portal.observatorium.results import IndicatorResult
from portal.observatorium.views.words import speaker_word
from portal.ui import charts


def shares(result: IndicatorResult) -> charts.ShareChart:
    """Return the bars of what each group answered, and all together last."""
    rows = [charts.share_row(speaker_word(group.group).capitalize(), group) for group in result.groups]
    return charts.share_chart([*rows, charts.share_row(speaker_word(None).capitalize(), result.overall)])


def history(page: IndicatorPage) -> charts.History | None:
    """Return how people, the municipality and verifiers have judged from round to round; none before the second."""
    if len(page.history) < 2:
        return None
    befores = [None, *page.history[:-1]]
    people = {now.round.title: _people(now, before) for now, before in zip(page.history, befores, strict=True)}
    own = {point.round.title: charts.Point(level=point.result.own) for point in page.history}
    titles = [point.round.title for point in page.history]
    verified = {point.round.title: charts.Point(level=point.result.verified) for point in page.history}
    panels = [charts.Panel(speaker_word(None).capitalize(), people), charts.Panel(_("Kommunen selv"), own)]
    if any(point.result.verified for point in page.history):
        panels.append(charts.Panel(_("Verifisert"), verified))
    return charts.history(titles, panels)


def gap(result: IndicatorResult) -> charts.Gap | None:
    """Return the step between the municipality's own level and what people say, when both are known."""
    return charts.gap(own=result.own, level=result.level) if result.own and result.level else None


def _people(now: HistoryPoint, before: HistoryPoint | None) -> charts.Point:
    overall = now.result.overall
    same = before is not None and not unlike(before.stand.version, now.stand.version)
    changed = moved(before.result, now.result) if before and same else None
    return charts.Point(level=now.result.level, shares=overall.shares, n=overall.n, changed=changed)
