"""Make the pictures of the README: the demo pool's site in both languages, as a desktop shows it.

    python docs/screenshots.py

Needs playwright and Chromium. The site is built into a temporary folder, as of the day of the demo pool's newest entry.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
TODAY = "2026-11-20"


def build(site: Path, language: str) -> None:
    options = ["--output", str(site), "--language", language, "--today", TODAY]
    subprocess.run([sys.executable, "-m", "tobkit", "build", *options], cwd=ROOT, check=True)


def take(site: Path, language: str) -> None:
    """The backlog, and the first requirement in it that is written in this language."""
    browser_path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path)
        page = browser.new_page(viewport={"width": 1360, "height": 850}, color_scheme="light")
        page.clock.set_fixed_time(f"{TODAY}T12:00:00")
        page.goto((site / "index.html").as_uri())
        page.wait_for_selector("#rows tr.r")
        page.screenshot(path=IMAGES / f"backlog-{language}.png")
        page.click("#rows tr.r a:not([lang])")
        page.wait_for_selector("table.why")
        page.screenshot(path=IMAGES / f"requirement-{language}.png")
        browser.close()


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    for language in ("en", "zh"):
        with tempfile.TemporaryDirectory() as folder:
            site = Path(folder) / "site"
            build(site, language)
            take(site, language)


if __name__ == "__main__":
    main()
