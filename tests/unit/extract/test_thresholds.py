"""Amounts that sort things and are no figure of their own."""

from __future__ import annotations

import pytest

from gongbao.extract import extract_text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("一批投资超5000万元的项目建成投产。", "5000万元"),
        ("引进一大批年产值过千万元的企业。", "千万元"),
        ("新签2亿元以上的项目14个。", "2亿元"),
    ],
)
def test_a_threshold_among_things_is_refused_as_a_class(text: str, written: str) -> None:
    assert (written, "class") in [(refused.text, refused.reason) for refused in extract_text(text).rejections]


def test_an_amount_of_one_thing_is_kept() -> None:
    assert [found.text for found in extract_text("全镇税收超5000万元。").statements] == ["5000万元"]
