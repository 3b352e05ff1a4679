"""The forms of signing up, signing in and one's own account."""

from __future__ import annotations

from typing import Any

from portal.accounts.actions.organisations import OrganisationDraft, SpeakForDraft
from portal.accounts.actions.profile import ProfileDraft
from portal.accounts.actions.sign_up import NewPasswordDraft, SignUpDraft
from portal.accounts.forms.administration import GROUP_CHOICES
from portal.accounts.queries import settings
from portal.kernel import fields
from portal.kernel.i18n import LANGUAGES, NATIVE_NAMES, _l, language
from portal.kernel.identity import StakeholderGroup
from portal.kernel.richtext import clean_line

PASSWORD_HINT = _l("Minst 12 tegn. Fire tilfeldige ord er lett å huske og vanskelig å gjette. Du kan lime inn.")
NAME_HINT = _l("Navnet vises ved det du skriver. Du kan bruke bare fornavn.")


def _username(label: Any, description: Any = "") -> Any:
    """Return an address field that password managers fill with the user name."""
    field = fields.email(label, description=description)
    field.kwargs["render_kw"]["autocomplete"] = "username"
    return field


def _name() -> Any:
    return fields.text(_l("Hva skal vi kalle deg?"), longest=100, description=NAME_HINT, autocomplete="name")


def _new_password(label: Any) -> Any:
    return fields.password(label, autocomplete="new-password", description=PASSWORD_HINT)


class SignInForm(fields.Form):
    """Address and password."""

    email = _username(_l("E-postadresse"))
    password = fields.password(_l("Passord"))


class PasswordForm(fields.Form):
    """The password alone."""

    password = fields.password(_l("Passord"))


class CodeForm(fields.Form):
    """The code of the second step."""

    code = fields.text(
        _l("Kode"),
        longest=20,
        description=_l("Seks sifre fra appen, eller en av reservekodene dine."),
        autocomplete="one-time-code",
        inputmode="text",
        autocapitalize="none",
        spellcheck="false",
    )


class SetUpCodeForm(fields.Form):
    """The first code, which shows that the app was set up right."""

    code = fields.text(_l("Kode fra appen"), longest=10, autocomplete="one-time-code", inputmode="numeric")


class SignUpForm(fields.Form):
    """A new account."""

    name = _name()
    email = _username(_l("E-postadresse"), _l("Vi sender en lenke hit, så vi vet at adressen er din. Vises ikke."))
    password = _new_password(_l("Lag et passord"))
    of_age = fields.checkbox("", must=_l("Kryss av for at du er gammel nok."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        age = settings.value("minimum_age")
        self.of_age.label.text = _l("Jeg er %(age)d år eller eldre", age=age)
        if not age:
            del self.of_age

    def draft(self) -> SignUpDraft:
        return SignUpDraft(
            name=clean_line(self.name.data), email=self.email.data, password=self.password.data, language=language()
        )


class EmailForm(fields.Form):
    """An address that a mail is to be sent to."""

    email = _username(_l("E-postadresse"))


class NewPasswordForm(fields.Form):
    """A new password, by a link from a mail."""

    new_password = _new_password(_l("Nytt passord"))

    def draft(self, token: str) -> NewPasswordDraft:
        return NewPasswordDraft(token=token, password=self.new_password.data)


class NameForm(fields.Form):
    """What to call somebody who came by an OpenID provider."""

    name = _name()

    def draft(self) -> ProfileDraft:
        return ProfileDraft(name=clean_line(self.name.data), language=language())


class ProfileForm(fields.Form):
    """Name and language."""

    name = _name()
    language = fields.choice(
        _l("Hvilket språk vil du lese?"),
        [(code, NATIVE_NAMES[code]) for code in LANGUAGES],
        radio=True,
        description=_l("Gjelder også e-post fra oss."),
    )

    def draft(self) -> ProfileDraft:
        return ProfileDraft(name=clean_line(self.name.data), language=self.language.data)


class ChangePasswordForm(fields.Form):
    """The password one has and the one to be."""

    password = fields.password(_l("Passordet du har nå"))
    new_password = _new_password(_l("Nytt passord"))


class _ProvenForm(fields.Form):
    """Asks for the password of those who have one."""

    password = fields.password(_l("Passordet ditt"), description=_l("Vi spør for å være sikre på at det er deg."))

    def __init__(self, *args: Any, has_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_password:
            del self.password


class ChangeEmailForm(_ProvenForm):
    """A new address."""

    email = fields.email(_l("Ny e-postadresse"))


class RemoveSecondFactorForm(_ProvenForm):
    """Turning the second step off."""


class EraseForm(_ProvenForm):
    """Erasing the account; asks of the answers in open rounds when there are any."""

    answers = fields.choice(
        _l("Svarene dine i runden som er åpen"),
        [("go", _l("Slett dem")), ("stay", _l("La dem stå som tall uten navn"))],
        radio=True,
        description=_l("Lar du dem stå, teller de med i resultatet. Ingen kan se at de var dine."),
    )
    sure = fields.checkbox(
        _l("Jeg forstår at dette ikke kan angres"), must=_l("Kryss av for at du forstår at det ikke kan angres.")
    )

    def __init__(self, *args: Any, has_answers: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_answers:
            del self.answers


class SpeakForForm(fields.Form):
    """Asking to speak for an organisation."""

    number = fields.text(
        _l("Organisasjonsnummer"),
        longest=30,
        description=_l("Ni sifre. Du finner det i Enhetsregisteret hos Brønnøysundregistrene."),
        inputmode="numeric",
    )
    name = fields.text(_l("Organisasjonens navn"), autocomplete="organization")
    group = fields.choice(_l("Hva slags organisasjon er det?"), GROUP_CHOICES, radio=True)
    title = fields.text(
        _l("Din rolle der"),
        optional=True,
        description=_l("For eksempel leder, styremedlem eller daglig leder."),
        autocomplete="organization-title",
    )

    def draft(self) -> SpeakForDraft:
        organisation = OrganisationDraft(
            number=self.number.data, name=self.name.data, group=StakeholderGroup(self.group.data)
        )
        return SpeakForDraft(organisation=organisation, title=self.title.data or "")
