"""A night that loses what was published, and one that the gate holds: held with 4, looked at, let pass."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

TEXT = (
    "惠民县姜楼镇2023年工作总结\n\n山东省惠民县姜楼镇人民政府\n\n2023年,一般公共预算收入{}万元。新增城镇就业312人。\n"
)
SECOND = "惠民县李庄镇2023年工作总结\n\n山东省惠民县李庄镇人民政府\n\n2023年,全镇一般公共预算收入6120万元。\n"


def gongbao(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gongbao", *arguments, "--warehouse", "warehouse"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "GONGBAO_HOME": str(folder / "home")},
        capture_output=True,
        text=True,
    )


def test_a_night_that_loses_figures_is_held_until_a_person_lets_it_pass(tmp_path: Path) -> None:
    home, inbox = tmp_path / "home", tmp_path / "inbox"
    home.mkdir()
    inbox.mkdir()
    for name in ("gongbao", "sql", "requirements.lock"):
        (home / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "expectations", home / "expectations")
    limits = (home / "expectations" / "churn.yaml").read_text("utf-8")
    (home / "expectations" / "churn.yaml").write_text(limits.replace("minimum_rows: 500", "minimum_rows: 1"), "utf-8")
    (inbox / "姜楼镇.txt").write_text(TEXT.format(5533), "utf-8")
    (inbox / "李庄镇.txt").write_text(SECOND, "utf-8")
    first = json.loads(gongbao(tmp_path, "run", "--inbox", "inbox", "--json").stdout)
    assert first["changes"] is None

    (inbox / "姜楼镇.txt").write_text(TEXT.format(7100), "utf-8")
    held = gongbao(tmp_path, "run", "--inbox", "inbox", "--json")
    findings = json.loads(held.stdout)["findings"]
    assert held.returncode == 4, held.stderr
    assert findings[0].startswith("holds the release: marts.fact: 1 of 3 rows")
    assert (tmp_path / "warehouse" / "current").resolve().name == first["release_id"]
    (waiting,) = (path.name for path in (tmp_path / "warehouse" / "held").iterdir())
    assert f"`gongbao publish {waiting[:8]}`" in held.stderr

    suite = (home / "expectations" / "marts" / "place.yaml").read_text("utf-8")
    absent = home / "expectations" / "marts" / "absent.yaml"
    absent.write_text(suite.replace("marts.place", "marts.absent"), "utf-8")
    judged = gongbao(tmp_path, "run", "--inbox", "inbox", "--json")
    absent.unlink()
    page = tmp_path / "warehouse" / "held" / "quality.html"
    assert judged.returncode == 4, judged.stderr
    assert str(page) in judged.stderr
    assert "marts.absent is not staged" in page.read_text("utf-8")

    difference = json.loads(gongbao(tmp_path, "diff", "current", waiting[:8], "--json").stdout)
    assert [each["change"] for each in difference["documents"]] == ["added", "superseded"]
    passed = gongbao(tmp_path, "publish", waiting[:8])
    assert passed.returncode == 0, passed.stderr
    assert f"release {waiting} is current" in passed.stdout
    assert not page.parent.exists()
    assert (tmp_path / "warehouse" / "current" / "quality.html").is_file()
