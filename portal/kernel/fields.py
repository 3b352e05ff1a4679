"""Forms and fields: text cleaned of what nobody sees, every message our own and marked for translation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    FloatField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms import validators as v
from wtforms.fields import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from portal.kernel.errors import Invalid
from portal.kernel.i18n import _l
from portal.kernel.richtext import clean_line, clean_text

REQUIRED = _l("Fyll ut dette feltet.")
EARLIEST, LATEST = 1900, 2200
"""The years that a date may be in."""
CHOOSE = _l("Velg et av alternativene.")


def _line(value: Any) -> Any:
    return clean_line(value) if isinstance(value, str) else value


def _text(value: Any) -> Any:
    return clean_text(value).strip() if isinstance(value, str) else value


class Form(FlaskForm):
    """The base of every form."""

    class Meta(FlaskForm.Meta):
        locales = ("nb",)

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            filters = list(unbound_field.kwargs.get("filters", ()))
            if issubclass(unbound_field.field_class, StringField) and not issubclass(
                unbound_field.field_class, PasswordField
            ):
                filters.append(_text if issubclass(unbound_field.field_class, TextAreaField) else _line)
            return unbound_field.bind(form=form, filters=filters, **options)

    def refuse(self, refusal: Invalid) -> None:
        """Put a refusal from an action at the field it belongs to, or at the top of the form."""
        field = self._fields.get(refusal.field)
        if field is None:
            self.form_errors.append(refusal.message)
        else:
            field.errors = [*field.errors, refusal.message]


def required(message: Any = REQUIRED) -> Any:
    return v.InputRequired(message=message)


def _length(longest: int, shortest: int = 0) -> Any:
    if shortest:
        message = _l("Skriv mellom %(min)d og %(max)d tegn.", min=shortest, max=longest)
        return v.Length(min=shortest, max=longest, message=message)
    return v.Length(max=longest, message=_l("Skriv høyst %(max)d tegn.", max=longest))


def text(
    label: Any, *, longest: int = 200, shortest: int = 0, optional: bool = False, description: Any = "", **render: Any
) -> Any:
    """Return a one-line text field."""
    return StringField(label, [_words(optional), _length(longest, shortest)], description=description, render_kw=render)


def long_text(label: Any, *, longest: int = 5000, optional: bool = False, description: Any = "", **render: Any) -> Any:
    """Return a text field of several lines."""
    return TextAreaField(label, [_words(optional), _length(longest)], description=description, render_kw=render)


def email(label: Any, *, optional: bool = False, description: Any = "") -> Any:
    """Return a field for an e-mail address."""
    shape = v.Regexp(
        r"^[^@\s<>,;:\"]{1,64}@[^@\s<>,;:\"]{1,180}\.[^@\s<>,;:\".]{2,}$",
        message=_l("Skriv en e-postadresse, for eksempel navn@eksempel.no."),
    )
    kind = {
        "type": "email",
        "autocomplete": "email",
        "inputmode": "email",
        "autocapitalize": "none",
        "spellcheck": "false",
    }
    return StringField(label, [_words(optional), _length(254), shape], description=description, render_kw=kind)


def password(label: Any, *, autocomplete: str = "current-password", description: Any = "") -> Any:
    """Return a password field; pasting is always allowed."""
    return PasswordField(
        label, [required()], description=description, render_kw={"autocomplete": autocomplete, "maxlength": 200}
    )


def number(label: Any, *, lowest: int, highest: int, optional: bool = False, description: Any = "") -> Any:
    """Return a field for a whole number."""
    between = _Between(lowest, highest, message=_l("Skriv et tall fra %(min)d til %(max)d.", min=lowest, max=highest))
    return WholeNumberField(
        label, [_presence(optional), between], description=description, render_kw={"inputmode": "numeric"}
    )


def degrees(label: Any, lowest: int, highest: int, *, description: Any = "") -> Any:
    """Return a field for a latitude or a longitude, which may be left out."""
    message = _l("Skriv et tall fra %(min)d til %(max)d.", min=lowest, max=highest)
    between = _Between(lowest, highest, message=message)
    return DegreesField(label, [v.Optional(), between], description=description, render_kw={"inputmode": "decimal"})


def date(label: Any, *, optional: bool = False, description: Any = "") -> Any:
    """Return a field for a date."""
    return NorwegianDateField(label, [_presence(optional)], format=["%Y-%m-%d", "%d.%m.%Y"], description=description)


def choice(
    label: Any,
    choices: Iterable[tuple[Any, Any]],
    *,
    radio: bool = False,
    optional: bool = False,
    description: Any = "",
    coerce: Any = str,
) -> Any:
    """Return a field where one is chosen: a list, or radio buttons."""
    field = OwnRadioField if radio else OwnSelectField
    options = [SelectChoice(value, label_) for value, label_ in choices]
    presence = v.Optional() if optional else required(CHOOSE)
    return field(label, validators=[presence], choices=options, coerce=coerce, description=description)


def choices(label: Any, options: Sequence[tuple[Any, Any]], *, description: Any = "", coerce: Any = str) -> Any:
    """Return check boxes where any number may be chosen."""
    return CheckboxesField(
        label,
        choices=[SelectChoice(value, label_) for value, label_ in options],
        description=description,
        coerce=coerce,
    )


def checkbox(label: Any, *, must: Any = None, description: Any = "") -> Any:
    """Return one check box; `must` is the message when it has to be ticked."""
    return BooleanField(label, [v.InputRequired(must)] if must else [], description=description)


def upload(label: Any, *, description: Any = "", accept: str = "") -> Any:
    """Return a field for one file."""
    return FileField(label, description=description, render_kw={"accept": accept} if accept else {})


def _words(optional: bool) -> Any:
    """Ask for something besides white space, which is trimmed away before this looks."""
    return v.Optional() if optional else v.DataRequired(message=REQUIRED)


def _presence(optional: bool) -> Any:
    return v.Optional() if optional else required()


class WholeNumberField(IntegerField):
    """A whole number, with our own message when it isn't one."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value.strip().replace(" ", "") for value in valuelist])
        except ValueError as error:
            raise ValueError(_l("Skriv et helt tall, bare med sifre.")) from error


class DegreesField(FloatField):
    """A number with decimals, after a comma as we write it or a point."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value.strip().replace(",", ".") for value in valuelist])
        except ValueError as error:
            raise ValueError(_l("Skriv et tall, for eksempel 59,8337.")) from error
        if self.data is not None and not isfinite(self.data):
            raise ValueError(_l("Skriv et tall, for eksempel 59,8337."))


class NorwegianDateField(DateField):
    """A date, with our own message when it isn't one. The first and last years there are can't be told in UTC."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
            if self.data and not EARLIEST <= self.data.year <= LATEST:
                self.data = None
                raise ValueError
        except ValueError as error:
            raise ValueError(_l("Skriv en dato slik: 31.12.2026.")) from error


class _Between(v.NumberRange):
    """Says nothing of what isn't a number: that has been said already."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.data is not None or not field.process_errors:
            super().__call__(form, field)


class _OwnMessage:
    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)  # type: ignore[misc]  # the other parent is a WTForms field
        except ValueError as error:
            raise ValueError(_l("Velg et av alternativene.")) from error

    def pre_validate(self, form: Any) -> None:
        try:
            super().pre_validate(form)  # type: ignore[misc]  # the other parent is a WTForms field
        except v.ValidationError as error:
            raise v.ValidationError(CHOOSE) from error


class OwnSelectField(_OwnMessage, SelectField):
    """A list to choose one from."""


class OwnRadioField(_OwnMessage, RadioField):
    """Radio buttons."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, validate_choice=True, **kwargs)


class CheckboxesField(_OwnMessage, SelectMultipleField):
    """Check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
