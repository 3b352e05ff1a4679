"""What coordinators send about the population, and about answers that are taken out of a result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal.kernel import fields
from portal.kernel.errors import Invalid
from portal.kernel.i18n import _, _l, ngettext
from portal.observatorium import population_csv
from portal.observatorium.actions.weights import ExclusionDraft, PopulationDraft
from portal.observatorium.models.weights import SignalKind
from portal.observatorium.queries.trust import Cluster


class PopulationForm(fields.Form):
    """The table of the population."""

    file = fields.upload(
        _l("Fil med befolkningen"),
        accept=".csv,text/csv",
        description=_l(
            "CSV i UTF-8. Første linje: alder;kjønn;lokalsamfunn;antall. En siste linje som begynner med «sum», "
            "blir sammenlignet med radene."
        ),
    )
    source = fields.text(_l("Kilde"), description=_l("Vises for alle, for eksempel «SSB, tabell 07459»."))
    source_date = fields.date(_l("Tallene gjelder per"))

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.file.flags.required = True  # told by `draft`, with the other faults a file can have

    def draft(self, areas: Mapping[str, int]) -> PopulationDraft:
        """Return what was sent; raises Invalid at the file."""
        data = self.file.data.read(population_csv.LARGEST + 1) if self.file.data else b""
        if not data:
            raise Invalid("file", _l("Velg en fil."))
        try:
            table = population_csv.read(data, areas)
        except population_csv.UnreadableError as fault:
            raise Invalid("file", fault.args[0]) from fault
        return PopulationDraft(table=table, source=self.source.data, source_date=self.source_date.data)


class ExclusionForm(fields.Form):
    """Which forms are taken out together, and why."""

    cluster = fields.choice(_l("Hvilke skjemaer tas ut?"), [], radio=True)
    reason = fields.long_text(
        _l("Hvorfor tas de ut?"),
        longest=2000,
        description=_l("Vises for alle sammen med resultatet. Ikke skriv noe som peker mot enkeltpersoner."),
    )

    def __init__(self, clusters: Sequence[Cluster], **values: Any) -> None:
        super().__init__(**values)
        self.cluster.choices = [(each.value, _named(each, clusters)) for each in clusters]

    def draft(self) -> ExclusionDraft:
        kind, _colon, key = self.cluster.data.partition(":")
        return ExclusionDraft(kind=SignalKind(kind), key=key, reason=self.reason.data)


def _named(cluster: Cluster, clusters: Sequence[Cluster]) -> str:
    """Name a cluster by its place among its kind, as the lists on the page do."""
    same = [each for each in clusters if each.kind is cluster.kind]
    place, forms = same.index(cluster) + 1, ngettext("%(num)s skjema", "%(num)s skjemaer", cluster.count)
    if cluster.kind is SignalKind.NETWORK:
        return str(_("Nettverk %(place)s: %(forms)s", place=place, forms=forms))
    if cluster.kind is SignalKind.IDENTICAL:
        return str(_("Mønster %(place)s: %(forms)s", place=place, forms=forms))
    return str(_("Samme svar på nesten alt: %(forms)s", forms=forms))
