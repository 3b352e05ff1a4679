"""What coordinators send to invite, and a button that follows an invitation."""

from __future__ import annotations

from portal.kernel import fields
from portal.kernel.i18n import _l
from portal.kernel.identity import StakeholderGroup
from portal.observatorium.actions.outreach import InvitationDraft

GROUPS = [
    (StakeholderGroup.RESIDENT, _l("Innbyggere")),
    (StakeholderGroup.VOLUNTARY_SECTOR, _l("Frivilligheten")),
    (StakeholderGroup.BUSINESS, _l("Næringslivet")),
    (StakeholderGroup.KNOWLEDGE, _l("Kunnskapsmiljøene")),
]


class InvitationForm(fields.Form):
    """Whom a link is for."""

    name = fields.text(
        _l("Hvem eller hva er den for?"),
        longest=100,
        description=_l("For eksempel «Asker bibliotek» eller «Vårmøtet i Heggedal vel». Ikke skriv navn på personer."),
    )
    group = fields.choice(
        _l("Hvilken gruppe vil du nå?"),
        [("", _l("Alle")), *GROUPS],
        optional=True,
        description=_l("Bare til din egen oversikt. Hvem folk kan svare som, er det samme med og uten invitasjon."),
    )

    def draft(self) -> InvitationDraft:
        group = StakeholderGroup(self.group.data) if self.group.data else None
        return InvitationDraft(name=self.name.data, group=group)
