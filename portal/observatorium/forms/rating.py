"""What people send when they rate: who they answer as, an answer to one question, answers to a dimension."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal.accounts.models import Organisation
from portal.kernel import fields
from portal.kernel.i18n import _, _l
from portal.kernel.identity import StakeholderGroup
from portal.observatorium.actions.rating import NOTHING_TOLD, About, Standing
from portal.observatorium.catalogue import Answer
from portal.observatorium.models.rounds import Ballot, Tie
from portal.observatorium.population import AgeBand, Gender
from portal.places.models import Neighbourhood

COMMENT_LONGEST = 2000

TIES: Mapping[Tie, Any] = {
    Tie.LIVES: _l("Jeg bor her"),
    Tie.WORKS: _l("Jeg jobber her"),
    Tie.STUDIES: _l("Jeg går på skole eller studerer her"),
    Tie.ORGANISATION: _l("Jeg er med i en forening eller bedrift her"),
    Tie.HOLIDAY_HOME: _l("Jeg har hytte eller fritidsbolig her"),
}


AGES: Mapping[AgeBand, Any] = {
    AgeBand.UNDER_18: _l("Under 18 år"),
    AgeBand.FROM_18: _l("18–29 år"),
    AgeBand.FROM_30: _l("30–44 år"),
    AgeBand.FROM_45: _l("45–66 år"),
    AgeBand.FROM_67: _l("67 år og eldre"),
}
GENDERS: Mapping[Gender, Any] = {Gender.WOMAN: _l("Kvinne"), Gender.MAN: _l("Mann")}
NOT_SAID = ("", _l("Vil ikke oppgi"))


class AboutForm(fields.Form):
    """What a resident may tell of themselves; nothing of it has to be told."""

    age_band = fields.choice(_l("Alder"), [NOT_SAID, *AGES.items()], optional=True)
    gender = fields.choice(_l("Kjønn"), [("", _l("Annet, eller vil ikke oppgi")), *GENDERS.items()], optional=True)
    neighbourhood = fields.choice(_l("Lokalsamfunn"), [], optional=True)

    def __init__(self, neighbourhoods: Sequence[Neighbourhood], **values: Any) -> None:
        super().__init__(**values)
        places = [(str(each.id), each.name) for each in neighbourhoods]
        self.neighbourhood.choices = [NOT_SAID, *places]

    def about(self) -> About:
        """Return what was told."""
        age_band, gender, place = self.age_band.data, self.gender.data, self.neighbourhood.data
        return About(
            age_band=AgeBand(age_band) if age_band else None,
            gender=Gender(gender) if gender else None,
            neighbourhood_id=int(place) if place else None,
        )


def about_values(ballot: Ballot) -> dict[str, Any]:
    """Return how what somebody has told fills in the form."""
    return {
        "age_band": ballot.age_band.value if ballot.age_band else "",
        "gender": ballot.gender.value if ballot.gender else "",
        "neighbourhood": str(ballot.neighbourhood_id or ""),
    }


class AnsweringForm(AboutForm):
    """Who somebody answers as: by themselves, or for an organisation; and what ties them to the municipality."""

    answering = fields.choice(_l("Hvem svarer du som?"), [], radio=True)
    tie = fields.choice(_l("Hva knytter deg til kommunen?"), list(TIES.items()), radio=True)

    def __init__(
        self, organisations: Sequence[Organisation], neighbourhoods: Sequence[Neighbourhood] = (), **values: Any
    ) -> None:
        super().__init__(neighbourhoods, **values)
        self._groups = {str(each.id): each.group for each in organisations}
        self.answering.choices = [
            (StakeholderGroup.RESIDENT.value, _("Jeg svarer som innbygger, for meg selv")),
            *((str(each.id), _("Jeg svarer for %(organisation)s", organisation=each.name)) for each in organisations),
        ]
        if self.answering.data is None:
            self.answering.data = StakeholderGroup.RESIDENT.value

    def standing(self) -> Standing | None:
        """Return what was chosen."""
        chosen = self.answering.data
        group = self._groups.get(chosen, StakeholderGroup.RESIDENT)
        organisation_id = int(chosen) if chosen in self._groups else None
        about = self.about() if organisation_id is None else NOTHING_TOLD
        return Standing(group=group, tie=Tie(self.tie.data), organisation_id=organisation_id, about=about)


class AnswersForm(fields.Form):
    """Answers by the numbers of the questions. Each may be left out."""

    def __init__(self, numbers: Sequence[str], **values: Any) -> None:
        super().__init__(**values)
        self.numbers = numbers

    def given(self) -> dict[str, Answer]:
        return {number: Answer(self[number].data) for number in self.numbers if self[number].data}


def answers_form(
    answers: Mapping[str, Answer],
    numbers: Sequence[str],
    organisations: Sequence[Organisation] | None,
    neighbourhoods: Sequence[Neighbourhood] = (),
    *,
    comment: str | None = None,
) -> Any:
    """Return a form for some of the questions, filled in with the answers that stand.

    `organisations` are those to choose between, when it has to be asked who answers; None when that is known.
    `comment` is the text that stands, None when comments aren't asked for.
    """
    parts: dict[str, Any] = {number: _answer(number) for number in numbers}
    stands: dict[str, Any] = {number: answers[number].value for number in numbers if number in answers}
    if comment is not None:
        parts["comment"] = fields.long_text(_l("Kommentaren din"), longest=COMMENT_LONGEST, optional=True)
        stands["comment"] = comment
    if organisations is None:
        return type("Form", (AnswersForm,), parts)(numbers, data=stands)
    return type("FirstForm", (_FirstForm,), parts)(numbers, organisations, neighbourhoods, data=stands)


class _FirstForm(AnswersForm, AnsweringForm):
    """The first answers of somebody who has not said who they answer as."""

    def __init__(
        self,
        numbers: Sequence[str],
        organisations: Sequence[Organisation],
        neighbourhoods: Sequence[Neighbourhood],
        **values: Any,
    ) -> None:
        AnsweringForm.__init__(self, organisations, neighbourhoods, **values)
        self.numbers = numbers


def _answer(number: str) -> Any:
    return fields.choice(number, [(answer.value, "") for answer in Answer], radio=True, optional=True)


class WithdrawForm(fields.Form):
    """A button that takes something back."""
