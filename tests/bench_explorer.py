"""`make bench-explorer`: the explorer page of a million synthetic facts in a real browser; never a test.

The facts are those of `make bench-marts`. Printed are what the release's page and workbook cost to write, how large
they are, and how long a reader waits: from the address to the first view drawn, and from each choice to its view, by
file and from a static host on loopback, the best of three. How to read the tables: docs/measuring.md.

    python -m tests.bench_explorer [MILLIONS]      1 where none is named
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from gongbao import explorer, workbook
from gongbao.publish.release import publish
from gongbao.publish.staging import stage_marts
from gongbao.warehouse import Warehouse
from tests.bench_marts import alone, generate
from tests.browser.opened import Opened, by_file, by_http, chromium, opened
from tests.release_files import files

TIMES = 3
Step = tuple[str, Callable[[Page], None]]


def main(millions: float) -> None:
    """Print what writing costs, what it weighs, and how long each look takes."""
    console = Console(highlight=False, width=120)
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "warehouse"
        facts = alone(generate, root, millions)
        seconds = alone(build, root)
        release = (root / "current").resolve()
        console.print(f"{facts:,} facts")
        console.print(weight_table(release, seconds))
        with chromium() as browser, ExitStack() as stack:
            addresses = {"file": by_file(release), "http": stack.enter_context(by_http(release))}
            console.print(look_table({scheme: look(browser, address) for scheme, address in addresses.items()}))


def build(root: Path) -> dict[str, float]:
    """Seconds to publish all, and of these for the explorer and the workbook."""
    spent: dict[str, float] = {}

    def timed(name: str, write: Callable[..., None]) -> Callable[..., None]:
        def run(*given: object) -> None:
            begun = time.perf_counter()
            write(*given)
            spent[name] = time.perf_counter() - begun

        return run

    explorer.write = timed("explorer", explorer.write)
    workbook.write = timed("workbook", workbook.write)
    with Warehouse(root) as warehouse:
        stage_marts(warehouse)
        begun = time.perf_counter()
        publish(warehouse, ())
        return {"publish": time.perf_counter() - begun, **spent}


def look(browser: Browser, address: str) -> dict[str, tuple[float, int]]:
    """Milliseconds and bytes read of each look, the best of some."""
    best: dict[str, tuple[float, int]] = {}
    for _ in range(TIMES):
        with opened(browser, address) as page:
            for name, spent, size in looks(page):
                best[name] = min(best.get(name, (spent, size)), (spent, size))
            assert page.errors == []
    return best


def looks(shown: Opened) -> list[tuple[str, float, int]]:
    """One reader's way through the page."""
    page, told = shown.page, []

    def take(name: str, act: Callable[[], object], drawn: str) -> None:
        before = len(shown.asked)
        begun = time.perf_counter()
        act()
        page.locator(drawn).first.wait_for(state="attached")
        spent = time.perf_counter() - begun
        size = sum(weight(shown.address, address) for address in shown.asked[before:])
        told.append((name, 1000 * spent, size))

    def to(**state: str) -> Callable[[], object]:
        return lambda: page.evaluate(f"location.hash = '{urlencode(state)}'")

    take("first view", lambda: page.goto(shown.address), "body[data-ready=league]")
    options = page.locator("#indicator option").evaluate_all("all => all.map((each) => each.value)")
    area = page.locator("#area").input_value()
    others = [each for each in options if each != page.locator("#indicator").input_value()]
    title = page.locator("main h2").inner_text()
    take("another indicator", lambda: page.select_option("#indicator", others[0]), f"main h2:not(:text-is('{title}'))")
    take("the source of a figure", lambda: page.locator("main tbody .open").first.click(), "#drawer mark")
    for view in ("trend", "targets", "profile", "discrepancies", "missing", "methods"):
        take(view, to(view=view, indicator=others[0], area=area), f"body[data-ready={view}]")
    province = page.evaluate(f"provinceOf('{area}')")
    drawn = f"body[data-ready=league] #area option:checked[value='{province}']"
    take("all counties of the province", to(view="league", area=province), drawn)
    return told


def weight(address: str, asked: str) -> int:
    """Bytes of what was asked for, as it lies in the folder."""
    if not asked.startswith("file:"):
        return 0
    return Path(asked.removeprefix("file://").split("#")[0]).stat().st_size


def weight_table(release: Path, seconds: dict[str, float]) -> Table:
    table = Table(title="Written", title_justify="left", box=SIMPLE)
    for name in ("", "s", "files", "MB", "largest KB"):
        table.add_column(name, justify="right" if name else "left", no_wrap=True)

    def line(name: str, spent: float | None, paths: list[Path]) -> None:
        sizes = [path.stat().st_size for path in paths] or [0]
        shown = "" if spent is None else f"{spent:.1f}"
        table.add_row(name, shown, f"{len(paths):,}", f"{sum(sizes) / 1e6:.1f}", f"{max(sizes) / 1e3:,.0f}")

    folder = release / explorer.FOLDER
    line("release", seconds["publish"], files(release))
    line("workbook", seconds["workbook"], [release / workbook.WORKBOOK])
    line("explorer", seconds["explorer"], files(folder))
    line("  its code", None, [path for path in folder.iterdir() if path.is_file()])
    line("  catalogue", None, [folder / "data" / "catalogue.js"])
    for kind in ("league", "place", "province"):
        line(f"  {kind}", None, files(folder / "data" / kind))
    return table


def look_table(measured: dict[str, dict[str, tuple[float, int]]]) -> Table:
    table = Table(title="Looked at (ms, the best of three)", title_justify="left", box=SIMPLE)
    table.add_column("", no_wrap=True)
    for scheme in measured:
        table.add_column(scheme, justify="right")
    table.add_column("KB read", justify="right")
    for name, (_, size) in measured["file"].items():
        table.add_row(name, *(f"{each[name][0]:,.0f}" for each in measured.values()), f"{size / 1e3:,.0f}")
    return table


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 1)
