"""What anybody sends to moderation: a report, and a complaint."""

from __future__ import annotations

from portal.kernel import fields
from portal.kernel.content import Ref
from portal.kernel.i18n import _l, language
from portal.moderation.actions import appeals, reports
from portal.moderation.actions.appeals import AppealDraft
from portal.moderation.actions.reports import ReportDraft
from portal.moderation.house_rules import RULES


class ReportForm(fields.Form):
    """Which rule a text breaks, and where to answer."""

    rule = fields.choice(_l("Hva gjelder det?"), [(rule.key, rule.title) for rule in RULES], radio=True)
    text = fields.long_text(
        _l("Hva er galt?"),
        optional=True,
        longest=reports.LONGEST,
        rows=5,
        description=_l("Skriv kort, og ikke mer om andre enn du må. Den som skrev teksten, får ikke se dette."),
    )
    email = fields.email(
        _l("E-postadressen din"),
        optional=True,
        description=_l("Da sender vi deg svaret. Vi bruker adressen bare til det."),
    )

    def draft(self, ref: Ref) -> ReportDraft:
        """Return what was reported about a thing; whoever is signed in is asked for no address."""
        email = self.email.data if "email" in self else ""
        return ReportDraft(
            ref=ref, rule=self.rule.data, text=self.text.data or "", email=email or "", language=language()
        )


class AppealForm(fields.Form):
    """Why somebody disagrees."""

    text = fields.long_text(_l("Hvorfor er du uenig?"), longest=appeals.LONGEST, rows=8)

    def draft(self, token: str) -> AppealDraft:
        return AppealDraft(text=self.text.data, language=language(), token=token)
