"""A night that a check holds ends with 4, `current` stays as it is, and the next good night publishes.

That its page cannot be written is told, and changes nothing of it.
"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from tests.conftest import ROOT
from tests.flows.command import Commands
from tests.release_files import digests

TEXT = (
    "惠民县姜楼镇2023年工作总结\n\n山东省惠民县姜楼镇人民政府\n\n2023年,一般公共预算收入5533万元。新增城镇就业{}人。\n"
)
SPANS = "update core.statement set span_start = span_start {0} 1, span_end = span_end {0} 1"


NIGHT = ("run", "--inbox", "inbox", "--warehouse", "warehouse", "--json")
WHOLE_GATE = {"GONGBAO_HOME": str(ROOT)}


def damage(folder: Path, statement: str) -> None:
    with duckdb.connect(str(folder / "warehouse" / "gongbao.duckdb")) as connection:
        connection.execute(statement)


def published(folder: Path) -> dict[str, str]:
    """Where `current` leads, and a hash of each of its files."""
    current = (folder / "warehouse" / "current").resolve()
    return {"current": str(current)} | digests(current)


def test_a_held_night_leaves_current_untouched_and_the_next_good_one_publishes(
    gongbao: Commands, tmp_path: Path
) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "姜楼镇.txt").write_text(TEXT.format(312), "utf-8")
    first = gongbao(tmp_path, *NIGHT, **WHOLE_GATE)
    assert first.returncode == 0, first.stderr
    before = published(tmp_path)

    damage(tmp_path, SPANS.format("+"))
    obstacle = tmp_path / "warehouse" / "held"
    obstacle.touch()
    held = gongbao(tmp_path, *NIGHT, **WHOLE_GATE)
    assert held.returncode == 4, held.stderr
    assert "quality.html, cannot be written" in " ".join(held.stderr.split())
    obstacle.unlink()
    assert "the gate held the release for span_cuts_quote" in held.stderr
    assert published(tmp_path) == before

    damage(tmp_path, SPANS.format("-"))
    (tmp_path / "inbox" / "李庄镇.txt").write_text(TEXT.format(98).replace("姜楼镇", "李庄镇"), "utf-8")
    good = gongbao(tmp_path, *NIGHT, **WHOLE_GATE)
    assert good.returncode == 0, good.stderr
    assert json.loads(good.stdout)["previous_release"] == Path(before["current"]).name
    after = published(tmp_path)
    assert after["current"] != before["current"]
    assert after["fact.parquet"] != before["fact.parquet"]
