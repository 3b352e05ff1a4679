"""The forms of the partners' pages."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import HiddenField
from wtforms.fields import SelectChoice

from portal.kernel import fields
from portal.kernel.i18n import _l

PLANNED, STOLEN = "planned", "stolen"


class ConfirmForm(fields.Form):
    """A button that does what the page tells of."""


class _WithKeeper(fields.Form):
    def offer(self, people: Sequence[tuple[int, str]]) -> None:
        """Say who can be chosen."""
        self["keeper"].choices = [SelectChoice(id_, name) for id_, name in people]


class AddForm(_WithKeeper):
    """Let a portal in: its address, and once it has answered, that its keys are the right ones."""

    base_url = fields.text(
        _l("Adressen til portalen"),
        description=_l("For eksempel https://portal.kommune.no, uten noe etter."),
        type="url",
        inputmode="url",
        autocapitalize="none",
        spellcheck="false",
    )
    keeper = fields.choice(
        _l("Hvem følger opp partneren?"),
        [],
        coerce=int,
        description=_l("Det som kommer fra partneren, behandles på denne brukeren. Velg en som arbeider i kommunen."),
    )
    seen = HiddenField()
    """The fingerprints that the person was shown."""
    compared = fields.checkbox(
        _l("Jeg har sammenlignet fingeravtrykket med det de selv leser opp"),
    )

    def address(self) -> str:
        """Return the address as portals write theirs: without a slash at the end, the host in lower case."""
        return str(self.base_url.data or "").strip().rstrip("/").lower()


class KeeperForm(_WithKeeper):
    """Let somebody else look after a partner."""

    keeper = fields.choice(_l("Hvem følger opp partneren?"), [], coerce=int)


class SuspendForm(fields.Form):
    """Stop the exchange, and say why."""

    reason = fields.long_text(
        _l("Hvorfor?"), longest=500, description=_l("Står i loggen og vises for andre administratorer.")
    )


class RotateForm(fields.Form):
    """Make a new key."""

    why = fields.choice(
        _l("Hvorfor trenger vi en ny nøkkel?"),
        [
            (PLANNED, _l("Det er på tide")),
            (STOLEN, _l("Den gamle kan være på avveie, eller er mistet")),
        ],
        radio=True,
    )
