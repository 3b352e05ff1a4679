"""What every page must hold, measured in the browser: axe, room, targets, focus, stillness."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES = {"target-size": {"enabled": True}}  # off unless asked for, in axe 4.12
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-bottom: 2em !important }"""
"""WCAG 1.4.12, Text Spacing."""
DOUBLED = "html { font-size: 200% !important }"
"""WCAG 1.4.4, Resize Text."""

_AXE = Axe()


def axe(page: Page, *, contrast: bool = True) -> list[str]:
    """Return what axe-core finds: rule and element. `contrast=False` where the reader's own colours rule."""
    page.wait_for_load_state()
    rules = RULES if contrast else RULES | {"color-contrast": {"enabled": False}}
    options = {"runOnly": {"type": "tag", "values": TAGS}, "rules": rules, "resultTypes": ["violations"]}
    found = _AXE.run(page, options=options).response["violations"]
    return [f"{page.url} {each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


def unfold(page: Page) -> None:
    """Open every disclosure; the menus of the header are opened by their own tests."""
    page.evaluate("document.querySelectorAll('main details').forEach(part => part.open = true)")


def restyle(page: Page, style: str) -> None:
    """Set a rule as a reader's own style sheet would, without asking the page's security policy."""
    page.evaluate(
        """style => { const sheet = new CSSStyleSheet(); sheet.replaceSync(style);
            document.adoptedStyleSheets = [sheet]; }""",
        style,
    )


def sideways(page: Page) -> list[str]:
    """Return what makes the page scroll sideways; parts that scroll by themselves may hold what is wide."""
    return list(
        page.evaluate("""() => {
            const root = document.documentElement;
            if (root.scrollWidth <= root.clientWidth) return [];
            const held = each => {
                for (let up = each; up; up = up.parentElement) {
                    if (getComputedStyle(up).clipPath !== 'none') return true;
                }
                return each.closest('[tabindex][role=region]');
            };
            const wide = [...document.querySelectorAll('body *')]
                .filter(each => each.getBoundingClientRect().right > root.clientWidth + 1 && !held(each))
                .map(each => each.outerHTML.slice(0, 140));
            return [`${root.scrollWidth} of ${root.clientWidth} px`, ...wide.slice(0, 6)];
        }""")
    )


def clipped(page: Page) -> list[str]:
    """Return elements whose text does not fit in them and is cut; a map is a window on what goes on outside it."""
    return list(
        page.evaluate("""() => [...document.querySelectorAll('body *')].filter(each => {
            const style = getComputedStyle(each);
            const cuts = axis => ['hidden', 'clip'].includes(style[axis]);
            const left = 'svg, .ds-sr-only, .leaflet-container';
            if (!each.checkVisibility() || !each.innerText?.trim() || each.closest(left)) return false;
            if (style.clipPath !== 'none' || each.clientWidth <= 1) return false;  // only for screen readers
            return (cuts('overflowX') && each.scrollWidth > each.clientWidth + 1)
                || (cuts('overflowY') && each.scrollHeight > each.clientHeight + 1);
        }).map(each => each.outerHTML.slice(0, 140))""")
    )


def cut_choices(page: Page) -> list[str]:
    """Return lists to choose from that can't show all of what is chosen."""
    return list(
        page.evaluate("""() => {
            const pen = document.createElement('canvas').getContext('2d');
            return [...document.querySelectorAll('select')].filter(each => each.checkVisibility()).filter(each => {
                const style = getComputedStyle(each);
                pen.font = style.font;
                const room = each.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
                return pen.measureText(each.selectedOptions[0]?.label ?? '').width > room + 1;
            }).map(each => `cut: ${each.selectedOptions[0].label}`);
        }""")
    )


def small_targets(page: Page, least: int = 44) -> list[str]:
    """Return controls smaller than `least` px in height or 24 px in width.

    Links inside text are excepted (WCAG 2.5.8), and the wheel's sectors, which the list stands in for.
    """
    return list(
        page.evaluate(
            """least => {
            const target = each => each.closest('.choice, .rating__choice, .card, .dimension-list > li')
                ?? (each.matches('input[type=radio], input[type=checkbox]') ? each.labels?.[0] : null) ?? each;
            const inText = each => each.matches('a') && getComputedStyle(each).display.startsWith('inline')
                && each.closest('p, li, dd, td, th, .prose, h2, h3');
            const hidden = each => getComputedStyle(each).clipPath !== 'none'
                || each.getBoundingClientRect().bottom < 0;
            const controls = 'a[href], button, summary, select, textarea, input:not([type=hidden])';
            const size = box => `${Math.round(box.width)} x ${Math.round(box.height)}`;
            return [...document.querySelectorAll(controls)]
                .filter(each => each.checkVisibility({ visibilityProperty: true, opacityProperty: true })
                    && !each.closest('svg') && !hidden(each) && !inText(each))
                .map(each => [each, target(each).getBoundingClientRect()])
                .filter(([, box]) => box.height < least - .5 || box.width < 24)
                .map(([each, box]) => `${size(box)}: ${each.outerHTML.slice(0, 140)}`);
        }""",
            least,
        )
    )


_LOOKS = """
    const marks = ['outlineStyle', 'outlineWidth', 'outlineColor', 'boxShadow', 'strokeWidth', 'stroke'];
    const look = each => { const style = getComputedStyle(each); return marks.map(mark => style[mark]).join(); };
"""
_REMEMBER = (
    "() => {"
    + _LOOKS
    + """
    if (window.withoutFocus) return;
    const here = document.activeElement;
    here?.blur();
    window.withoutFocus = new Map([...document.querySelectorAll('*')].map(each => [each, look(each)]));
    if (here && here !== document.body) here.focus({ preventScroll: true });
}"""
)
_FOCUS = (
    "() => {"
    + _LOOKS
    + """
    const here = document.activeElement;
    if (!here || here === document.body) return null;
    const parts = [here, ...(here.labels ?? []), ...here.querySelectorAll('*')];
    for (let each = here.parentElement, steps = 0; each && steps < 3; each = each.parentElement, steps++) {
        parts.push(each);
    }
    const mine = there => there && (here.contains(there) || there.contains(here)
        || [...(here.labels ?? [])].some(label => label.contains(there)));
    const points = [...here.getClientRects()].flatMap(box => [.1, .5, .9].flatMap(x => [.1, .5, .9].map(y =>
        [box.left + x * box.width, box.top + y * box.height])));
    window.stopsSoFar ??= [];
    const known = stopsSoFar.includes(here);
    if (!known) stopsSoFar.push(here);
    return {
        html: here.outerHTML.slice(0, 160), href: here.getAttribute('href'), first: known && here === stopsSoFar[0],
        again: known && here !== stopsSoFar[0] && here !== stopsSoFar.at(-1),
        seen: parts.some(each => window.withoutFocus.get(each) !== look(each)),
        covered: !points.some(([x, y]) => mine(document.elementFromPoint(x, y))),
    };
}"""
)


def remember_looks(page: Page) -> None:
    """Note how everything looks without the focus, for `focus` to compare with."""
    page.evaluate(_REMEMBER)


def focus(page: Page) -> dict[str, Any] | None:
    """Return where the focus is; None when it is on the page itself.

    `seen` says whether the element looks otherwise with the focus than without (WCAG 2.4.7), `covered` whether it is
    wholly outside the window or behind something (2.4.11).
    """
    found: dict[str, Any] | None = page.evaluate(_FOCUS)
    return found


def walk(page: Page, most: int = 400) -> tuple[list[dict[str, Any]], list[str]]:
    """Press Tab from the address bar until it is reached again; return the stops, and what is wrong with them."""
    remember_looks(page)
    stops: list[dict[str, Any]] = []
    wrong: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = focus(page)
        if stop is None or stop["first"]:
            return stops, wrong
        if stop["again"]:
            return stops, [*wrong, f"no way out of {stop['html']}"]
        wrong += [
            f"{what}: {stop['html']}"
            for what, bad in (("unseen", not stop["seen"]), ("covered", stop["covered"]))
            if bad
        ]
        stops.append(stop)
    return stops, [*wrong, f"no way out after {most} stops"]


def moving(page: Page) -> int:
    """Return how many animations run."""
    return int(page.evaluate("document.getAnimations().filter(each => each.playState === 'running').length"))


def unreadable(page: Page) -> list[str]:
    """Return texts that have the colour of what is behind them."""
    return list(
        page.evaluate(r"""() => {
            document.documentElement.style.outlineColor = 'Canvas';
            const canvas = getComputedStyle(document.documentElement).outlineColor;
            const behind = each => {
                for (let up = each; up; up = up.parentElement) {
                    const colour = getComputedStyle(up).backgroundColor;
                    if (!/, 0\)$/.test(colour)) return colour;
                }
                return canvas;
            };
            return [...document.querySelectorAll('body *')]
                .filter(each => each.checkVisibility() && !each.closest('.ds-sr-only, svg')
                    && [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
                .filter(each => getComputedStyle(each).color === behind(each))
                .map(each => each.outerHTML.slice(0, 140));
        }""")
    )
