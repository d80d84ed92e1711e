"""Pictures of each view of the explorer page, wide and narrow, for docs/explorer/: of the samples, to be looked at.

python -m tests.screenshots RELEASE [FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.browser.opened import PHONE, VIEWS, by_file, chromium, opened

WIDE = {"width": 1280, "height": 800}
OF_TOWNS = {"area": "371621", "indicator": "general_budget_revenue"}
STATES = {
    "league": OF_TOWNS | {"period": "2024"},
    "targets": OF_TOWNS | {"period": "all"},
    "trend": OF_TOWNS | {"place": "371621111"},
    "profile": {"area": "371621", "place": "371621111", "period": "2024"},
    "discrepancies": {"area": "371600"},
    "missing": {"area": "371621", "period": "2025"},
    "methods": {},
}


def main(release: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for size, viewport in (("desktop", WIDE), ("phone", PHONE)):
            with opened(browser, by_file(release), viewport) as shown:
                for view in VIEWS:
                    page = shown.go(view=view, **STATES[view])
                    page.screenshot(path=folder / f"{view}-{size}.png")
                page = shown.go(view="league", lang="en", **STATES["league"])
                page.screenshot(path=folder / f"english-{size}.png")
                page = shown.go(view="targets", **STATES["targets"])
                page.locator("main tbody .open").first.click()
                page.locator("#drawer mark").first.wait_for()
                page.screenshot(path=folder / f"source-{size}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2] if len(sys.argv) > 2 else "docs/explorer"))
