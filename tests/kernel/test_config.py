"""The settings: what is read, what is made on the first start, and that everything wrong is one clear line."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.app import create_app
from portal.config import Settings, SettingsError, from_environment
from tests.support import databases

SAFE = {
    "PORTAL_PRODUCTION": "1",
    "PORTAL_BASE_URL": "https://portal.kommune.example",
    "PORTAL_SECRET_KEY": "4kS0vJq8yT3nX7wZ1bR5mC9dF2gH6pLa",
    "PORTAL_SUBJECT_KEY": "Qe7Rt2Yu9Io4Pa6Sd1Fg8Hj3Kl5Zx0Cv",
    "PORTAL_SMTP_URL": "smtps://portal:secret@mail.kommune.example",
}
ISSUER = {
    "PORTAL_OIDC_IDPORTEN_ISSUER": "https://idporten.example",
    "PORTAL_OIDC_IDPORTEN_CLIENT_ID": "portal",
    "PORTAL_OIDC_IDPORTEN_CLIENT_SECRET": "secret",
}


def read(folder: Path, **environment: str) -> Settings:
    return from_environment({"PORTAL_DATA": str(folder), **environment})


def test_nothing_needs_to_be_set_to_try_the_portal(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path}/portal.sqlite3"
    assert settings.base_url == "http://127.0.0.1:8000"
    assert (settings.production, settings.demo, settings.staff_second_factor) == (False, False, False)
    assert settings.sqlite_synchronous == "FULL"


def test_secrets_are_made_on_the_first_start_for_the_owner_alone_and_kept(tmp_path: Path) -> None:
    first, second = read(tmp_path), read(tmp_path)
    assert (first.secret_key, first.subject_key) == (second.secret_key, second.subject_key)
    assert first.secret_key != first.subject_key
    assert len(first.secret_key) >= 32
    for name in ("secret_key", "subject_key"):
        assert (tmp_path / "keys" / name).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_the_address_follows_the_port(tmp_path: Path) -> None:
    assert read(tmp_path, PORT="8123").base_url == "http://127.0.0.1:8123"
    assert read(tmp_path, PORT="8123", PORTAL_BASE_URL="https://x.example/").base_url == "https://x.example"


def test_a_value_can_come_from_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("s" * 40 + "\n")
    file.chmod(0o600)
    assert read(tmp_path, PORTAL_SECRET_KEY_FILE=str(file)).secret_key == "s" * 40
    file.chmod(0o640)
    with pytest.raises(SettingsError, match="chmod 600"):
        read(tmp_path, PORTAL_SECRET_KEY_FILE=str(file))
    with pytest.raises(SettingsError, match="can't read"):
        read(tmp_path, PORTAL_SECRET_KEY_FILE=str(tmp_path / "gone"))


def test_several_places_to_sign_in_are_read(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        **ISSUER,
        PORTAL_OIDC_IDPORTEN_ACR="idporten-loa-substantial, idporten-loa-high",
        PORTAL_OIDC_ENTRA_ID_ISSUER="https://login.example",
        PORTAL_OIDC_ENTRA_ID_CLIENT_ID="x",
        PORTAL_OIDC_ENTRA_ID_CLIENT_SECRET="y",
        PORTAL_OIDC_ENTRA_ID_ROLES='{"group-1": "coordinator"}',
        PORTAL_OIDC_ENTRA_ID_SCOPES="openid profile email",
    )
    assert [issuer.name for issuer in settings.oidc] == ["entra-id", "idporten"]
    entra, idporten = settings.oidc
    assert entra.role_mapping == {"group-1": "coordinator"}
    assert entra.scopes == ("openid", "profile", "email")
    assert idporten.acr == ("idporten-loa-substantial", "idporten-loa-high")


def test_the_short_name_for_postgresql_is_understood(tmp_path: Path) -> None:
    assert read(tmp_path, PORTAL_DATABASE_URL="postgres://u@h/d").database_url == "postgresql://u@h/d"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_BASE_URL", "portal.kommune.example"),
        ("PORTAL_BASE_URL", "https://kommune.example/portal"),
        ("PORTAL_BASE_URL", "ftp://kommune.example"),
        ("PORTAL_DATABASE_URL", "mysql://x/y"),
        ("PORTAL_MUNICIPALITY_NUMBER", "203"),
        ("PORTAL_MUNICIPALITY_NUMBER", "Aske"),
        ("PORTAL_SQLITE_SYNCHRONOUS", "OFF"),
        ("PORTAL_LOG_FORMAT", "xml"),
        ("PORTAL_SECRET_KEY", "short"),
        ("PORTAL_SUBJECT_KEY", "short"),
        ("PORTAL_DEMO", "kanskje"),
        ("PORTAL_PRODUCTION", "2"),
        ("PORTAL_TRUSTED_PROXIES", "many"),
        ("PORTAL_TRUSTED_PROXIES", "-1"),
        ("PORTAL_SMTP_URL", "mail.kommune.example"),
        ("PORTAL_SMTP_URL", "https://mail.kommune.example"),
        ("PORTAL_SMTP_URL", "smtp://mail.kommune.example:post"),
        ("PORTAL_SMTP_URL", "smtp://"),
        ("PORTAL_STAFF_SECOND_FACTOR", "maybe"),
        ("PORTAL_OIDC_IDPORTEN_ROLES", "coordinator"),
        ("PORTAL_OIDC_IDPORTEN_ROLES", '["coordinator"]'),
        ("PORTAL_OIDC_IDPORTEN_ROLES", '{"group": 7}'),
        ("PORTAL_OIDC_IDPORTEN_ROLES", '{"group": "sjef"}'),
        ("PORTAL_OIDC_IDPORTEN_CLIENT_ID", ""),
        ("PORTAL_OIDC_IDPORTEN_CLIENT_SECRET", ""),
        ("PORTAL_OUTGOING_ALLOW", "https://ssb.example/path"),
        ("PORTAL_OUTGOING_ALLOW", "ssb.example, :443"),
        ("PORTAL_KEYS_DIR", "/proc/keys-cannot-be-made-here"),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_it(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        create_app(read(tmp_path, **{**ISSUER, name: value}))
    assert name in str(refused.value)
    assert "\n" not in str(refused.value)


def test_production_starts_when_everything_is_safe(tmp_path: Path) -> None:
    settings = read(tmp_path, **SAFE)
    assert settings.production
    assert settings.staff_second_factor, "staff need a second factor in production"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"PORTAL_DEMO": "1"}, "PORTAL_DEMO must be off"),
        ({"PORTAL_BASE_URL": "http://portal.kommune.example"}, "must begin with https://"),
        ({"PORTAL_SECRET_KEY": ""}, "PORTAL_SECRET_KEY is needed"),
        ({"PORTAL_SUBJECT_KEY": ""}, "PORTAL_SUBJECT_KEY is needed"),
        ({"PORTAL_SUBJECT_KEY": SAFE["PORTAL_SECRET_KEY"]}, "two different secrets"),
        ({"PORTAL_SECRET_KEY": "change-me-" * 4}, "must be random"),
        ({"PORTAL_SECRET_KEY": "x" * 64}, "must be random"),
        ({"PORTAL_SMTP_URL": ""}, "PORTAL_SMTP_URL is needed"),
    ],
)
def test_production_refuses_what_is_unsafe(tmp_path: Path, changes: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        read(tmp_path, **{**SAFE, **changes})


def test_production_refuses_debug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    with pytest.raises(SettingsError, match="FLASK_DEBUG must be off"):
        create_app(read(tmp_path, **SAFE))


def test_production_makes_no_secret_by_itself(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        read(tmp_path, **{**SAFE, "PORTAL_SECRET_KEY": ""})
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("https", [True, False])
def test_the_cookie_is_bound_to_the_host_and_secure_when_the_address_is(tmp_path: Path, https: bool) -> None:
    base_url = "https://portal.example" if https else "http://127.0.0.1:8000"
    app = create_app(databases.settings("sqlite:///:memory:", tmp_path, base_url=base_url), testing=True)
    assert app.config["SESSION_COOKIE_NAME"] == ("__Host-portal" if https else "portal")
    assert app.config["SESSION_COOKIE_SECURE"] is https
    assert app.config["SESSION_COOKIE_HTTPONLY"]
    assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"
    databases.dispose(app)
