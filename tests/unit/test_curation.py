"""What corrections.yml and the overlay said on each night, kept and laid out again."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gongbao import curation, reference
from gongbao.errors import WarehouseDamaged
from gongbao.warehouse import Warehouse

NIGHT = datetime(2026, 3, 1, 2)
DAY = timedelta(days=1)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the curator's files, whose `vocabulary` is the overlay."""
    monkeypatch.setenv(reference.OVERLAY, str(tmp_path / "files" / "vocabulary"))
    (tmp_path / "files").mkdir()
    return tmp_path / "files"


def laid_out(warehouse: Warehouse, moment: datetime, folder: Path) -> dict[str, str]:
    found = curation.as_of(warehouse.root, moment)
    assert found is not None
    curation.lay_out(found, warehouse.root, folder)
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in paths}


def test_each_night_has_the_files_of_its_time(warehouse: Warehouse, files: Path, tmp_path: Path) -> None:
    corrections = files / "any name.yml"
    curation.record(warehouse, NIGHT, corrections)
    corrections.write_text("[]", "utf-8")
    (files / "vocabulary" / "sheets").mkdir(parents=True)
    (files / "vocabulary" / "sheets" / "bees.yaml").write_text("id: bees", "utf-8")
    (files / "vocabulary" / "notes.md").write_text("decides nothing", "utf-8")
    curation.record(warehouse, NIGHT + DAY, corrections)
    curation.record(warehouse, NIGHT + 2 * DAY, corrections)
    corrections.unlink()
    curation.record(warehouse, NIGHT + 3 * DAY, corrections)
    bees = {"vocabulary/sheets/bees.yaml": "id: bees"}
    wanted = [{}, {"corrections.yml": "[]", **bees}, {"corrections.yml": "[]", **bees}, bees]
    for number, told in enumerate(wanted):
        assert laid_out(warehouse, NIGHT + number * DAY, tmp_path / str(number)) == told
    assert len(warehouse.read_ledger("curation")) == 3
    assert laid_out(warehouse, NIGHT - DAY, tmp_path / "before") == {}


def test_without_the_ledger_nothing_is_known(warehouse: Warehouse) -> None:
    assert curation.as_of(warehouse.root, NIGHT) is None


@pytest.mark.parametrize("content", [None, "[1]"])
def test_a_file_that_is_missing_or_altered_is_named(
    warehouse: Warehouse, files: Path, tmp_path: Path, content: str | None
) -> None:
    (files / "corrections.yml").write_text("[]", "utf-8")
    curation.record(warehouse, NIGHT, files / "corrections.yml")
    (blob,) = warehouse.blobs.iterdir()
    blob.unlink() if content is None else blob.write_text(content, "utf-8")
    with pytest.raises(WarehouseDamaged, match=rf"{blob}, which was corrections.yml.*: put back corrections.yml"):
        laid_out(warehouse, NIGHT, tmp_path / "then")
