"""The Atom feed of a project's news: what everybody may read, and nothing else."""

from __future__ import annotations

from flask import url_for

from portal.cocreation.models.together import Update
from portal.cocreation.queries.news import Feed as News
from portal.kernel.atom import Entry, Feed
from portal.kernel.i18n import _
from portal.kernel.richtext import plain


def feed(page: News, *, name: str) -> Feed:
    """Return the feed of a project's news; `name` is the portal's. An entry is new each time its words are changed."""
    project = page.frame.project
    this, listed = (url_for(f"cocreation_news.{each}", project_id=project.id) for each in ("atom", "news"))
    return Feed(
        title=_("Nytt fra %(project)s – %(name)s", project=project.title, name=name),
        author=name,
        this=this,
        page=listed,
        language=project.language,
        entries=[_entry(each, listed) for each in page.posts],
        updated=project.shown_at,
    )


def _entry(post: Update, listed: str) -> Entry:
    address = f"{listed}#nytt-{post.id}"
    return Entry(
        id=address,
        address=address,
        title=post.title,
        published=post.written_at,
        updated=post.edited_at or post.written_at,
        language=post.language,
        author=post.byline,
        content=plain(post.text),
    )
