"""A curator's slip is told before anything is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongbao.errors import ExitCode
from tests.flows.command import Commands


@pytest.mark.parametrize(
    ("file", "content", "complaint"),
    [
        (
            "indicator_aliases.csv",
            "alias,indicator_id,breakdown,note\n绳网作坊,rope_workshops,,\n",
            "indicator_aliases.csv line 2: 绳网作坊 names rope_workshops",
        ),
        ("sheets/bees.yaml", "id: bees\nversion: nine\n", "sheet template bees.yaml"),
    ],
    ids=["an alias of no indicator", "a template that cannot be read"],
)
def test_a_slip_in_the_vocabulary_ends_the_night_before_it_begins(
    gongbao: Commands, tmp_path: Path, file: str, content: str, complaint: str
) -> None:
    (tmp_path / "inbox").mkdir()
    slip = tmp_path / "vocabulary" / file
    slip.parent.mkdir(parents=True)
    slip.write_text(content, "utf-8")
    told = gongbao(tmp_path, "run", "--inbox", "inbox", "--warehouse", "warehouse")
    assert told.returncode == ExitCode.USAGE
    assert complaint in " ".join(told.stderr.split())
    assert list((tmp_path / "warehouse" / "ledger").iterdir()) == []
