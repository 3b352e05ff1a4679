"""Every component in every state on one page, for builders and for the tests; there is none in production."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from flask import render_template, request

from portal.kernel import clock, fields


class ExampleForm(fields.Form):
    """One field of each kind."""

    title = fields.text("Hva heter ideen?", longest=80, description="Kort, så andre kjenner den igjen.")
    story = fields.long_text("Hva vil du endre?", longest=600, optional=True)
    email = fields.email("E-post")
    password = fields.password("Passord", autocomplete="new-password", description="Minst 12 tegn.")
    area = fields.choice("Område", [("", "Velg"), ("asker", "Asker sentrum"), ("nesoya", "Nesøya")])
    group = fields.choice("Hvem svarer du som?", [("resident", "Innbygger"), ("business", "Næringsliv")], radio=True)
    themes = fields.choices("Hva handler det om?", [("a", "Trafikk"), ("b", "Skole"), ("c", "Friluftsliv")])
    rules = fields.checkbox("Jeg har lest reglene", must="Kryss av for at du har lest reglene.")
    picture = fields.upload("Bilde", accept="image/*", description="JPEG eller PNG, høyst 10 MB.")
    deadline = fields.date("Frist", optional=True)
    hours = fields.number("Timer i uken", lowest=0, highest=40, optional=True)


LEVELS = [
    ("red", "red", "Ikke akseptabelt", "Det finnes ingen fast måte å involvere innbyggerne på."),
    ("yellow", "yellow", "På vei", "Innbyggerne får delta i noen planer og tiltak."),
    (
        "green",
        "green",
        "Minstekravet er nådd",
        "Innbyggerne deltar fra idé til evaluering, og kommunen arbeider aktivt for lokaldemokratiet.",
    ),
    ("unknown", None, "Vet ikke", "Helt greit. Det blir vist for seg selv."),
]


def show() -> str:
    """Show the gallery; posting it shows every field with its error."""
    form = ExampleForm()
    if request.method == "POST":
        form.validate()
    now = clock.now()
    moments = SimpleNamespace(now=now, hours=now - timedelta(hours=3), days=now - timedelta(days=3))
    return render_template("ui/gallery.html", form=form, levels=LEVELS, moments=moments)
