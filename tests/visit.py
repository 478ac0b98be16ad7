"""A browser tab that keeps account of what goes wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page

AXE = Path(__file__).parents[1] / "book" / "_web" / "node_modules" / "axe-core" / "axe.min.js"

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# The widget manager says so about its own schema on every page.
_OF_THE_MANAGER = "strict mode: use allowUnionTypes"

# The network may be idle while a busy machine is still reading the manager's script.
_EXPLORERS_ARE_DRAWN = """() => {
    const of = (kind) => [...document.querySelectorAll(`script[type='application/vnd.jupyter.widget-${kind}+json']`)]
        .map((script) => JSON.parse(script.textContent));
    const models = Object.assign({}, ...of("state").map(({ state }) => state));
    const canvases = (id) => models[id].model_module === "anywidget" ? 1
        : (models[id].state.children ?? []).reduce((n, child) => n + canvases(child.replace("IPY_MODEL_", "")), 0);
    const expected = of("view").reduce((n, view) => n + canvases(view.model_id), 0);
    return document.querySelectorAll(".course-explorer .explorer").length === expected;
}"""


def find_chromium() -> str | None:
    """Path of an installed Chromium."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Visit:
    """A page that keeps account of what went wrong and what was loaded."""

    def __init__(self, browser: Browser, url: str, page: str, width: int, **options) -> None:
        self.problems: list[str] = []
        self.context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        self.page.on(
            "request",
            lambda r: r.url.startswith((url, "data:", "blob:")) or self.problems.append(f"leaves the site: {r.url}"),
        )
        self.page.on("response", lambda r: r.status >= 400 and self.problems.append(f"{r.status}: {r.url}"))
        self.page.on("requestfailed", lambda r: self.problems.append(f"failed: {r.url}"))
        self.page.goto(f"{url}{page}.html", wait_until="networkidle")
        if options.get("java_script_enabled", True):
            self.page.wait_for_function(_EXPLORERS_ARE_DRAWN)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and _OF_THE_MANAGER not in message.text:
            self.problems.append(f"console: {message.text}")

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *error: object) -> None:
        self.context.close()


def settle(page: Page) -> None:
    """Wait until what has been asked for is painted."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def barriers(page: Page, selector: str) -> list[tuple[str, str]]:
    """What axe-core finds serious or critical: rule and element."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("selector => axe.run(selector)", selector)
    if len(found["passes"]) < 5:
        raise AssertionError(f"axe-core has hardly looked at {selector!r}: {len(found['passes'])} rules passed")
    serious = [violation for violation in found["violations"] if violation["impact"] in ("serious", "critical")]
    return [(violation["id"], node["html"][:200]) for violation in serious for node in violation["nodes"]]
