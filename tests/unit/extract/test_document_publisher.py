"""The masthead's word on who published a document."""

from __future__ import annotations

import pytest

from gongbao.extract import read_frame

BODY = "\n2024年，全镇完成一般公共预算收入6120万元，同比增长5.2%，总量居全县第二位，为近三年最好水平。\n"


@pytest.mark.parametrize(
    ("masthead", "publisher"),
    [
        ("发布机构：石桥镇党政办公室　　发文字号：石政发〔2025〕3号", "石桥镇党政办公室"),
        ("发布时间：2025年1月24日　　信息来源：石桥镇", "石桥镇"),
        ("来源：海阳县融媒体中心　　浏览：16次", "海阳县融媒体中心"),
        ("来源：海阳日报　　发布机构：海阳县统计局", "海阳县统计局"),
        ("作者：佚名  来源：政府官网  阅读：3", None),
        ("来源： 阅读量：3", None),
        ("资料来源：各镇统计站", None),
        ("来源：以上数字由各部门提供，仅供参考。", None),
        ("2025年1月24日", None),
    ],
)
def test_a_publisher_is_read_where_the_masthead_states_it(masthead: str, publisher: str | None) -> None:
    frame = read_frame(f"石桥镇2024年工作总结\n{masthead}\n{BODY}")
    assert frame.publisher == publisher
    assert (dict(frame.evidence).get("publisher") is None) == (publisher is None)
