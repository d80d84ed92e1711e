"""Words of commitment, and the nature of targets."""

from __future__ import annotations

import pytest

from gongbao.normalise.modality import modality, nature


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("确保", "ensure"),
        ("力争", "strive"),
        ("力争实现", "strive"),
        ("预期目标", "expect"),
        ("计划", "plan"),
        ("保持在", "maintain"),
        ("稳定在", "maintain"),
        (None, "none"),
        ("嗯", "none"),
    ],
)
def test_modality(word: str | None, code: str) -> None:
    assert modality(word) == code


def test_nature_is_what_the_sentence_says_and_only_one() -> None:
    assert nature("这是约束性指标。") == "binding"
    assert nature("增长6%,为预期性指标。") == "expected"
    assert nature("预期性和约束性指标都要完成。") == "unstated"
    assert nature(None) == "unstated"
