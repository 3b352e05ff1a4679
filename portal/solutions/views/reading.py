"""Reading about solutions: the list, the feed of it, and the page of one."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import config
from portal.accounts.queries import settings
from portal.kernel.access import current_actor, public
from portal.kernel.atom import Entry, Feed, write
from portal.kernel.i18n import LANGUAGES, NATIVE_NAMES, _, language
from portal.solutions import policy
from portal.solutions.facts import COSTS, EVIDENCE, SIZES, THEMES
from portal.solutions.queries import listing
from portal.solutions.queries.listing import SolutionRow
from portal.solutions.queries.page import address_of, solution_page
from portal.solutions.views import asking
from portal.solutions.views.adopting import WORDS
from portal.solutions.words import SPOKEN, TEXTS

bp = Blueprint("solutions", __name__, url_prefix="/losninger", template_folder="../templates")

IN_FEED = 50
FACTS = {"themes": THEMES, "costs": COSTS, "evidence": EVIDENCE, "sizes": SIZES}
"""What templates call the facts."""


@bp.get("/")
@public
def index() -> str:
    """Show the solutions that are asked for."""
    actor, asked, cursor = current_actor(), asking.filters(), request.args.get(asking.CURSOR)
    page, now = listing.list_page(asked, cursor), asking.values(asked)
    return render_template(
        "solutions/index.html",
        page=page,
        asked=asked,
        now=now,
        address=asking.address,
        tags=asking.tags(asked, page.municipalities),
        picks=asking.picks(asked, page.municipalities),
        sorts=asking.sorts(asked),
        facts=FACTS,
        may_share=policy.may_share(actor),
        next=asking.address(now, side=page.next) if page.next else None,
        first=asking.address(now) if cursor else None,
        feed_url=url_for(".feed", **now),
    )


@bp.get("/atom.xml")
@public
def feed() -> Response:
    """Send the first of what is asked for as a feed."""
    asked, name = asking.filters(), settings.branding().name
    now = asking.values(asked)
    told = Feed(
        title=_("Løsninger – %(name)s", name=name),
        author=name,
        this=url_for(".feed", **now),
        page=asking.address(now),
        language=language(),
        entries=[_entry(row) for row in listing.first(asked, limit=IN_FEED)],
    )
    written = write(told, config.current().base_url)
    return current_app.response_class(written, content_type="application/atom+xml; charset=utf-8")


@bp.get("/<int:solution_id>")
@public
def permanent(solution_id: int) -> ResponseReturnValue:
    """Lead from the address that never changes to the one with the name in it."""
    return redirect(url_for(".show", solution_id=solution_id, slug=address_of(current_actor(), solution_id)), 301)


@bp.get("/<int:solution_id>-<slug>")
@public
def show(solution_id: int, slug: str) -> ResponseReturnValue:
    """Show one solution, in the language asked for by `tekst`; an old name in the address leads to the new one."""
    asked = request.args.get("tekst")
    page = solution_page(current_actor(), solution_id, asked)
    if slug != page.slug:
        kept = asked if asked in LANGUAGES else None
        return redirect(url_for(".show", solution_id=solution_id, slug=page.slug, tekst=kept), 301)
    return render_template(
        "solutions/show.html",
        page=page,
        facts=FACTS,
        headings=TEXTS,
        language_names=NATIVE_NAMES,
        spoken=SPOKEN,
        adoption_words=WORDS,
        base_url=config.current().base_url.rstrip("/"),
    )


def _entry(row: SolutionRow) -> Entry:
    return Entry(
        id=url_for(".permanent", solution_id=row.id),
        address=url_for(".show", solution_id=row.id, slug=row.slug),
        title=row.title,
        published=row.shown_at,
        updated=row.changed_at,
        language=row.language,
        author=row.municipality,
        summary=row.line or row.title,
        category=(row.theme.value, str(THEMES[row.theme])),
    )
