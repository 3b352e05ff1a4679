"""Takes the pictures in docs/pictures/: a fresh portal with the demo, seen by a real browser."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
sys.path.insert(0, str(ROOT))

from tests.support import chromium
from tests.support.mailbox import free_port

DESK = {"width": 1280, "height": 860}
PHONE = {"width": 360, "height": 780}


def main() -> None:
    """Start a portal in a temporary folder, take the pictures, and stop it."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        settings = {"PORTAL_DATA": folder, "PORTAL_DEMO": "1", "PORTAL_BASE_URL": address, "PYTHONPATH": str(ROOT)}
        environment = {**os.environ, **settings}
        portal = [sys.executable, "-m", "portal.app"]
        for command in (["db", "upgrade"], ["demo", "load"]):
            subprocess.run([*portal, *command], env=environment, cwd=ROOT, check=True)
        with subprocess.Popen([*portal, "serve"], env=environment, cwd=ROOT) as server:
            try:
                wait_for(address)
                with chromium.started() as browser:
                    take(browser, address)
            finally:
                server.terminate()


def take(browser: Browser, address: str) -> None:
    """Take every picture."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for scheme, ending in (("light", ""), ("dark", "-dark")):
        page = opened(browser, address, DESK, scheme)
        page.goto("/")
        shoot(page, f"front{ending}")
    page = opened(browser, address, DESK)
    page.goto("/observatorium/")
    page.locator(".observatory").screenshot(path=PICTURES / "wheel.png")
    page.goto("/observatorium/indikatorer/1.8/")
    shoot(page, "indicator")
    phone = opened(browser, address, PHONE)
    phone.goto("/konto/logg-inn")
    phone.get_by_role("textbox", name="E-postadresse").fill("resident@demo.example")
    phone.locator("input[type=password]").fill("demo-passord")
    phone.keyboard.press("Enter")
    phone.wait_for_url(lambda url: "logg-inn" not in url)
    phone.goto("/observatorium/vurder/")
    phone.locator("label", has_text="Jeg bor her").click()
    phone.get_by_role("button", name="Begynn").click()
    phone.goto("/observatorium/vurder/1.8/")
    phone.locator("label", has_text="På vei").first.click()
    shoot(phone, "rating-phone")
    for file in PICTURES.glob("*.png"):
        make_small(file)


def make_small(file: Path) -> None:
    """Keep 256 colours, which is enough for a page and a third of the size."""
    with Image.open(file) as picture:
        small = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(file, optimize=True)


def opened(browser: Browser, address: str, size: dict[str, int], scheme: str = "light") -> Page:
    """Open a window of a size."""
    context = browser.new_context(viewport=size, color_scheme=scheme, locale="nb-NO", base_url=address)  # type: ignore[arg-type]  # light or dark
    return context.new_page()


def shoot(page: Page, name: str) -> None:
    """Take what the window shows, when the fonts are there."""
    page.evaluate("document.fonts.ready")
    page.screenshot(path=PICTURES / f"{name}.png")


def wait_for(address: str) -> None:
    """Wait until the portal answers."""
    for _ in range(200):
        try:
            with urllib.request.urlopen(f"{address}/helse", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    sys.exit("The portal did not start.")


if __name__ == "__main__":
    main()
