"""Every kind of broken input in one night with the samples: each costs itself alone, and the operator is told why."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Night
from tests.robustness import broken_inputs
from tests.robustness.broken_inputs import Case


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Path:
    folder = tmp_path_factory.mktemp("broken")
    broken_inputs.generate(folder / "kit", seed=7, extended=False)
    return folder


@pytest.fixture(scope="module")
def together(folder: Path) -> broken_inputs.Night:
    return broken_inputs.night(folder, "together", folder / "kit" / "inbox")


@pytest.fixture(scope="module")
def cases(folder: Path, together: broken_inputs.Night) -> list[Case]:
    return broken_inputs.judge(folder / "kit", together)


def test_each_ends_as_its_manifest_says(cases: list[Case]) -> None:
    assert [case for case in cases if not case.held or case.failures] == []


def test_each_refusal_says_what_to_do(cases: list[Case]) -> None:
    refused = [case for case in cases if case.seen == "quarantined"]
    assert len(refused) > 30
    assert [case.name for case in refused if not case.remedy or ": " not in case.why] == []


def test_the_night_goes_on_and_publishes(together: broken_inputs.Night) -> None:
    assert together.exit_code == 3
    assert "Traceback" not in together.said


def test_the_samples_are_read_as_without_them(together: broken_inputs.Night, sample_night: Night) -> None:
    assert broken_inputs.changed(sample_night.marts, together.current) == []


def test_all_processes_of_the_night_together_stay_below_two_gigabytes(together: broken_inputs.Night) -> None:
    assert 0 < together.megabytes < 2000
