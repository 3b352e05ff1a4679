"""What people do: point and choose, or go on by Tab, see where they are at every stop, and press keys."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser import checks


def choose(control: Locator) -> None:
    """Point at a radio button or a box and press; its label may lie over it, and takes the press then."""
    control.click(force=True)
    expect(control).to_be_checked()


class Keys:
    """A keyboard at a page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def tab_to(self, target: Locator, most: int = 60) -> None:
        """Go on to an element; every stop on the way must be seen, and none may hold one fast."""
        checks.remember_looks(self.page)
        passed: list[str] = []
        for _ in range(most):
            self.page.keyboard.press("Tab")
            stop = checks.focus(self.page)
            if stop is not None:
                assert stop["seen"], f"the focus is not seen on {stop['html']}"
                passed.append(stop["html"])
            if target.evaluate("each => each === document.activeElement"):
                return
        raise AssertionError(f"not reached in {most} steps: {target}\n" + "\n".join(passed))

    def press(self, *names: str) -> None:
        for name in names:
            self.page.keyboard.press(name)

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)

    def follow(self, target: Locator) -> None:
        """Go to a link or a button and press it."""
        self.tab_to(target)
        self.press("Enter")

    def skip(self) -> None:
        """Take the skip link, which is the first stop."""
        self.tab_to(self.page.get_by_role("link", name="Hopp til innholdet"), most=1)
        self.press("Enter")
        expect(self.page.locator("#innhold")).to_be_focused()
