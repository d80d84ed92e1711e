"""The links of list pages."""

from __future__ import annotations

import re

import pytest

from gongbao.ingest.web import Link, links

BASE = "http://office.test/col/list.html"
ALL = re.compile("")


def _urls(body: str, pattern: re.Pattern[str] = ALL, **options: object) -> list[str]:
    return [link.url for link in links(body.encode(), BASE, pattern, **options)]  # type: ignore[arg-type]


def test_links_are_absolute_in_page_order_and_once() -> None:
    body = """<a href="b.html">二</a><a href="/art/a.html#top">一</a><a href="b.html#x">又</a>
        <a href="//cdn.test/c.pdf">三</a><a href="?page=2">下一页</a><a href="../d.html">四</a>"""
    assert _urls(body) == [
        "http://office.test/col/b.html",
        "http://office.test/art/a.html",
        "http://cdn.test/c.pdf",
        "http://office.test/col/list.html?page=2",
        "http://office.test/d.html",
    ]


def test_the_pattern_is_looked_for_in_address_and_text() -> None:
    body = """<a href="1.html">2023年统计公报</a><a href="gongbao/2.html">点此</a><a href="3.html">招聘</a>"""
    found = links(body.encode(), BASE, re.compile("公报|gongbao"))
    assert found == (
        Link("http://office.test/col/1.html", "2023年统计公报"),
        Link("http://office.test/col/gongbao/2.html", "点此"),
    )


def test_the_whole_title_stands_for_a_text_cut_short() -> None:
    body = '<a href="1.html" title="石桥镇2023年政府工作报告">石桥镇2023年政…</a>'
    assert links(body.encode(), BASE, re.compile("报告"))[0].text == "石桥镇2023年政府工作报告"


def test_space_within_a_link_is_one_blank() -> None:
    assert links(b'<a href="1">\n a <b>b</b>\t\n</a>', BASE, ALL)[0].text == "a b"


@pytest.mark.parametrize(
    "href",
    [
        *(
            "javascript:void(0)",
            "mailto:a@b.test",
            "file:///etc/hostname",
            "ftp://a.test/",
            "data:text/html,x",
            "tel:1",
        ),
        *(
            "",
            "  ",
            "#",
            "list.html#x",
            "http://",
            "http://[",
            "http://a b\x00",
            "http://u:p@a.test/",
            "/" + "a" * 3000,
        ),
    ],
)
def test_what_is_no_link_to_a_page(href: str) -> None:
    assert _urls(f'<a href="{href}">公报</a><a>无</a><a name="x">锚</a>') == []


def test_an_address_is_spelt_as_it_will_be_asked() -> None:
    assert _urls('<a href=" /公报/a b.html?x=1&amp;y=2 ">x</a><a href="/c\n.html">y</a>') == [
        "http://office.test/%E5%85%AC%E6%8A%A5/a%20b.html?x=1&y=2",
        "http://office.test/c.html",
    ]


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("/art/", "http://office.test/art/1.html"),
        ("https://other.test/x/", "https://other.test/x/1.html"),
        ("javascript:x", "http://office.test/col/1.html"),
        ("", "http://office.test/col/1.html"),
    ],
)
def test_the_page_may_name_another_base(base: str, expected: str) -> None:
    assert _urls(f'<head><base href="{base}"></head><a href="1.html">x</a>') == [expected]


def test_rows_that_a_script_will_show_count_in_their_place() -> None:
    body = """<a href="0.html">零</a><script type="text/xml"><datastore><record><![CDATA[
        <li><a href="/art/1.html" title="公报一">公报</a></li>]]></record><record><![CDATA[
        <li><a href="/art/2.html">公报二</a></li>]]></record></datastore></script>
        <script>var a = '<a href="no.html">x</a>';</script><script type="text/xml"></script><a href="3.html">三</a>"""
    assert [url.rpartition("/")[2] for url in _urls(body)] == ["0.html", "1.html", "2.html", "3.html"]


@pytest.mark.parametrize(
    ("encoding", "charset"),
    [
        ("utf-8", None),
        ("utf-8", "UTF-8"),
        ("utf-8-sig", None),
        ("gb18030", None),
        ("gb18030", "gb2312"),
        ("gb18030", "GBK"),
        ("utf-8", "no-such-charset"),
    ],
)
def test_the_text_is_read_in_its_charset(encoding: str, charset: str | None) -> None:
    body = '<?xml version="1.0" encoding="gbk"?><a href="1.html">石桥镇公报镕</a>'.encode(encoding)
    assert links(body, BASE, ALL, charset)[0].text == "石桥镇公报镕"


def test_there_are_no_more_than_so_many() -> None:
    body = "".join(f'<a href="{number}.html">x</a>' for number in range(700))
    assert len(_urls(body)) == 500
    assert len(_urls(body, most=3)) == 3


@pytest.mark.parametrize("body", ["", "  ", "<!-- -->", "\0", "没有链接", "{}", "%PDF-1.7"])
def test_what_is_no_list_has_no_links(body: str) -> None:
    assert _urls(body) == []
