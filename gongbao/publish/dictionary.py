"""What describes a release beside its marts: datapackage.json (Frictionless) and dictionary.html.

Both come from columns.yaml; the page adds the meaning of the caveat codes.
"""

from __future__ import annotations

from html import escape
from typing import Any

from gongbao import reference
from gongbao.publish.contract import Column, Mart

FRICTIONLESS_TYPES = {
    "VARCHAR": "string",
    "INTEGER": "integer",
    "DOUBLE": "number",
    "DECIMAL(18,4)": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
}

STYLE = """
body { font: 15px/1.6 "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; margin: 2em auto;
  max-width: 75em; padding: 0 1em; color: #222; background: #fff }
table { border-collapse: collapse; width: 100% } caption { text-align: left; padding: .4em 0; color: #555 }
th, td { border-bottom: 1px solid #ddd; padding: .35em .6em; text-align: left; vertical-align: top }
code { font-family: ui-monospace, monospace } nav a { margin-right: 1em } .en { color: #555 }
"""


def datapackage(marts: tuple[Mart, ...], release_id: str) -> dict[str, Any]:
    """The Frictionless Data Package of a release: a Table Schema for each mart, labels in Chinese and English."""
    return {
        "profile": "data-package",
        "name": "gongbao",
        "title": "公报: comparable figures and targets of Chinese local government",
        "version": release_id,
        "resources": [
            {
                "name": mart.name.replace("_", "-"),
                "path": f"{mart.name}.parquet",
                "format": "parquet",
                "mediatype": "application/vnd.apache.parquet",
                "title": f"{mart.title_zh} {mart.title_en}",
                "description": f"{mart.description_zh}。{mart.description_en}.",
                "schema": {"fields": [_field(column) for column in mart.columns], "primaryKey": list(mart.key)},
            }
            for mart in marts
        ],
    }


def dictionary(marts: tuple[Mart, ...], release_id: str) -> str:
    """The data dictionary as one page of HTML that needs nothing else: no script, no font, no network."""
    contents = " ".join(f'<a href="#{mart.name}">{escape(mart.title_zh)}</a>' for mart in marts)
    sections = "\n".join(_section(mart) for mart in marts)
    return f"""<!DOCTYPE html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>数据字典 Data dictionary</title>
<style>{STYLE}</style>
</head>
<body>
<h1>数据字典 <span class="en">Data dictionary</span></h1>
<p>发布版本 <span class="en">release</span> <code>{escape(release_id)}</code></p>
<nav>{contents} <a href="#caveats">提示代码</a></nav>
{sections}
{_caveats()}
</body>
</html>
"""


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": FRICTIONLESS_TYPES[column.type],
        "title": column.label_zh,
        "titleEn": column.label_en,
        "description": column.description_zh,
        "descriptionEn": column.description_en,
        "parquetType": column.type,
    }
    return field | ({"unit": column.unit} if column.unit else {})


def _section(mart: Mart) -> str:
    rows = "\n".join(
        f"<tr><td><code>{column.name}</code></td>"
        f'<td>{escape(column.label_zh)}<br><span class="en">{escape(column.label_en)}</span></td>'
        f"<td><code>{column.type}</code></td><td>{escape(column.unit or '')}</td>"
        f'<td>{escape(column.description_zh)}<br><span class="en">{escape(column.description_en)}</span></td></tr>'
        for column in mart.columns
    )
    return f"""<section id="{mart.name}">
<h2>{escape(mart.title_zh)} <span class="en">{escape(mart.title_en)}</span> <code>{mart.name}.parquet</code></h2>
<table>
<caption>{escape(mart.description_zh)}。<span class="en">{escape(mart.description_en)}.</span>
主键 <span class="en">key</span>: <code>{", ".join(mart.key)}</code></caption>
<thead><tr><th scope="col">列名</th><th scope="col">标签</th><th scope="col">类型</th><th scope="col">单位</th>
<th scope="col">说明</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</section>"""


def _caveats() -> str:
    rows = "\n".join(
        f"<tr><td><code>{escape(row['code'])}</code></td>"
        f'<td>{escape(row["name_zh"])}<br><span class="en">{escape(row["name_en"])}</span></td>'
        f'<td class="en">{escape(row["description"])}</td></tr>'
        for row in reference.rows("caveats.csv")
    )
    return f"""<section id="caveats">
<h2>提示代码 <span class="en">Caveats</span> <code>caveat_codes</code></h2>
<table>
<thead><tr><th scope="col">代码</th><th scope="col">名称</th><th scope="col">说明</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</section>"""
