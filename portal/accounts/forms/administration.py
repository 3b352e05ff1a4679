"""The forms of the administration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import HiddenField, TextAreaField
from wtforms.fields import SelectChoice

from portal.accounts import policy, words
from portal.accounts.actions.administration import MunicipalityDraft, ServiceAreasDraft
from portal.accounts.actions.organisations import OrganisationChange, OrganisationDraft, SpokespersonDraft
from portal.accounts.actions.settings import BrandingDraft, LogoDraft, ServiceAreaDraft, SettingDraft
from portal.accounts.queries.administration import ServiceAreaChoice
from portal.accounts.settings_catalogue import GOALS, THEMES, Definition
from portal.kernel import fields, municipalities
from portal.kernel.i18n import _l
from portal.kernel.identity import Role, StakeholderGroup
from portal.kernel.richtext import clean_line

GROUP_CHOICES = [(group, words.GROUPS[group]) for group in StakeholderGroup if group is not StakeholderGroup.RESIDENT]


def _version() -> Any:
    """Return a hidden field with the version the form was made from; nonsense is a version nothing has."""
    return HiddenField(filters=[lambda value: int(value) if str(value).isdigit() else -1])


def _options(choices: Iterable[tuple[Any, Any]]) -> list[Any]:
    return [SelectChoice(value, label) for value, label in choices]


class ConfirmForm(fields.Form):
    """A button that does what the page tells of."""


class SearchForm(fields.Form):
    """A form that only asks: it is sent in the address, and needs no token."""

    class Meta(fields.Form.Meta):
        csrf = False


class PeopleForm(SearchForm):
    """Find people."""

    q = fields.text(_l("Navn eller e-post"), optional=True, description=_l("Begynnelsen er nok."))
    rolle = fields.choice(
        _l("Rolle"), [("", _l("Alle")), *[(role, words.ROLES[role]) for role in policy.GRANTABLE]], optional=True
    )


class OrganisationsForm(SearchForm):
    """Choose which organisations to see."""

    status = fields.choice(
        _l("Status"),
        [
            ("", _l("Alle")),
            ("waiting", _l("Venter på godkjenning")),
            ("verified", _l("Godkjent")),
            ("closed", _l("Stengt")),
        ],
        optional=True,
    )
    gruppe = fields.choice(_l("Gruppe"), [("", _l("Alle")), *GROUP_CHOICES], optional=True)


class HappeningsForm(SearchForm):
    """Choose which events to see."""

    hendelse = fields.choice(_l("Hendelse"), [], optional=True)

    def offer(self, labels: Mapping[str, Any]) -> None:
        """Say which kinds of event can be chosen, in the order of their words."""
        kinds = sorted(((name, str(label)) for name, label in labels.items()), key=lambda kind: kind[1])
        self.hendelse.choices = _options([("", _l("Alle")), *kinds])


class GrantRoleForm(fields.Form):
    """Give a role."""

    role = fields.choice(_l("Hvilken rolle?"), [], radio=True)

    def offer(self, roles: list[Role]) -> None:
        """Say which roles can be chosen."""
        self.role.choices = _options((role, words.ROLES[role]) for role in roles)

    def draft(self) -> Role:
        return Role(self.role.data)


class ServiceAreasForm(fields.Form):
    """Which service areas somebody works in."""

    service_areas = fields.choices(_l("Tjenesteområder"), [], coerce=int)
    version = _version()

    def offer(self, choices: list[ServiceAreaChoice]) -> None:
        """Say which areas can be chosen."""
        self.service_areas.choices = _options((choice.area.id, choice.area.name) for choice in choices)

    def draft(self) -> ServiceAreasDraft:
        return ServiceAreasDraft(service_area_ids=frozenset(self.service_areas.data or ()), version=self.version.data)


class MunicipalityForm(fields.Form):
    """Which municipality partner staff come from."""

    number = fields.choice(_l("Kommune"), [], optional=True)
    version = _version()

    def offer(self, home_number: str) -> None:
        """Let every municipality but our own be chosen, in the order of their names."""
        others = [each for each in municipalities.all_municipalities() if each.number != home_number]
        others.sort(key=lambda each: each.name)
        choices = [(each.number, f"{each.name} ({each.county_name})") for each in others]
        self.number.choices = _options([("", _l("Ingen kommune")), *choices])

    def draft(self) -> MunicipalityDraft:
        return MunicipalityDraft(number=self.number.data or "", version=self.version.data)


class OrganisationForm(fields.Form):
    """A new organisation."""

    number = fields.text(
        _l("Organisasjonsnummer"),
        longest=30,
        description=_l("Ni sifre. Du finner det i Enhetsregisteret hos Brønnøysundregistrene."),
        inputmode="numeric",
    )
    name = fields.text(_l("Navn"), description=_l("Slik det står i Enhetsregisteret."))
    group = fields.choice(_l("Hvilken gruppe hører den til?"), GROUP_CHOICES, radio=True)

    def draft(self) -> OrganisationDraft:
        return OrganisationDraft(number=self.number.data, name=self.name.data, group=StakeholderGroup(self.group.data))


class OrganisationChangeForm(fields.Form):
    """Name and group of an organisation."""

    name = fields.text(_l("Navn"), description=_l("Slik det står i Enhetsregisteret."))
    group = fields.choice(_l("Hvilken gruppe hører den til?"), GROUP_CHOICES, radio=True)
    version = _version()

    def draft(self) -> OrganisationChange:
        return OrganisationChange(
            name=self.name.data, group=StakeholderGroup(self.group.data), version=self.version.data
        )


class SpokespersonForm(fields.Form):
    """Somebody who speaks for an organisation."""

    email = fields.email(_l("E-post"), description=_l("Adressen personen logger inn med her."))
    title = fields.text(
        _l("Rolle i organisasjonen"), optional=True, longest=100, description=_l("For eksempel «daglig leder».")
    )

    def draft(self) -> SpokespersonDraft:
        return SpokespersonDraft(email=self.email.data, title=self.title.data)


class ServiceAreaForm(fields.Form):
    """The name of a service area."""

    name = fields.text(_l("Navn"), longest=100, description=_l("For eksempel «Oppvekst» eller «Plan og bygg»."))
    version = _version()

    def draft(self) -> ServiceAreaDraft:
        return ServiceAreaDraft(name=self.name.data, version=self.version.data)


class SettingForm(fields.Form):
    """One setting; its `value` is made for the setting by `setting_form`."""

    version = _version()
    value: Any

    def draft(self) -> SettingDraft:
        value = tuple(self.value.data) if isinstance(self.value.data, list) else self.value.data
        return SettingDraft(value=value, version=self.version.data)


class LinesField(TextAreaField):
    """One thing on each line; empty lines and doubles are left out."""

    def _value(self) -> str:
        return "\n".join(self.data or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        lines = (clean_line(line) for line in "".join(valuelist).splitlines())
        self.data = list(dict.fromkeys(filter(None, lines)))


def setting_form(definition: Definition) -> SettingForm:
    """Return the form of one setting, with a field of the right kind."""

    class Made(SettingForm):
        value = _value_field(definition)

    return Made()


def _value_field(definition: Definition) -> Any:
    if definition.kind == "number":
        label = f"{definition.label} ({definition.unit})"
        return fields.number(label, lowest=definition.lowest, highest=definition.highest, description=definition.help)
    if definition.kind == "choice":
        return fields.choice(definition.label, definition.choices.items(), radio=True, description=definition.help)
    if definition.kind == "lines":
        return LinesField(definition.label, description=definition.help)
    goals = [(number, f"{number}. {name}") for number, name in GOALS.items()]
    return fields.choices(definition.label, goals, coerce=int, description=definition.help)


class BrandingForm(fields.Form):
    """Name, colour and contact."""

    name = fields.text(_l("Navn"), longest=60, description=_l("Står øverst på hver side, i fanen og i e-post."))
    short_name = fields.text(_l("Kort navn"), longest=20, description=_l("Der det er lite plass, som midt i hjulet."))
    theme = fields.choice(_l("Farge"), THEMES.items(), radio=True)
    contact_email = fields.email(
        _l("E-post for kontakt"),
        optional=True,
        description=_l("Står på hver side og i e-post. Bruk en felles adresse."),
    )
    contact_text = fields.long_text(
        _l("Tekst om kontakt"),
        optional=True,
        longest=300,
        description=_l("For eksempel hvem som svarer, og når. Står nederst på hver side og i e-post."),
    )
    version = _version()

    def draft(self) -> BrandingDraft:
        return BrandingDraft(
            name=self.name.data,
            short_name=self.short_name.data,
            theme=self.theme.data,
            contact_email=self.contact_email.data or "",
            contact_text=self.contact_text.data or "",
            version=self.version.data,
        )


class LogoForm(fields.Form):
    """The logo and what it shows."""

    file = fields.upload(
        _l("Bildefil"),
        accept="image/png,image/jpeg,image/webp",
        description=_l("PNG, JPEG eller WebP, høyst 900 kB. Vi gjør bildet mindre og fjerner skjulte opplysninger."),
    )
    alt = fields.text(_l("Hva viser logoen?"), longest=120, description=_l("Leses opp for dem som ikke ser bildet."))
    version = _version()

    def draft(self) -> LogoDraft:
        content = self.file.data.read() if self.file.data else None
        return LogoDraft(content=content or None, alt=self.alt.data, version=self.version.data)
