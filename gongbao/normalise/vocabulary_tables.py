"""The reference vocabulary as the dimension tables of core: places, successions, indicators, units."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, localcontext
from typing import Any

import duckdb

from gongbao import reference
from gongbao.reference.gazetteer import gazetteer, level, short_name
from gongbao.reference.zones import zone_name, zone_owner
from gongbao.warehouse import Warehouse, insert

FILES = (
    "indicators.csv", "place_aliases.csv", "place_ethnic_names.csv", "place_history.csv", "place_successions.csv",
    "places.csv", "units.csv",
)  # fmt: skip
_ZONE = "zone"


def load_vocabulary(warehouse: Warehouse) -> bool:
    """Fill core.place, core.place_succession, core.indicator, core.unit; false where they hold these files already."""
    content = reference.content_hash(FILES)
    held = warehouse.connection.execute("select content_hash from core.vocabulary").fetchone()
    if held is not None and held[0] == content:
        return False
    tables = {
        "core.place": _places(),
        "core.place_succession": _successions(),
        "core.indicator": _indicators(),
        "core.unit": _units(),
        "core.vocabulary": [{"content_hash": content}],
    }
    with warehouse.transaction() as connection:
        for relation, rows in tables.items():
            connection.execute(f"delete from {relation}")
            insert(connection, relation, rows)
        add_zones(connection)
    return True


def add_zones(connection: duckdb.DuckDBPyConnection) -> None:
    """Make core.place hold exactly the development zones that figures refer to, under the place they belong to."""
    connection.execute("delete from core.place where area_level = ?", [_ZONE])
    used = connection.execute(
        """
        select distinct ref_area from (select ref_area from core.fact union all select ref_area from core.target)
        where starts_with(ref_area, 'X') order by 1
        """
    ).fetchall()
    zones = [
        {"ref_area": code, "area_level": _ZONE, "name_zh": zone_name(code), "parent": zone_owner(code)}
        for (code,) in used
    ]
    insert(connection, "core.place", zones)


def _places() -> list[dict[str, Any]]:
    """The present list, then the names and codes of county rank and above that are no longer borne.

    A validity interval runs from the first to the last snapshot of the list in which the code bore the name.
    """
    since = {
        (row["code"], row["name"]): _month(row["first_seen"])
        for row in reference.rows("place_history.csv")
        if not row["last_seen"]
    }
    present = [
        {
            "ref_area": place.code,
            "area_level": place.level,
            "name_zh": place.name,
            "short_name": place.short,
            "parent": place.parent,
            "nbs_code": place.nbs_code,
            "valid_from": since.get((place.code, place.name)),
        }
        for place in gazetteer().places.values()
    ]
    former = [
        {
            "ref_area": row["code"],
            "area_level": level(row["code"]),
            "name_zh": row["name"],
            "short_name": short_name(row["name"]),
            "parent": gazetteer().above(row["code"]),
            "valid_from": _month(row["first_seen"]),
            "valid_to": _month(row["last_seen"]),
        }
        for row in reference.rows("place_history.csv")
        if row["last_seen"]
    ]
    return present + former


def _successions() -> list[dict[str, Any]]:
    return [
        {
            "ref_area": row["old_code"],
            "successor": row["new_code"],
            "changed_on": date(int(row["year"]), 1, 1),
            "change_kind": row["kind"],
        }
        for row in reference.rows("place_successions.csv")
    ]


def _indicators() -> list[dict[str, Any]]:
    return [
        {
            "indicator_id": row["id"],
            "name_zh": row["zh_name"],
            "name_en": row["en_name"],
            "theme": row["theme"],
            "unit_measure": row["canonical_unit"],
            "kind": row["kind"],
            "direction": row["direction"],
            "additive_across_towns": row["additive_across_towns"] == "yes",
            "definition_zh": row["definition_zh"],
            "definition_en": row["definition"],
        }
        for row in reference.rows("indicators.csv")
    ]


def _units() -> list[dict[str, Any]]:
    return [
        {
            "spelling": row["spelling"],
            "unit_measure": row["canonical_unit"],
            "dimension": row["dimension"],
            "multiplier": _multiplier(row["multiplier_to_canonical"]),
        }
        for row in reference.rows("units.csv")
    ]


def _multiplier(text: str) -> Decimal:
    """A fraction to 18 decimals: for reading only, conversions use the fraction itself."""
    numerator, _, denominator = text.partition("/")
    with localcontext(prec=38):  # the column's digits; the default 28 cannot hold 万亿 with 18 decimals
        return (Decimal(numerator) / Decimal(denominator or 1)).quantize(Decimal("1e-18"))


def _month(text: str) -> date | None:
    return date.fromisoformat(f"{text}-01") if text else None
