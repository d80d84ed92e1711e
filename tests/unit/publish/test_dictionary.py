"""The dictionary page and the data package say what the contract says, and the page runs nothing."""

from __future__ import annotations

from html.parser import HTMLParser

from gongbao import reference
from gongbao.publish import contract
from gongbao.publish.dictionary import datapackage, dictionary


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_names_every_column_and_runs_nothing() -> None:
    page = Page()
    page.feed(dictionary(contract.marts(), "0123456789abcdef"))
    for mart in contract.marts():
        for column in mart.columns:
            assert column.name in page.text
            assert column.description_zh in page.text
            assert column.description_en in page.text
    for row in reference.rows("caveats.csv"):
        assert row["code"] in page.text
        assert row["description"] in page.text
    assert not page.tags & {"script", "img", "link", "iframe"}
    assert not {name for name in page.attributes if name.startswith("on")}


def test_the_data_package_has_a_table_schema_for_every_mart() -> None:
    package = datapackage(contract.marts(), "0123456789abcdef")
    for resource, mart in zip(package["resources"], contract.marts(), strict=True):
        assert resource["path"] == f"{mart.name}.parquet"
        assert [field["name"] for field in resource["schema"]["fields"]] == [column.name for column in mart.columns]
        assert resource["schema"]["primaryKey"] == list(mart.key)
        assert {field["type"] for field in resource["schema"]["fields"]} <= {
            "string", "integer", "number", "boolean", "date",
        }  # fmt: skip
