"""Dates, numbers, shares and people's texts, as the reader's language writes them and in Norwegian time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal

from babel import dates, numbers

from portal.kernel import clock, richtext
from portal.kernel.i18n import _, language, ngettext

LOCALES = {"nb": "nb_NO", "nn": "nn_NO", "en": "en_GB"}
RECENT = dt.timedelta(days=30)


def date(value: dt.date | dt.datetime, style: str = "long") -> str:
    """Write a date: «21. november 2026», with `short` «21.11.2026», with `full` the weekday too.

    A moment is taken to the date it is in Norway.
    """
    day = clock.local(value).date() if isinstance(value, dt.datetime) else value
    return str(dates.format_date(day, format="dd.MM.y" if style == "short" else style, locale=_locale()))


def time(value: dt.datetime) -> str:
    """Write the time of day in Norway: «14:05»."""
    return str(dates.format_time(clock.local(value), format="HH:mm", locale=_locale()))


def datetime(value: dt.datetime, style: str = "long") -> str:
    """Write a moment: «21. november 2026 kl. 14:05»."""
    return str(_("%(date)s kl. %(time)s", date=date(value, style), time=time(value)))


def ago(value: dt.datetime) -> str:
    """Write how long ago something was, «for 3 dager siden», and after a month its date."""
    passed = clock.now() - value
    days = round(abs(passed) / dt.timedelta(days=1))
    if abs(passed) > RECENT:
        return date(value)
    if abs(passed) < dt.timedelta(minutes=1):
        return str(_("nå nettopp"))
    if abs(passed) < dt.timedelta(hours=20):
        return dates.format_timedelta(-passed, add_direction=True, locale=_locale())
    if value < clock.now():
        return str(ngettext("for %(num)s dag siden", "for %(num)s dager siden", days))
    return str(ngettext("om %(num)s dag", "om %(num)s dager", days))


def number(value: float | Decimal, decimals: int | None = None) -> str:
    """Write a number: «1 284», or with a fixed count of decimals «0,31»."""
    pattern = "#,##0.###" if decimals is None else f"#,##0.{'0' * decimals}".rstrip(".")
    return numbers.format_decimal(value, format=pattern, locale=_locale())


def percent(share: float | Decimal, decimals: int = 0) -> str:
    """Write a share from 0 to 1 as a percentage: «41 %»."""
    pattern = f"#,##0.{'0' * decimals}".rstrip(".")
    return f"{numbers.format_decimal(share * 100, format=pattern, locale=_locale())}\N{NO-BREAK SPACE}%"


def kroner(ore: int) -> str:
    """Write a sum of øre as kroner: «1 500 000 kroner», and with øre when there are any: «99,50 kroner»."""
    amount = number(Decimal(ore) / 100, 2 if ore % 100 else 0)
    return f"{amount} kroner".replace(" ", "\N{NO-BREAK SPACE}")


def upper_first(text: str) -> str:
    """Begin with a capital letter and leave the rest as it is: «Publisert 24 December»."""
    return text[:1].upper() + text[1:]


def _locale() -> str:
    return LOCALES[language()]


FILTERS: Mapping[str, Callable[..., str]] = {
    "date": date,
    "time": time,
    "datetime": datetime,
    "ago": ago,
    "number": number,
    "percent": percent,
    "upper_first": upper_first,
    "kroner": kroner,
    "richtext": richtext.render,
}
