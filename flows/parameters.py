"""Parameters of the flows as the run form shows them: title and description in Chinese and English, bounds, examples.

Title and description are put into the schema itself: Prefect names a parameter's title after the argument, and takes no
description but a docstring's.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from gongbao.extract.statement import DocType

_NAME = {"min_length": 1, "max_length": 1000}
_MOST = 1000
"""Names in one list: a form is no place for more, `everything` is."""


def _shown(title: str, description: str, **bounds: Any) -> Any:
    return Field(json_schema_extra={"title": title, "description": description}, **bounds)


Text = Annotated[str, Field(**_NAME)]

Inboxes = Annotated[
    list[Text] | None,
    _shown(
        "收件箱 Inboxes",
        "存放公报与表格的文件夹；留空则用 gongbao.toml 所列来源。 Folders of bulletins and workbooks; the configured "
        "sources where none is named.",
        examples=[["/srv/inbox/huimin"]],
        max_length=_MOST,
    ),
]
WarehouseFolder = Annotated[
    Text | None,
    _shown(
        "仓库 Warehouse",
        "仓库文件夹；留空则用 gongbao.toml 所设。 The warehouse folder; the configured one where none is named.",
        examples=["/srv/gongbao"],
    ),
]
Documents = Annotated[
    list[Text] | None,
    _shown(
        "文件 Documents",
        "文件名、网址，或 document_id 的前六位以上。 File names, addresses, or six and more digits of document_id.",
        examples=[["姜楼镇2023年工作总结.txt", "3f2a9c"]],
        max_length=_MOST,
    ),
]
Places = Annotated[
    list[Text] | None,
    _shown(
        "地方 Places",
        "名称、路径或代码，其下属地方一并计入。 Names, paths or codes; the places below each are meant, too.",
        examples=[["山东省/惠民县", "371621"]],
        max_length=_MOST,
    ),
]
Since = Annotated[
    date | None,
    _shown(
        "发布日期自 Published since",
        "含当日。 That day included. A document without a date of publication is not chosen.",
        examples=["2023-01-01"],
    ),
]
Until = Annotated[
    date | None,
    _shown(
        "发布日期至 Published until",
        "含当日。 That day included. A document without a date of publication is not chosen.",
        examples=["2023-12-31"],
    ),
]
Everything = Annotated[
    bool,
    _shown(
        "全部 Everything",
        "重新处理仓库中的全部文件，不与其他条件并用。 Every document of the warehouse; excludes the other conditions.",
    ),
]
Where = Annotated[
    str,
    _shown(
        "路径或网址 Path or address",
        "一个文件的路径，或一个 http(s) 网址。 The path of one file as the worker sees it, or one http(s) address.",
        examples=["/srv/drop/姜楼镇2023年工作总结.docx", "https://www.example.gov.cn/tjgb/2023.html"],
        **_NAME,
    ),
]
Publisher = Annotated[
    Text | None,
    _shown(
        "发布机构 Publisher",
        "文中未写明时采用。 Stands in where the text names none.",
        examples=["惠民县人民政府"],
    ),
]
Place = Annotated[
    Text | None,
    _shown(
        "地方 Place",
        "文中未写明时采用：名称、路径或代码。 Stands in where the text names none: a name, a path or a code.",
        examples=["山东省/惠民县"],
    ),
]
DocumentKind = Annotated[
    DocType | None,
    _shown(
        "文件种类 Document kind",
        "文中看不出时采用。 Stands in where the text does not show it.",
    ),
]
Caveats = Annotated[
    list[Text] | None,
    _shown(
        "提示 Caveats",
        "附在每个数字上的提示代码，见 reference/caveats.csv。 Codes of caveats.csv that go with every figure.",
        examples=[["sample"]],
        max_length=20,
    ),
]
AsOf = Annotated[
    str,
    _shown(
        "日期 Date",
        "过去的一天（按 UTC）或一个时刻（ISO 8601）。 A past day, in UTC, or a moment (ISO 8601).",
        examples=["2026-03-31", "2026-03-31T18:00:00+08:00"],
        pattern=r"^\d{4}-\d{2}-\d{2}",
        max_length=40,
    ),
]
OutFolder = Annotated[
    Text | None,
    _shown(
        "输出文件夹 Output folder",
        "留空则写入 仓库/asof/日期。 Where none is named: asof/DATE of the warehouse.",
        examples=["/srv/asof/2026-03-31"],
    ),
]
