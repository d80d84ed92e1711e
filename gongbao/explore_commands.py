"""The command `gongbao explore`; what all commands keep to: gongbao/cli.py."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from rich.table import Table
from rich.text import Text

from gongbao import consoles
from gongbao.errors import ExitCode, UsageError
from gongbao.harmless import harmless_json
from gongbao.options import Json, WarehouseFolder

if TYPE_CHECKING:
    from gongbao.publish.shown import League

Figure = Annotated[
    str | None, Parameter(name="ID", help="A fact's or target's id, or as much as no other begins with.")
]
Indicator = Annotated[str | None, Parameter(name="--indicator", help="Show the league of an indicator, by its id.")]
Period = Annotated[
    str | None, Parameter(name="--period", help="A league's period, such as 2024; else the latest full one.")
]
Area = Annotated[str | None, Parameter(name="--area", help="The code of the unit whose parts are compared.")]


SHORT = 12
"""So many digits of an id are shown: enough to ask for it by."""


def explore(
    fact_id: Figure = None,
    /,
    *,
    indicator: Indicator = None,
    period: Period = None,
    area: Area = None,
    warehouse: WarehouseFolder = None,
    as_json: Json = False,
) -> int:
    """Tell the explorer page's address; or show on the terminal what it shows: a figure's source, or a league.

    Example: gongbao explore --indicator gdp --area 371600
    """
    from gongbao import settings
    from gongbao.harmless import harmless
    from gongbao.publish import shown
    from gongbao.publish.published import CURRENT

    if (fact_id and indicator) or ((period or area) and not indicator):
        raise UsageError("an ID, or --indicator with --period and --area", "see gongbao explore --help")
    current = settings.load(warehouse=warehouse).warehouse / CURRENT
    if fact_id:
        found = shown.evidence(current, fact_id)
        told = asdict(found)
        page = "\n".join([*(harmless(line.rstrip()) for line in shown.lines(found)), "", found.address])
    elif indicator:
        league = shown.league(current, indicator, period, area)
        told = asdict(league)
    else:
        address = shown.address(current)
        told = {"address": address}
        page = f"{address}\n\nOpen it in a browser, or copy the folder explorer/ to any static host."
    if as_json:
        print(harmless_json(json.dumps(told, ensure_ascii=False, default=str)))
    elif indicator:
        _print(league)
    else:
        print(page)
    return ExitCode.DONE


def _print(league: League) -> None:
    console = consoles.opened()
    unit = f"({league.unit_zh})" if league.unit_zh else ""
    console.print(Text(f"{league.area_name_zh} · {league.indicator_zh}{unit} · {league.series} · {league.time_period}"))
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bright_black")
    for name in ("排名", "地区", "实际", "公布增速", "计算增速", "目标", "ID"):
        table.add_column(
            name, justify="right" if name in ("排名", "实际", "公布增速", "计算增速") else "left", no_wrap=True
        )
    for place in league.places:
        rank = f"{place.rank}/{place.n_peers}" if place.rank else "未参排"
        growth = "" if place.growth_computed is None else f"{place.growth_computed:+.2f}"
        cells = (
            rank,
            place.name_zh,
            place.value,
            place.growth_reported,
            growth,
            place.outcome,
            place.fact_id[:SHORT],
        )
        table.add_row(*(Text(cell or "") for cell in cells))
    console.print(table)
    console.print(Text(f"缺报 {league.absent}\n{league.address}"), soft_wrap=True)
