"""Settings, branding, logo and service areas: limits, who may, stale forms, and what the trail says."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image

from portal.accounts import logo as logos
from portal.accounts.actions import settings as actions
from portal.accounts.actions.settings import BrandingDraft, LogoDraft, ServiceAreaDraft, SettingDraft
from portal.accounts.models import ServiceArea, Setting
from portal.accounts.queries import settings as queries
from portal.accounts.settings_catalogue import BY_KEY, DEFINITIONS, THEMES
from portal.kernel.audit import AuditEntry, newest_entry_id
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.support.cast import Cast
from tests.support.page import Visitor

Open = Callable[..., Visitor]


def newest() -> AuditEntry:
    entry = db.session.scalar(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1))
    assert entry is not None
    return entry


def picture(kind: str = "PNG", size: tuple[int, int] = (900, 300), **options: Any) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "#12544d").save(file, kind, **options)
    return file.getvalue()


def branding(**changes: Any) -> BrandingDraft:
    facts: dict[str, Any] = {
        "name": "Asker kommune",
        "short_name": "Asker",
        "theme": "asker",
        "contact_email": "",
        "contact_text": "",
        "version": queries.branding().version,
    }
    return BrandingDraft(**{**facts, **changes})


# -- settings ----------------------------------------------------------------------------------------------------------


def test_every_setting_has_a_default_within_its_own_limits() -> None:
    assert len(BY_KEY) == len(DEFINITIONS)
    for definition in DEFINITIONS:
        assert definition.fault(definition.default) is None, definition.key


def test_a_setting_nobody_changed_has_its_default_and_an_unknown_one_is_an_error(app: Any) -> None:
    assert queries.value("first_answer_days") == 14
    assert queries.value("round_key_days") == 30
    assert queries.value("prioritised_goals") == ()
    with pytest.raises(KeyError):
        queries.value("unknown")


def test_a_change_counts_at_once_and_tells_before_and_after(cast: Cast) -> None:
    admin = cast.actor("admin")
    actions.change_setting(admin, "first_answer_days", SettingDraft(value=21, version=0))
    assert queries.value("first_answer_days") == 21
    assert newest().body == {"setting": "first_answer_days", "before": 14, "after": 21}
    actions.change_setting(admin, "prioritised_goals", SettingDraft(value=(3, 11, 17), version=0))
    assert queries.value("prioritised_goals") == (3, 11, 17)
    assert newest().body["after"] == [3, 11, 17]


def test_a_change_inside_a_transaction_is_seen_by_the_rest_of_it(cast: Cast) -> None:
    @atomic
    def change() -> tuple[int, int]:
        before = queries.value("minimum_age")
        actions.change_setting(cast.actor("admin"), "minimum_age", SettingDraft(value=15, version=0))
        return before, queries.value("minimum_age")

    assert change() == (13, 15)


def test_a_change_that_was_rolled_back_is_not_seen(cast: Cast) -> None:
    @atomic
    def change_and_fail() -> None:
        actions.change_setting(cast.actor("admin"), "minimum_age", SettingDraft(value=15, version=0))
        assert queries.value("minimum_age") == 15
        raise Invalid("x", "no")

    with pytest.raises(Invalid):
        change_and_fail()
    assert queries.value("minimum_age") == 13


def test_saving_what_stands_is_no_event(cast: Cast) -> None:
    before = newest_entry_id()
    actions.change_setting(cast.actor("admin"), "first_answer_days", SettingDraft(value=14, version=0))
    assert newest_entry_id() == before


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("first_answer_days", 0),
        ("first_answer_days", 91),
        ("minimum_age", -1),
        ("minimum_age", 19),
        ("round_key_days", 366),
        ("prioritised_goals", (1, 2, 3, 4, 5, 6, 7)),
        ("prioritised_goals", (18,)),
    ],
)
def test_a_value_outside_the_limits_is_refused(cast: Cast, key: str, value: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        actions.change_setting(cast.actor("admin"), key, SettingDraft(value=value, version=0))
    assert refusal.value.field == "value"


def test_only_administrators_change_settings_and_branding(cast: Cast) -> None:
    for name in ("resident", "coordinator", "moderator"):
        actor = cast.actor(name)
        for work in (
            lambda a: actions.change_setting(a, "minimum_age", SettingDraft(value=15, version=0)),
            lambda a: actions.change_branding(a, branding(name="Mitt")),
            lambda a: actions.change_logo(a, LogoDraft(content=picture(), alt="x", version=0)),
            actions.remove_logo,
            lambda a: actions.add_service_area(a, ServiceAreaDraft(name="X")),
            lambda a: actions.rename_service_area(a, 1, ServiceAreaDraft(name="X")),
            lambda a: actions.deactivate_service_area(a, 1),
            lambda a: actions.reactivate_service_area(a, 1),
        ):
            with pytest.raises(Forbidden):
                work(actor)


def test_all_settings_and_the_branding_are_one_statement(app: Any, count_queries: Callable[..., Any]) -> None:
    with count_queries(at_most=1):
        for definition in DEFINITIONS:
            queries.value(definition.key)
        queries.branding()


@pytest.mark.parametrize(
    ("key", "sent", "shown"),
    [
        ("first_answer_days", {"value": "21"}, "21 dager"),
        (
            "prioritised_goals",
            {"value": ["3", "11"]},
            "3. God helse og livskvalitet, 11. Bærekraftige byer og lokalsamfunn",
        ),
    ],
)
def test_a_setting_is_changed_through_its_page(visitor: Open, key: str, sent: dict[str, Any], shown: str) -> None:
    admin = visitor("admin")
    page = admin.get("settings.change", key=key)
    admin.post("settings.change", key=key, _data={**page.form(), **sent})
    assert shown in admin.get("settings.index").words


def test_a_wrong_value_is_shown_with_its_error(visitor: Open) -> None:
    admin = visitor("admin")
    for value in ("1000", "abc", "", "1.5", "9" * 30):
        page = admin.post("settings.change", key="first_answer_days", _data={"value": value, "version": 0}, _status=422)
        assert page.one("input[name=value]")["value"] == value
        assert page.all("[data-error-summary] a")
    admin.get("settings.change", key="unknown", _status=404)


def test_a_stale_setting_is_refused_and_the_value_kept(visitor: Open) -> None:
    admin = visitor("admin")
    stale = admin.get("settings.change", key="first_answer_days").form()
    admin.post("settings.change", key="first_answer_days", _data={**stale, "value": "21"})
    page = admin.post("settings.change", key="first_answer_days", _data={**stale, "value": "28"}, _status=409)
    assert page.one("input[name=value]")["value"] == "28"
    assert "21 dager" in page.words
    nonsense = {**page.form(), "version": "x"}
    admin.post("settings.change", key="first_answer_days", _data=nonsense, _status=409)
    admin.post("settings.change", key="first_answer_days", _data=page.form())
    assert queries.value("first_answer_days") == 28


# -- branding ----------------------------------------------------------------------------------------------------------


def test_the_branding_is_that_of_the_municipality_until_somebody_changes_it(app: Any) -> None:
    now = queries.branding()
    assert (now.name, now.short_name, now.municipality_name) == ("Asker kommune", "Asker", "Asker kommune")
    assert (now.theme, now.logo, now.version) == ("asker", None, 0)


def test_a_new_name_and_colour_stand_on_every_page(visitor: Open, cast: Cast) -> None:
    admin = visitor("admin")
    page = admin.get("settings.change_branding")
    data = {
        **page.form(),
        "name": "Medvirk i Asker",
        "theme": "lyng",
        "contact_email": "medvirk@asker.example",
        "contact_text": "Vi svarer på hverdager.",
    }
    admin.post("settings.change_branding", _data=data)
    page = visitor().get("accounts.sign_in")
    assert page.one("html")["data-theme"] == "lyng"
    assert "Medvirk i Asker" in page.one("title").get_text()
    assert "Vi svarer på hverdager." in page.one("footer").get_text()
    assert newest().body["before"] == {
        "name": "Asker kommune",
        "theme": "asker",
        "contact_email": "",
        "contact_text": "",
    }
    listed = admin.get("administration.happenings").words
    assert "Navn: Asker kommune → ble til Medvirk i Asker" in listed
    assert "Farge: Blågrønn → ble til Lilla" in listed


def test_the_page_that_says_something_is_wrong_needs_no_database_for_its_name(own_app: Flask) -> None:
    with own_app.app_context():
        for number, table in enumerate(("settings", "audit_entries")):
            db.session.execute(sa.text(f"ALTER TABLE {table} RENAME TO gone_{number}"))
        db.session.connection().commit()
    answer = own_app.test_client().get("/regler/")
    assert answer.status_code >= 500
    assert "Asker kommune</title>" in answer.text


@pytest.mark.parametrize(("change", "field"), [({"theme": "pink"}, "theme"), ({"name": ""}, "name")])
def test_wrong_branding_is_refused_at_its_field(cast: Cast, change: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        actions.change_branding(cast.actor("admin"), branding(**change))
    assert refusal.value.field == field


def test_stale_branding_is_refused_and_what_was_written_kept(visitor: Open, cast: Cast) -> None:
    admin = visitor("admin")
    stale = admin.get("settings.change_branding").form()
    actions.change_branding(cast.actor("admin"), branding(name="Først"))
    page = admin.post("settings.change_branding", _data={**stale, "name": "Sist"}, _status=409)
    assert page.one("input[name=name]")["value"] == "Sist"
    admin.post("settings.change_branding", _data=page.form())
    assert queries.branding().name == "Sist"


def test_every_theme_is_one_the_style_sheet_knows() -> None:
    from portal.ui import blueprint

    built = next((blueprint.BUILT / "css").glob("portal.*.css")).read_text(encoding="utf-8")
    for theme in list(THEMES)[1:]:
        assert f"data-theme={theme}" in built.replace('"', ""), theme


# -- the logo ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_logo_is_drawn_anew_small_and_without_metadata(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "hemmelig sted"
    made = logos.redraw(picture(kind, exif=exif))
    assert (made.width, made.height) == (480, 160)
    assert made.png.startswith(b"\x89PNG")
    assert b"hemmelig" not in made.png
    assert b"eXIf" not in made.png


def test_a_small_logo_is_not_blown_up() -> None:
    assert (logos.redraw(picture(size=(40, 20))).width, logos.redraw(picture(size=(40, 20))).height) == (40, 20)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + bytes(50),
        picture("GIF"),
        picture("BMP"),
        picture()[:200],
        b"%PDF-1.7",
    ],
    ids=["empty", "svg", "broken-gif", "gif", "bmp", "cut", "pdf"],
)
def test_what_is_not_a_picture_we_take_is_refused(content: bytes) -> None:
    with pytest.raises(logos.NotALogo) as refusal:
        logos.redraw(content)
    assert not refusal.value.too_large


def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_decoded() -> None:
    def chunk(name: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")

    header = (50_000).to_bytes(4, "big") * 2 + bytes([8, 6, 0, 0, 0])
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    with pytest.raises(logos.NotALogo) as refusal:
        logos.redraw(b"\x89PNG\r\n\x1a\n" + body)
    assert refusal.value.too_large


def test_a_logo_is_put_in_shown_kept_by_its_hash_and_removed(visitor: Open) -> None:
    admin = visitor("admin")
    form = admin.get("settings.change_logo").form()
    assert form["alt"] == "Asker kommune"
    admin.get_url("/merke/logo", _status=404)
    admin.post("settings.change_logo", _data={**form, "file": (io.BytesIO(picture()), "logo.png")})
    source = str(visitor().get("accounts.sign_in").one("header img")["src"])
    sent = visitor().client.get(source)
    assert sent.mimetype == "image/png"
    assert sent.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert Image.open(io.BytesIO(sent.data)).size == (480, 160)
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in sent.headers
    old = visitor().client.get("/merke/logo?v=other")
    assert old.headers["Cache-Control"] == "public, no-cache"
    admin.get("settings.remove_logo")
    admin.post("settings.remove_logo")
    assert not visitor().get("accounts.sign_in").all("header img")
    admin.get_url("/merke/logo", _status=404)
    page = admin.post("settings.remove_logo", _status=409)
    assert "ingen logo å fjerne" in page.words


def test_a_wrong_file_is_refused_at_the_file(visitor: Open) -> None:
    admin = visitor("admin")
    form = admin.get("settings.change_logo").form()
    page = admin.post("settings.change_logo", _data={**form, "file": (io.BytesIO(b"<svg/>"), "logo.svg")}, _status=422)
    assert "SVG kan ikke brukes" in page.words
    page = admin.post("settings.change_logo", _data=form, _status=422)
    assert "Velg en bildefil." in page.words
    page = admin.post(
        "settings.change_logo", _data={**form, "alt": "", "file": (io.BytesIO(picture()), "l.png")}, _status=422
    )
    assert "Fyll ut dette feltet." in page.words


def test_the_words_for_a_logo_can_be_changed_without_a_new_file(cast: Cast) -> None:
    admin = cast.actor("admin")
    actions.change_logo(admin, LogoDraft(content=picture(), alt="Våpen", version=0))
    mark = queries.branding().logo
    assert mark is not None
    actions.change_logo(admin, LogoDraft(content=None, alt="Kommunevåpenet", version=queries.branding().version))
    assert newest().body["before"] == {"hash": mark.hash, "alt": "Våpen"}
    assert newest().body["after"] == {"hash": mark.hash, "alt": "Kommunevåpenet"}
    with pytest.raises(Conflict):
        actions.change_logo(admin, LogoDraft(content=None, alt="Noe annet", version=0))


def test_no_page_reads_the_picture_itself(visitor: Open, cast: Cast, count_queries: Callable[..., Any]) -> None:
    actions.change_logo(cast.actor("admin"), LogoDraft(content=picture(), alt="Våpen", version=0))
    kept = db.session.scalar(sa.select(Setting.value).where(Setting.key == queries.LOGO))
    assert kept is not None
    db.session.remove()
    with count_queries(at_most=1):
        assert queries.branding().logo is not None
    assert queries.LOGO not in queries._stored()


# -- service areas -----------------------------------------------------------------------------------------------------


def test_service_areas_are_added_renamed_laid_down_and_taken_up_through_the_pages(visitor: Open) -> None:
    admin = visitor("admin")
    admin.post("settings.service_areas", _data={"name": "Havn", "version": 0})
    page = admin.post("settings.service_areas", _data={"name": "Havn", "version": 0}, _status=422)
    assert "med dette navnet fra før" in page.words
    page = admin.post("settings.service_areas", _data={"name": " ", "version": 0}, _status=422)
    area = db.session.scalars(sa.select(ServiceArea).where(ServiceArea.name == "Havn")).one()
    where = {"service_area_id": area.id}
    form = admin.get("settings.rename_service_area", **where).form()
    admin.post("settings.rename_service_area", **where, _data={**form, "name": "Havn og kai"})
    assert (newest().body["before"], newest().body["after"]) == ("Havn", "Havn og kai")
    page = admin.post("settings.rename_service_area", **where, _data={**form, "name": "Kai"}, _status=409)
    assert page.one("input[name=name]")["value"] == "Kai"
    assert "Havn og kai" in page.main.get_text()
    admin.get("settings.deactivate_service_area", **where)
    admin.post("settings.deactivate_service_area", **where)
    admin.post("settings.deactivate_service_area", **where, _status=409)
    assert "Lagt ned" in admin.get("settings.service_areas").words
    admin.get("settings.reactivate_service_area", **where)
    admin.post("settings.reactivate_service_area", **where)
    admin.post("settings.reactivate_service_area", **where, _status=409)


def test_characters_nobody_sees_are_taken_out_of_a_name(visitor: Open) -> None:
    visitor("admin").post("settings.service_areas", _data={"name": "Ha\x00vn\u202e  og\nkai", "version": 0})
    assert newest().body["after"] == "Havn og kai"


def test_two_areas_cannot_share_a_name(cast: Cast) -> None:
    admin = cast.actor("admin")
    actions.add_service_area(admin, ServiceAreaDraft(name="Arkiv"))
    other = actions.add_service_area(admin, ServiceAreaDraft(name="Idrett"))
    with pytest.raises(Invalid) as refusal:
        actions.rename_service_area(admin, other.id, ServiceAreaDraft(name="Arkiv", version=other.version))
    assert refusal.value.field == "name"


def test_an_unknown_area_is_not_found(visitor: Open, cast: Cast) -> None:
    visitor("admin").get("settings.rename_service_area", service_area_id=99999, _status=404)
    with pytest.raises(NotFound):
        actions.deactivate_service_area(cast.actor("admin"), 99999)
