"""What staff send about paper forms: a pile, one form of it, and what the second person says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import HiddenField

from portal.accounts.models import Organisation
from portal.kernel import fields
from portal.kernel.i18n import _, _l
from portal.kernel.identity import StakeholderGroup
from portal.observatorium.actions.paper import BatchDraft, FormDraft, Verdict
from portal.observatorium.catalogue import Answer
from portal.observatorium.forms.outreach import GROUPS
from portal.observatorium.models.outreach import PaperForm
from portal.observatorium.models.rounds import Tie

HIGHEST_NUMBER = 99_999
TIES = [
    (Tie.LIVES, _l("Bor her")),
    (Tie.WORKS, _l("Jobber her")),
    (Tie.STUDIES, _l("Går på skole eller studerer her")),
    (Tie.ORGANISATION, _l("Er med i en forening eller bedrift her")),
    (Tie.HOLIDAY_HOME, _l("Har hytte eller fritidsbolig her")),
]
ANSWERS = [
    (Answer.RED, _l("Ikke akseptabelt")),
    (Answer.YELLOW, _l("På vei")),
    (Answer.GREEN, _l("Nådd")),
    (Answer.UNKNOWN, _l("Vet ikke")),
    ("", _l("Ikke krysset")),
]
APPROVE, REJECT = "approve", "reject"


class BatchForm(fields.Form):
    """What is known of a whole pile."""

    label = fields.text(
        _l("Hva står på bunten?"),
        longest=100,
        description=_l("Skriv det samme på bunten, så den er lett å finne igjen. For eksempel «Biblioteket, uke 40»."),
    )
    group = fields.choice(_l("Hvem har svart?"), GROUPS, radio=True)
    organisation = fields.choice(
        _l("For hvilken organisasjon?"),
        [],
        optional=True,
        description=_l("Innbyggere svarer for seg selv. De andre gruppene svarer for en godkjent organisasjon."),
    )

    def __init__(self, organisations: Sequence[Organisation], **values: Any) -> None:
        super().__init__(**values)
        self.organisation.choices = [("", _("Ingen")), *((str(each.id), each.name) for each in organisations)]
        if self.group.data is None:
            self.group.data = StakeholderGroup.RESIDENT.value

    def draft(self) -> BatchDraft:
        organisation = self.organisation.data
        return BatchDraft(
            label=self.label.data,
            group=StakeholderGroup(self.group.data),
            organisation_id=int(organisation) if organisation else None,
        )


class EntryForm(fields.Form):
    """One paper form: its number, the tie, and an answer to each indicator that was answered."""

    number = fields.number(
        _l("Nummer på skjemaet"), lowest=1, highest=HIGHEST_NUMBER, description=_l("Skriv nummeret på arket også.")
    )
    tie = fields.choice(_l("Hva knytter personen til kommunen?"), TIES)

    def __init__(self, numbers: Sequence[str], **values: Any) -> None:
        super().__init__(**values)
        self.numbers = numbers

    def draft(self, replaces: int | None) -> FormDraft:
        answers = {each: Answer(self[each].data) for each in self.numbers if self[each].data}
        return FormDraft(number=self.number.data, tie=Tie(self.tie.data), answers=answers, replaces=replaces)


def entry_form(numbers: Sequence[str], stands: PaperForm | None, following: int) -> EntryForm:
    """Return the form for a paper form: filled in with what stands, or blank with the number that comes next."""
    parts = {number: fields.choice(number, ANSWERS, radio=True, optional=True) for number in numbers}
    values: dict[str, Any] = dict.fromkeys(numbers, "") | {"number": following, "tie": Tie.LIVES.value}
    if stands is not None:
        values |= {"number": stands.number, "tie": stands.tie.value, **stands.answers}
    made: EntryForm = type("Form", (EntryForm,), parts)(numbers, data=values)
    return made


class DecisionForm(fields.Form):
    """What the second person says of a batch."""

    verdict = fields.choice(
        _l("Stemmer skjemaene med papirene?"),
        [(APPROVE, _l("Ja, tell dem med")), (REJECT, _l("Nei, noe må rettes"))],
        radio=True,
    )
    reason = fields.long_text(
        _l("Hva må rettes?"),
        longest=1000,
        optional=True,
        description=_l("Fylles ut når noe må rettes. Skriv nummeret på skjemaet, ikke hva noen har svart."),
    )
    version = HiddenField(filters=[lambda value: int(value) if str(value).isdigit() else -1])

    @property
    def approves(self) -> bool:
        return bool(self.verdict.data == APPROVE)

    def told(self) -> Verdict:
        return Verdict(version=self.version.data, reason=self.reason.data or "")
