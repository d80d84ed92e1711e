"""A night that loses what was published, and one that the gate holds: held with 4, looked at, let pass."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import httpx

from tests.conftest import ROOT
from tests.flows.command import Commands
from tests.short_gate import write_short_gate

TEXT = (
    "惠民县姜楼镇2023年工作总结\n\n山东省惠民县姜楼镇人民政府\n\n2023年,一般公共预算收入{}万元。新增城镇就业312人。\n"
)
SECOND = "惠民县李庄镇2023年工作总结\n\n山东省惠民县李庄镇人民政府\n\n2023年,全镇一般公共预算收入6120万元。\n"


def quality_artifacts(server: str, newest: int) -> list[str]:
    """What the last nights left on the server, oldest first."""
    wanted = {"artifacts": {"key": {"any_": ["quality"]}}, "sort": "CREATED_DESC", "limit": newest}
    found = httpx.post(f"{server}/artifacts/filter", json=wanted).raise_for_status().json()
    return [each["data"] for each in reversed(found)]


def test_a_night_that_loses_figures_is_held_until_a_person_lets_it_pass(gongbao: Commands, tmp_path: Path) -> None:
    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        options = (*arguments, "--warehouse", "warehouse")
        return gongbao(tmp_path, *options, GONGBAO_HOME=str(home), PYTHONPATH=str(ROOT))

    home, inbox = write_short_gate(tmp_path / "home"), tmp_path / "inbox"
    inbox.mkdir()
    limits = (home / "expectations" / "churn.yaml").read_text("utf-8")
    (home / "expectations" / "churn.yaml").write_text(limits.replace("minimum_rows: 500", "minimum_rows: 1"), "utf-8")
    (inbox / "姜楼镇.txt").write_text(TEXT.format(5533), "utf-8")
    (inbox / "李庄镇.txt").write_text(SECOND, "utf-8")
    first = json.loads(command("run", "--inbox", "inbox", "--json").stdout)
    assert first["changes"] is None

    (inbox / "姜楼镇.txt").write_text(TEXT.format(7100), "utf-8")
    held = command("run", "--inbox", "inbox", "--json")
    findings = json.loads(held.stdout)["findings"]
    assert held.returncode == 4, held.stderr
    assert findings[0].startswith("holds the release: marts.fact: 1 of 3 rows")
    assert (tmp_path / "warehouse" / "current").resolve().name == first["release_id"]
    page = tmp_path / "warehouse" / "held" / "quality.html"
    (waiting,) = (path.name for path in page.parent.iterdir() if path != page)
    assert "已公布的数据大量消失或改变" in page.read_text("utf-8")
    assert f"`gongbao publish {waiting[:8]}`" in held.stderr

    suite = (home / "expectations" / "marts" / "place.yaml").read_text("utf-8")
    absent = home / "expectations" / "marts" / "absent.yaml"
    absent.write_text(suite.replace("marts.place", "marts.absent"), "utf-8")
    judged = command("run", "--inbox", "inbox", "--json")
    absent.unlink()
    assert judged.returncode == 4, judged.stderr
    assert str(page) in judged.stderr
    assert "marts.absent is not staged" in page.read_text("utf-8")

    releases = tmp_path / "warehouse" / "releases"
    published, lost, refused = quality_artifacts(gongbao.server, newest=3)
    assert published.startswith(f"**release {first['release_id']} is new**")
    assert f"{releases / first['release_id'] / 'quality.html'}\n" in published.replace("\\", "")
    assert "| 不予发布 held | 严重 critical | release.fact published\\_rows\\_stand | 1 of 3 rows" in lost
    assert f"**怎么办** what to do: `gongbao diff {first['release_id'][:8]} {waiting[:8]}`" in lost.replace("\\", "")
    assert f"{page}\n" in lost.replace("\\", "")
    assert "every\\_mart\\_is\\_judged" in refused
    assert "**怎么办** what to do: read the rows with `gongbao explain ID`" in refused.replace("\\", "")
    assert f"{page}\n" in refused.replace("\\", "")

    difference = json.loads(command("diff", "current", waiting[:8], "--json").stdout)
    assert [each["change"] for each in difference["documents"]] == ["added", "superseded"]
    passed = command("publish", waiting[:8])
    assert passed.returncode == 0, passed.stderr
    assert f"release {waiting} is current" in passed.stdout
    assert not page.parent.exists()
    assert (tmp_path / "warehouse" / "current" / "quality.html").is_file()
