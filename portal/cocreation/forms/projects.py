"""What people fill in when they start a project, change it, let a party in, or ask to join."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import HiddenField

from portal.cocreation.actions.parties import PartyDraft
from portal.cocreation.actions.projects import LONGEST, ProjectDraft
from portal.cocreation.models.projects import Member, MemberRole, Part, Party, PartyKind
from portal.cocreation.queries.parties import Choices, MemberRow, PartyRow
from portal.cocreation.queries.starting import INDICATOR, StartPage
from portal.cocreation.queries.words import MEMBER_ROLES, PARTS, PARTY_KINDS, STEPS
from portal.goals.events import GOAL, SUBGOAL
from portal.kernel import fields
from portal.kernel.errors import Invalid
from portal.kernel.i18n import NATIVE_NAMES, _, _l, language
from portal.kernel.identity import StakeholderGroup
from portal.kernel.placing import PlaceFields
from portal.places.actions import PlaceDraft

KEY = re.compile(r"[0-9a-zA-Z-]{1,36}")
VERSION = re.compile(r"[0-9]{1,9}")
NO_AREA = ("", _l("Vet ikke"))
RESIDENTS = "residents"
"""The starter is a resident, alone or with others."""
ORGANISATION, AREA = "o", "a"
"""Before a number: an organisation, a service area."""
KIND_OF: Mapping[StakeholderGroup, PartyKind] = {
    StakeholderGroup.VOLUNTARY_SECTOR: PartyKind.ORGANISATION,
    StakeholderGroup.BUSINESS: PartyKind.BUSINESS,
    StakeholderGroup.KNOWLEDGE: PartyKind.KNOWLEDGE,
}


class ProjectForm(PlaceFields, fields.Form):
    """A project's words, where it is and what it serves."""

    title = fields.text(_l("Hva heter prosjektet?"))
    challenge = fields.long_text(_l("Hva vil dere gjøre noe med?"), longest=LONGEST)
    goal = fields.long_text(_l("Hva vil dere oppnå?"), longest=LONGEST, optional=True)
    summary = fields.long_text(_l("Prosjektet i én eller to setninger"), longest=500, optional=True)
    service_area = fields.choice(_l("Hvilken del av kommunen gjelder det?"), [], optional=True)
    goals = fields.choices(_l("Bærekraftsmål"), [], coerce=int)
    subgoals = fields.choices(_l("Kommunens delmål"), [], coerce=int)
    indicators = fields.choices(_l("Indikatorer i observatoriet"), [], coerce=int)
    language = fields.choice(_l("Språket du skriver på"), list(NATIVE_NAMES.items()))
    key = HiddenField()
    version = HiddenField()

    def __init__(self, page: StartPage, **values: Any) -> None:
        super().__init__(**values)
        self._page = page
        self.service_area.choices = [NO_AREA, *((str(id_), name) for id_, name in page.areas)]
        for name, kind in (("goals", GOAL), ("subgoals", SUBGOAL), ("indicators", INDICATOR)):
            self[name].choices = [(each.id, each.label) for each in page.options[kind]]
        self.offer(page.places.neighbourhoods)
        if not self.is_submitted():
            self._fill(page)

    def draft(self) -> ProjectDraft:
        """Return what was written."""
        return ProjectDraft(
            title=self.title.data or "",
            challenge=self.challenge.data or "",
            goal=self.goal.data or "",
            summary=self.summary.data or "",
            language=self.language.data or language(),
            service_area_id=int(self.service_area.data) if self.service_area.data else None,
            place=PlaceDraft(**self.place()),
            goals=tuple(self.goals.data or ()),
            subgoals=tuple(self.subgoals.data or ()),
            indicators=tuple(self.indicators.data or ()),
        )

    def form_key(self) -> str:
        """Return the key of the form; one that isn't ours is none."""
        return self.key.data if KEY.fullmatch(self.key.data or "") else ""

    def form_version(self) -> int:
        """Return which version the form was made from; nonsense is a version nothing has."""
        return version_of(self.version.data)

    def refuse(self, refusal: Invalid) -> None:
        """Put a refusal at the field it belongs to; what a project serves is refused by what the links lead to."""
        where = {GOAL: "goals", SUBGOAL: "subgoals", INDICATOR: "indicators"}.get(refusal.field, refusal.field)
        super().refuse(Invalid(where, refusal.message))

    def _fill(self, page: StartPage) -> None:
        self.goals.data, self.subgoals.data = page.served(GOAL), page.served(SUBGOAL)
        self.indicators.data = page.served(INDICATOR)
        self.key.data, self.language.data = uuid.uuid4().hex, language()
        if page.origin is not None:
            self.title.data, self.challenge.data = page.origin.title, page.origin.challenge
            self.language.data = page.origin.card.language if page.origin.title else language()
        if page.project is not None:
            for name in ("title", "challenge", "goal", "summary", "language"):
                self[name].data = getattr(page.project, name)
            self.service_area.data = str(page.project.service_area_id or "")
            self.version.data = str(page.project.version)
        if page.location is not None:
            for part in ("address", "latitude", "longitude"):
                self[part].data = getattr(page.location, part)
            self.neighbourhood.data = page.location.neighbourhood_id


class StartForm(ProjectForm):
    """The same, and whom one starts it for."""

    party = fields.choice(_l("Hvem starter du dette for?"), [], radio=True)
    party_name = fields.text(_l("Hva skal dere kalles?"), longest=120, optional=True)
    contact_title = fields.text(_l("Rollen din der"), longest=120)

    def __init__(self, page: StartPage, **values: Any) -> None:
        super().__init__(page, **values)
        self.party.choices = [
            (RESIDENTS, _("Meg selv, eller en gruppe innbyggere")),
            *((f"{ORGANISATION}{id_}", name) for id_, name, _group in page.organisations),
            *((f"{AREA}{id_}", _("Kommunen: %(area)s", area=name)) for id_, name in page.own_areas),
        ]
        if not self.is_submitted():
            self.party.data, self.contact_title.data = self.party.choices[-1][0], _("Kontaktperson")
            self.party_name.data = _("Innbyggere")

    def refuse(self, refusal: Invalid) -> None:
        """Put what is wrong with the name at the party's name."""
        super().refuse(Invalid("party_name", refusal.message) if refusal.field == "name" else refusal)

    def starter(self) -> PartyDraft:
        """Return whom it is started for."""
        chosen = self.party.data or RESIDENTS
        shared: dict[str, Any] = dict.fromkeys(STEPS, Part.TOGETHER) | {"contact_title": self.contact_title.data or ""}
        for id_, name, group in self._page.organisations:
            if chosen == f"{ORGANISATION}{id_}":
                return PartyDraft(kind=KIND_OF[group], name=name, organisation_id=id_, **shared)
        for id_, name in self._page.own_areas:
            if chosen == f"{AREA}{id_}":
                return PartyDraft(kind=PartyKind.MUNICIPALITY, name=name, service_area_id=id_, **shared)
        return PartyDraft(kind=PartyKind.RESIDENTS, name=self.party_name.data or "", **shared)


class PartyForm(fields.Form):
    """A party as an owner enters it."""

    who = fields.choice(_l("Hvem er det?"), [], optional=True)
    name = fields.text(_l("Navn"), longest=120, optional=True)
    kind = fields.choice(
        _l("Hva slags part er det?"),
        [(kind.value, word) for kind, word in PARTY_KINDS.items() if kind is not PartyKind.MUNICIPALITY],
        optional=True,
    )
    contact_title = fields.text(_l("Kontakt, med rolle"), longest=120, optional=True)
    problem = fields.choice(STEPS["problem"], list(PARTS.items()))
    goals = fields.choice(STEPS["goals"], list(PARTS.items()))
    design = fields.choice(STEPS["design"], list(PARTS.items()))
    carry_out = fields.choice(STEPS["carry_out"], list(PARTS.items()))
    version = HiddenField()

    def __init__(self, choices: Choices, party: Party | None = None, **values: Any) -> None:
        super().__init__(**values)
        self._choices = choices
        self.who.choices = [
            ("", _("En annen: skriv navnet under")),
            *((f"{ORGANISATION}{id_}", name) for id_, name, _group in choices.organisations),
            *((f"{AREA}{id_}", _("Kommunen: %(area)s", area=name)) for id_, name in choices.areas),
        ]
        if not self.is_submitted():
            self._fill(party)

    def draft(self) -> PartyDraft:
        """Return what was written; who is chosen from the list is called what the list calls them."""
        chosen = self.who.data or ""
        shared: dict[str, Any] = {step: Part(self[step].data) for step in STEPS}
        shared["contact_title"] = self.contact_title.data or ""
        for id_, name, group in self._choices.organisations:
            if chosen == f"{ORGANISATION}{id_}":
                return PartyDraft(kind=KIND_OF[group], name=name, organisation_id=id_, **shared)
        for id_, name in self._choices.areas:
            if chosen == f"{AREA}{id_}":
                return PartyDraft(kind=PartyKind.MUNICIPALITY, name=name, service_area_id=id_, **shared)
        kind = PartyKind(self.kind.data) if self.kind.data else PartyKind.RESIDENTS
        return PartyDraft(kind=kind, name=self.name.data or "", **shared)

    def form_version(self) -> int:
        return version_of(self.version.data)

    def _fill(self, party: Party | None) -> None:
        self.problem.data = self.goals.data = self.design.data = self.carry_out.data = Part.TOGETHER.value
        if party is None:
            return
        for name in ("contact_title", *STEPS):
            self[name].data = getattr(party, name)
        self.version.data = str(party.version)
        if party.organisation_id is not None:
            self.who.data = f"{ORGANISATION}{party.organisation_id}"
        elif party.service_area_id is not None:
            self.who.data = f"{AREA}{party.service_area_id}"
        else:
            self.name.data, self.kind.data = party.name, party.kind


class JoinForm(fields.Form):
    """Whom one wants to be in a project for."""

    party = fields.choice(_l("Hvem er du med for?"), [], radio=True, optional=True)
    title = fields.text(_l("Rollen din der"), longest=120, optional=True)

    def __init__(self, parties: Sequence[PartyRow], **values: Any) -> None:
        super().__init__(**values)
        self.party.choices = [
            ("", _("Meg selv: jeg vil bidra")),
            *((str(row.party.id), row.party.name) for row in parties),
        ]
        if not self.is_submitted():
            self.party.data = next((str(row.party.id) for row in parties if row.is_mine), "")

    def party_id(self) -> int | None:
        return number_of(self.party.data)


class MemberForm(fields.Form):
    """What a member is in a project."""

    role = fields.choice(_l("Rolle i prosjektet"), list(MEMBER_ROLES.items()), radio=True)
    party = fields.choice(_l("Hvem de er med for"), [], optional=True)
    title = fields.text(_l("Rollen deres der"), longest=120, optional=True)

    def __init__(self, parties: Sequence[PartyRow], row: MemberRow, **values: Any) -> None:
        super().__init__(**values)
        self.party.choices = [("", _("Ingen part")), *((str(each.party.id), each.party.name) for each in parties)]
        if not self.is_submitted():
            member: Member = row.member
            self.role.data, self.title.data = member.role.value, member.title
            self.party.data = str(member.party_id or "")

    def chosen(self) -> dict[str, Any]:
        """Return what the action is told."""
        return {
            "role": MemberRole(self.role.data),
            "party_id": number_of(self.party.data),
            "title": self.title.data or "",
        }


class ButtonForm(fields.Form):
    """A button that does something at once."""


def version_of(value: str | None) -> int:
    """Read which version a form was made from; nonsense is a version nothing has."""
    return int(value) if value and VERSION.fullmatch(value) else -1


def number_of(value: str | None) -> int | None:
    """Read what was chosen among numbers; nothing is none."""
    return int(value) if value else None
