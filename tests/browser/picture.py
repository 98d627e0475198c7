"""`make picture`: how the report of the sample shop looks, for the README, in both languages."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import ViewportSize, sync_playwright

from friction.i18n import LANGUAGES

ROOT = Path(__file__).parents[2]
SIZE: ViewportSize = {"width": 1200, "height": 1400}
MOST_BYTES = 250_000


def main() -> int:
    """Write `fixtures/report.{en,fr}.png`; 1 when one is too large for a README."""
    chromium = next(
        path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))
    )
    sizes = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for code in LANGUAGES:
            page, picture = Path(folder, f"report.{code}.html"), ROOT / "fixtures" / f"report.{code}.png"
            demo = (sys.executable, "-m", "friction", "demo", "--quiet", "--lang", code, "-o", str(page))
            subprocess.run(demo, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            shown = browser.new_page(viewport=SIZE, color_scheme="light")
            shown.goto(page.as_uri())
            shown.screenshot(path=picture)
            sizes.append(picture.stat().st_size)
            print(f"{picture.relative_to(ROOT)}: {sizes[-1]:,} B")
        browser.close()
    return int(max(sizes) > MOST_BYTES)


if __name__ == "__main__":
    raise SystemExit(main())
