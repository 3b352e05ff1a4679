"""The second factor: codes that change every 30 seconds (TOTP, RFC 6238), the picture to scan, and spare codes."""

from __future__ import annotations

import secrets

import pyotp
import segno

from portal.kernel import clock

STEP = 30
"""Seconds that a code is valid."""
DRIFT = 1
"""Steps before and after that are accepted too, for clocks that are not right."""
RECOVERY_CODES = 8
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without i, l, o, 0 and 1, which are read wrongly."""


def new_secret() -> str:
    """Return 160 random bits in base 32, as RFC 4226 recommends."""
    return pyotp.random_base32(32)


def matching_step(secret: str, code: str, last_step: int | None) -> int | None:
    """Return the 30-second step that a code belongs to, or None when it is wrong or was used before."""
    written = "".join(code.split())
    now = int(clock.now().timestamp()) // STEP
    totp = pyotp.TOTP(secret, interval=STEP)
    for step in range(now - DRIFT, now + DRIFT + 1):
        fresh = last_step is None or step > last_step
        if secrets.compare_digest(totp.generate_otp(step).encode(), written.encode()) and fresh:
            return step
    return None


def address(secret: str, account_name: str, portal_name: str) -> str:
    """Return the otpauth:// address that an authenticator app reads."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=account_name, issuer_name=portal_name)


def picture(content: str) -> str:
    """Return a QR code as a data: address of an SVG picture."""
    return segno.make(content, error="m", micro=False).svg_data_uri(scale=5, border=4, dark="#000", light="#fff")


def new_recovery_codes() -> list[str]:
    """Return spare codes of 49 random bits, written like «abcde-fghjk»."""
    return [f"{_random(5)}-{_random(5)}" for _ in range(RECOVERY_CODES)]


def written_recovery_code(code: str) -> str:
    """Return a spare code as it was handed out, however it was typed."""
    letters = "".join(character for character in code.casefold() if character.isalnum())
    return f"{letters[:5]}-{letters[5:]}"


def grouped(secret: str) -> str:
    """Return the secret in groups of four, for typing."""
    return " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
