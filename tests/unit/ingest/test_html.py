"""Web pages: what of a page is its document, what the page says of it, and pages that are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongbao.errors import UnreadableDocument
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.html import read_html
from gongbao.ingest.readers.result import ReadText

TITLE = "青河县2031年国民经济和社会发展统计公报"
OPENING = "2031年，全县上下稳住农业、做强工业，经济运行总体平稳。"
INDUSTRY = "全年规模以上工业增加值41.7亿元，比上年增长6.3%，其中采矿业下降1.2%。"
FARMING = "全年粮食播种面积28.6万亩，总产量9.4万吨，增产2.5%；生猪出栏13.8万头。"
INCOME = "城镇居民人均可支配收入38215元，增长5.1%，农村居民人均可支配收入19427元，增长6.6%。"
PROSE = (OPENING, "一、综合", INDUSTRY, FARMING, "二、人民生活", INCOME)
PARAGRAPHS = "".join(f"<p>{line}</p>" for line in PROSE)
MENU = (
    "<ul class='m1'><li><a href='/'>首页</a></li><li><a href='/zw'>政务动态</a></li><li><a href='/gk'>信息公开</a></li>"
    "<li><a href='/2030'>2030年公报</a></li></ul>"
)
OTHERS = [
    f"{place}{year}年国民经济和社会发展统计公报" for place in ("白石县", "柳林县", "东泉区") for year in (2029, 2030)
]
LINKED_OTHERS = "".join(f"<li><a href='/t/{number}.html'>{title}</a></li>" for number, title in enumerate(OTHERS))
FOOT = (
    "<div>主办：青河县人民政府办公室　承办：青河县大数据中心</div><div>联系电话：0999-1234567　邮编：123456</div>"
    "<div>某ICP备20310001号-1　某公网安备12345678901234号　网站标识码：1234567890</div>"
)


def read_page(tmp_path: Path, source: str | bytes, charset: str | None = None) -> ReadText:
    path = tmp_path / "page"
    path.write_bytes(source.encode() if isinstance(source, str) else source)
    return read_html(path, "公报.html", Limits(), charset)


def lines_of(tmp_path: Path, source: str) -> list[str]:
    return read_page(tmp_path, source).content.splitlines()


def page(body: str, head: str = f"<title>{TITLE}-青河县人民政府网</title>") -> str:
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"


def site(inside: str, head: str = f"<title>{TITLE}-青河县人民政府网</title>") -> str:
    """A page with a menu before and a foot after what is inside."""
    return page(f"<div>{MENU}</div>{inside}<div>{FOOT}</div>", head)


TABLE_LAYOUT = f"""<HTML><HEAD><TITLE>青河统计信息网 - {TITLE}</TITLE></HEAD><BODY bgcolor=#ffffff>
<table width=780 align=center><tr><td colspan=2><img src=banner.jpg></td></tr>
<tr><td colspan=2><table><tr><td><a href=index.htm>首 页</a></td>
<td><a href=a.htm>统计动态</a></td></tr></table></td></tr>
<tr><td width=160 valign=top>
<table>{"".join(f"<tr><td>·<a href={n}.htm>{t}</a></td></tr>" for n, t in enumerate(OTHERS))}
</table></td><td><table><tr><td align=center><font size=5><b>{TITLE}</b></font></td></tr>
<tr><td align=center>发布时间：2032-3-9 来源：县统计局 阅读次数：1573</td></tr>
<tr><td><font>　　{OPENING}<br><br>　　<b>一、综合</b><br>
　　{INDUSTRY}<br>　　{FARMING}<br>　　<b>二、人民生活</b><br>　　{INCOME}
</font></td></tr><tr><td align=right>【<a href=javascript:window.print()>打印</a>】【<a href=#>关闭</a>】</td></tr>
</table></td></tr>
<tr><td colspan=2 align=center>
版权所有：青河县统计局　地址：人民路12号　电话：0999-1234567</td></tr></table></BODY></HTML>"""

DIV_SOUP = page(
    f"<div><div><div>无障碍|长者版</div><div>{MENU}</div></div><div><div>您当前的位置：<a href='/'>首页</a> &gt; "
    f"<a href='/gk'>公报</a> &gt; 正文</div><div><div><div>{TITLE}</div><div><span>时间：2032-03-09 08:30</span>"
    "<span>来源：县统计局</span><span>浏览次数：<span id=hits>1573</span></span><span>字号：<a href=#>大</a> "
    f"<a href=#>中</a> <a href=#>小</a></span></div><div><div>{'</div><div>'.join(PROSE)}</div></div></div></div></div>"
    f"<div><div>{FOOT}</div></div></div>"
)

IN_A_CELL = page(
    f"<table><tr><td>{MENU}</td><td><h2>{TITLE}</h2>{PARAGRAPHS}</td><td><b>热点</b><ul>{LINKED_OTHERS}</ul></td>"
    f"</tr></table>"
)

LISTED_AFTER = page(
    f"<div class='box'><h1>{TITLE}</h1><div class='zw'>{PARAGRAPHS}<p>责任编辑：张三</p><p>上一篇："
    f"<a href='/1'>{OTHERS[0]}</a></p>"
    f"<p><strong>相关阅读：</strong></p>{''.join(f'<p>· {title}</p>' for title in OTHERS)}</div></div>"
)

STANDARD_META = page(
    f"<header><div class=top>{MENU}</div></header><nav>{MENU}</nav>"
    f"<div class='crumbs'>当前位置：首页 &gt; 统计公报</div>"
    "<table class='xx'><tr><td>索 引 号</td><td>123450/2032-00077</td><td>发布机构</td><td>青河县统计局</td></tr>"
    f"<tr><td>名　　称</td><td colspan=3>{TITLE}</td></tr>"
    f"<tr><td>内容概述</td><td colspan=3>{OPENING}</td></tr></table>"
    f"<h1>{TITLE}</h1><p class=sub>青河县统计局</p><div class='con'><div class='TRS'>{PARAGRAPHS}</div></div>"
    f"<div class='share'>分享到：微信 微博</div><footer>{FOOT}</footer>",
    f"<title>{TITLE}_青河县</title><meta name='ArticleTitle' content='{TITLE}'>"
    f"<meta name='PubDate' content='2032-03-09 08:30'>"
    "<meta name='ContentSource' content='县统计局'><meta name='SiteName' content='青河县人民政府'>",
)

TWO_COPIES = page(
    f"<div class='pc'><h1>{TITLE}</h1><div>{PARAGRAPHS}</div></div><div class='wap'><h1>{TITLE}</h1>"
    f"<div>{PARAGRAPHS}</div></div>"
)

UNLINKED_SIDES = page(
    "<div class='t'><span onclick='go(1)'>政务动态</span><span onclick='go(2)'>2030年专栏</span></div>"
    f"<div class='l'><div onclick='go(3)'>{'</div><div onclick=go(4)>'.join(OTHERS)}</div></div>"
    f"<div class='r'><h1>{TITLE}</h1><div>{PARAGRAPHS}</div></div><div>{FOOT}</div>"
)

IN_CARDS = page(
    f"<div>{MENU}</div><h1>{TITLE}</h1><div class='card'><p>{OPENING}</p></div><div class='card'><h3>一、综合</h3>"
    f"<p>{INDUSTRY}</p>"
    f"<p>{FARMING}</p></div><div class='card'><h3>二、人民生活</h3><p>{INCOME}</p></div><ul>{LINKED_OTHERS}</ul>"
)

FLAT = page(
    f"{MENU}<h1>{TITLE}</h1>{PARAGRAPHS}<h4>推荐阅读</h4><ul>{LINKED_OTHERS}</ul>{FOOT}",
)

COMMENTED = site(
    f"<h1>{TITLE}</h1><div class='article'>{PARAGRAPHS}</div><div class='comments'><h3>网友评论</h3>"
    "<p>增长6.3%，来之不易，支持。</p><p>收入38215元，数据翔实，值得一看。</p></div>"
)

SUMMARIES_BESIDE = site(
    f"<div class='left'><h1>{TITLE}</h1><div>{PARAGRAPHS}</div></div><div class='right-list'><h4>要闻</h4>"
    "<p><a href='/1'>白石县召开会议</a></p><p>会议要求，粮食面积不低于17万亩。</p></div>"
)

IN_SECTIONS = page(
    f"<div id='a'><h1>{TITLE}</h1><div><span>青河发布</span> <em>2032-03-09 18:00</em></div><div><section>"
    "<section><span>"
    f"{'</span></section></section><section><section><span>'.join(PROSE)}</span></section></section></div></div>"
    "<div>阅读原文</div><div>微信扫一扫关注公众号</div>"
)

LAYOUTS = {
    "tables of 2005": TABLE_LAYOUT,
    "div soup": DIV_SOUP,
    "article in a cell": IN_A_CELL,
    "titles listed after the article": LISTED_AFTER,
    "government site with meta elements": STANDARD_META,
    "a copy for telephones": TWO_COPIES,
    "sides without links": UNLINKED_SIDES,
    "article in cards": IN_CARDS,
    "everything in the body": FLAT,
    "comments of readers": COMMENTED,
    "summaries of other documents": SUMMARIES_BESIDE,
    "sections of one line": IN_SECTIONS,
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_document_is_read_and_the_page_around_it_is_not(tmp_path: Path, layout: str) -> None:
    lines = lines_of(tmp_path, LAYOUTS[layout])
    head = ["青河县统计局"] if layout == "government site with meta elements" else []
    read = [line for line in lines if not line.startswith(("发布时间", "时间", "青河发布"))]
    assert read == [TITLE, *head, *PROSE]


def test_a_line_with_date_and_source_is_stated_and_kept_without_counters(tmp_path: Path) -> None:
    read = read_page(tmp_path, TABLE_LAYOUT)
    assert read.stated.title == TITLE
    assert read.stated.publisher == "县统计局"
    assert read.stated.published_on == "2032-03-09"
    assert dict(read.stated.evidence) == {
        "title": "title",
        "publisher": "来源：县统计局",
        "published_on": "发布时间：2032-3-9 来源：县统计局 阅读次数：1573",
    }
    assert "1573" not in read.content


def test_meta_elements_go_before_the_words_of_the_page(tmp_path: Path) -> None:
    stated = read_page(tmp_path, STANDARD_META).stated
    assert (stated.title, stated.publisher, stated.published_on) == (TITLE, "县统计局", "2032-03-09")
    assert dict(stated.evidence) == {
        "title": "meta ArticleTitle",
        "publisher": "meta ContentSource",
        "published_on": "meta PubDate",
    }


def test_a_day_and_an_hour_under_the_title_are_when_it_was_published(tmp_path: Path) -> None:
    stated = read_page(tmp_path, IN_SECTIONS).stated
    assert (stated.publisher, stated.published_on) == (None, "2032-03-09")


def test_what_an_office_says_of_its_figures_is_no_source_of_the_page(tmp_path: Path) -> None:
    inside = f"<h1>{TITLE}</h1><div>{PARAGRAPHS}<p>资料来源：财政数据来自县财政局。</p></div>"
    assert read_page(tmp_path, site(inside)).stated.publisher is None


def test_the_occasion_before_the_text_stays(tmp_path: Path) -> None:
    occasion = ("时间：2032年3月9日", "地点：县会议中心", "主办单位：县政府新闻办", "发布人：王五")
    inside = f"<h1>{TITLE}</h1><div>{''.join(f'<p>{line}</p>' for line in occasion)}{PARAGRAPHS}</div>"
    assert lines_of(tmp_path, site(inside)) == [TITLE, *occasion, *PROSE]


def test_a_sentence_that_is_a_link_stays(tmp_path: Path) -> None:
    inside = f"<h1>{TITLE}</h1><div><p>{OPENING}</p><p><a href='/k'>{INDUSTRY}</a></p><p>{FARMING}</p></div>"
    assert lines_of(tmp_path, site(inside)) == [TITLE, OPENING, INDUSTRY, FARMING]


def test_a_table_of_figures_inside_a_layout_keeps_its_rows(tmp_path: Path) -> None:
    inside = f"<table><tr><td><h1>{TITLE}</h1></td></tr><tr><td>{OPENING}{MORE_FIGURES}{INDUSTRY}</td></tr></table>"
    rows = ["指　标\t绝对数", "常住人口（万人）\t27.3"]
    assert lines_of(tmp_path, site(inside)) == [TITLE, OPENING, *rows, INDUSTRY]


def test_a_table_of_fields_states_date_and_office(tmp_path: Path) -> None:
    table = (
        "<table><tr><td>索引号：</td><td>0123/2032-7</td><td>发布日期：</td><td>2032年03月09日</td></tr>"
        "<tr><td>发布机构：</td><td>青河县统计局</td><td>文号：</td><td>青统〔2032〕7号</td></tr></table>"
    )
    read = read_page(tmp_path, page(f"{table}<h1>{TITLE}</h1><div>{PARAGRAPHS}</div>"))
    assert (read.stated.publisher, read.stated.published_on) == ("青河县统计局", "2032-03-09")
    assert read.content.splitlines() == [TITLE, *PROSE]


def test_fields_in_a_list_before_the_text_are_not_text(tmp_path: Path) -> None:
    fields = "<ul><li>索 引 号：0123/2032-7</li><li>发布机构：县统计局</li><li>发布日期：2032-03-09</li></ul>"
    read = read_page(tmp_path, site(f"<div><h1>{TITLE}</h1>{fields}<div>{PARAGRAPHS}</div></div>"))
    assert read.content.splitlines() == [TITLE, *PROSE]
    assert (read.stated.publisher, read.stated.published_on) == ("县统计局", "2032-03-09")


@pytest.mark.parametrize("stated", ["2032-13-09", "不详", ""])
def test_a_date_that_is_none_is_not_stated(tmp_path: Path, stated: str) -> None:
    head = f"<meta name=PubDate content='{stated}'>"
    assert read_page(tmp_path, page(PARAGRAPHS, head)).stated.published_on is None


def test_a_fragment_is_read_as_it_stands(tmp_path: Path) -> None:
    read = read_page(tmp_path, "<p style='text-align:center'>白石镇</p>" + PARAGRAPHS)
    assert read.content.splitlines() == ["白石镇", *PROSE]
    assert read.stated.title is None


@pytest.mark.parametrize(
    "source",
    [
        "<?xml version='1.0' encoding='UTF-8'?><html><head><title/></head><body><div/><p>{}</p></body></html>",
        "<div><p>{}</div></p></body></html>",
        "<body>{}</body></html><p></table>",
        "<table><tr><td>{}",
        "<span><p>{}</p></span></b></i>",
        "</html><center><font>{}</font>",
    ],
)
def test_broken_nesting_loses_no_text(tmp_path: Path, source: str) -> None:
    assert lines_of(tmp_path, source.format(INDUSTRY)) == [INDUSTRY]


def test_text_after_the_end_of_the_page_is_text(tmp_path: Path) -> None:
    assert lines_of(tmp_path, f"<html><body><p>{INDUSTRY}</p></body></html><p>{FARMING}</p>") == [INDUSTRY, FARMING]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("<p>收入5<span>5</span>33<span>万元</span>，</p>", "收入5533万元，"),
        ("<p>收入5<span>5</span>\n  <span>33</span>\n<b>万元</b></p>", "收入5533万元"),
        ("<p>收入55\r\n33.\n5\n万\n元</p>", "收入5533.5万元"),
        ("<p>增\n长\n<font>GDP</font>\n<i>per capita</i></p><p>5%。</p>", "增长GDP per capita"),
        ("<p>面积3km<sup>2</sup>，注释<sup>[1]</sup></p>", "面积3km²，注释[1]"),
        ("<p>产值5533<sup>2</sup>万元</p>", "产值5533²万元"),
        ("<p>ＧＤＰ５５３３万元</p>", "ＧＤＰ５５３３万元"),
        ("<p>收入&nbsp;5533&amp;nbsp;万元</p>", "收入 5533 万元"),
        ("<p>收入55\u200b33万元</p>", "收入5533万元"),
        ("<div>收入<div style='display:inline'>5533</div>万元</div>", "收入5533万元"),
    ],
)
def test_inline_elements_and_source_line_ends_cut_nothing(tmp_path: Path, source: str, line: str) -> None:
    assert lines_of(tmp_path, source)[0] == line


def test_breaks_blocks_and_written_line_ends_end_a_line(tmp_path: Path) -> None:
    source = (
        "<div>产值1亿元<br>收入2亿元<span style='display:block'>利润3亿元</span>支出4亿元\\r\\n投资5亿元</div>"
        "<pre>存款6亿元\n贷款7亿元</pre>"
    )
    assert lines_of(tmp_path, source) == [
        *("产值1亿元", "收入2亿元", "利润3亿元", "支出4亿元", "投资5亿元", "存款6亿元", "贷款7亿元")
    ]


FIGURES = (
    "<table><caption>表1　主要工业产品产量</caption><thead><tr><th rowspan=2>产品</th><th colspan=2>产量</th>"
    "<th rowspan=2>单位</th>"
    "</tr><tr><th>2031年</th><th>比上年<br>增长（%）</th></tr></thead><tbody>"
    "<tr><td><p>水　泥</p></td><td><p>1<span>25</span>.6</p></td><td>-3.2</td><td>万吨</td></tr>"
    "<tr><td>发电量</td><td></td><td>4.0</td><td><p>亿千</p><p>瓦时</p></td></tr></tbody></table>"
)
MORE_FIGURES = "<table><tr><td>指　标</td><td>绝对数</td></tr><tr><td>常住人口（万人）</td><td>27.3</td></tr></table>"


def test_rows_of_tables_are_lines_with_tabs_and_merged_cells_stand_once(tmp_path: Path) -> None:
    inside = f"<h1>{TITLE}</h1><div>{PARAGRAPHS}{FIGURES}<p>注：产量为快报数。</p>{MORE_FIGURES}</div>"
    assert lines_of(tmp_path, site(inside)) == [
        TITLE,
        *PROSE,
        "表1　主要工业产品产量",
        "产品\t产量\t\t单位",
        "\t2031年\t比上年增长（%）",
        "水　泥\t125.6\t-3.2\t万吨",
        "发电量\t\t4.0\t亿千瓦时",
        "注：产量为快报数。",
        "指　标\t绝对数",
        "常住人口（万人）\t27.3",
    ]


def test_tables_beside_the_prose_are_of_the_document(tmp_path: Path) -> None:
    body = f"<div>{MENU}</div><div><h1>{TITLE}</h1><div>{PARAGRAPHS}</div><div>{FIGURES}</div></div><div>{FOOT}</div>"
    lines = lines_of(tmp_path, page(body))
    assert lines[: len(PROSE) + 1] == [TITLE, *PROSE]
    assert lines[-1] == "发电量\t\t4.0\t亿千瓦时"


def test_a_last_paragraph_in_a_block_of_its_own_is_of_the_document(tmp_path: Path) -> None:
    many = "".join(f"<p>第{number}项，{INDUSTRY}</p>" for number in range(30))
    last = "全县发生生产安全事故4起，死亡1人。"
    lines = lines_of(tmp_path, site(f"<h1>{TITLE}</h1><div>{many}</div><div><p>{last}</p></div>"))
    assert (len(lines), lines[-1]) == (32, last)


def test_links_inside_sentences_and_attachments_stay(tmp_path: Path) -> None:
    linked = "<p>全县<a href='/x'>一般公共预算收入</a>完成8.8亿元，增长<a href='/y'>4.4%</a>。</p>"
    attached = "<p>附件：<a href='/f.xls'>2031年预算表.xls</a></p>"
    lines = lines_of(tmp_path, page(f"<div>{MENU}</div><div>{PARAGRAPHS}{linked}{attached}</div>", ""))
    assert lines == [*PROSE, "全县一般公共预算收入完成8.8亿元，增长4.4%。", "附件：2031年预算表.xls"]


def test_signature_and_date_after_the_text_stay(tmp_path: Path) -> None:
    signed = "<p style='text-align:right'>青河县统计局</p><p style='text-align:right'>2032年3月9日</p>"
    lines = lines_of(
        tmp_path, page(f"<div>{MENU}</div><h1>{TITLE}</h1><div>{PARAGRAPHS}{signed}</div><div>{FOOT}</div>")
    )
    assert lines[-2:] == ["青河县统计局", "2032年3月9日"]


def test_a_short_page_is_its_sentence(tmp_path: Path) -> None:
    inside = "<div class=c><h1>白石镇简介</h1><div>全镇辖12个村，人口1.3万人。</div></div>"
    assert lines_of(tmp_path, site(inside, "<title>白石镇简介</title>")) == [
        "白石镇简介",
        "全镇辖12个村，人口1.3万人。",
    ]


def test_a_list_of_figures_without_sentences_is_a_document(tmp_path: Path) -> None:
    inside = "<h2>白石镇2031年主要指标</h2><ul><li>工业总产值31亿元</li><li>人口1.3万人</li></ul>"
    assert lines_of(tmp_path, site(inside, "")) == ["白石镇2031年主要指标", "工业总产值31亿元", "人口1.3万人"]


def test_a_title_broken_in_two_is_not_repeated(tmp_path: Path) -> None:
    lines = lines_of(tmp_path, page(f"<div><p>青河县2031年国民经济和</p><p>社会发展统计公报[1]</p>{PARAGRAPHS}</div>"))
    assert lines == ["青河县2031年国民经济和", "社会发展统计公报[1]", *PROSE]


@pytest.mark.parametrize(
    ("title", "first"),
    [
        (f"{TITLE}_青河县人民政府网", TITLE),
        (f"青河统计局-{TITLE}", TITLE),
        ("2031年公报 | 青河县人民政府门户网站", "2031年公报"),
    ],
)
def test_the_title_element_loses_the_name_of_the_site(tmp_path: Path, title: str, first: str) -> None:
    body = f"<div>{MENU}</div><div><h2>{first}</h2><div>{PARAGRAPHS}</div></div>"
    assert lines_of(tmp_path, page(body, f"<title>{title}</title>"))[0] == first


@pytest.mark.parametrize("title", ["2031年公报 | 青河县人民政府门户网站", "青河县统计局-2031年公报"])
def test_without_a_heading_that_agrees_the_title_is_the_part_that_names_no_site(tmp_path: Path, title: str) -> None:
    assert read_page(tmp_path, site(f"<div>{PARAGRAPHS}</div>", f"<title>{title}</title>")).stated.title == "2031年公报"


def test_a_dash_between_years_ends_no_title(tmp_path: Path) -> None:
    head = "<title>青河县2026-2030年规划_青河县人民政府网</title>"
    assert read_page(tmp_path, site(f"<div>{PARAGRAPHS}</div>", head)).stated.title == "青河县2026-2030年规划"


def test_the_name_of_a_site_is_no_title(tmp_path: Path) -> None:
    read = read_page(tmp_path, site(f"<h1>青河县人民政府</h1><div>{PARAGRAPHS}</div>", "<title>青河县人民政府</title>"))
    assert read.stated.title is None
    assert read.content.splitlines() == [*PROSE]


def test_sentences_with_words_of_page_feet_stay(tmp_path: Path) -> None:
    sentences = (
        "位置：位于县城以东，距县城12公里。",
        "新设二维码门牌1.2万块，公众号关注人数3.4万人。",
        "提供技术支持56次",
        "全年网站访问量12万次",
        "主办单位：县政府，观众3.1万人次。",
    )
    inside = f"<h1>{TITLE}</h1><div>{''.join(f'<p>{line}</p>' for line in sentences)}{PARAGRAPHS}</div>"
    assert lines_of(tmp_path, site(inside)) == [TITLE, *sentences, *PROSE]


def test_notes_at_the_foot_of_the_text_stay(tmp_path: Path) -> None:
    inside = f"<h1>{TITLE}</h1><div>{PARAGRAPHS}<div class='foot-note'>[1]数据为初步统计数，合计12项。</div></div>"
    assert lines_of(tmp_path, site(inside))[-1] == "[1]数据为初步统计数，合计12项。"


def test_a_row_of_column_names_in_a_table_of_its_own_stays(tmp_path: Path) -> None:
    inside = "<table><tr><td>名称</td><td>单位</td><td>2031年</td></tr></table>" + MORE_FIGURES
    assert "名称\t单位\t2031年" in lines_of(tmp_path, site(f"<h1>{TITLE}</h1><div>{PARAGRAPHS}{inside}</div>"))


def test_pinyin_over_characters_is_not_read(tmp_path: Path) -> None:
    inside = "<p>全县<ruby>統<rp>(</rp><rt>tǒng</rt><rp>)</rp></ruby>计总产值31亿元，增长5%。</p>"
    assert lines_of(tmp_path, inside) == ["全县統计总产值31亿元，增长5%。"]


def test_what_is_not_shown_is_not_read_and_said(tmp_path: Path) -> None:
    hidden = (
        "<!-- 收入9999万元 --><p style='display:none'>2031年，收入8888万元。</p><noscript>收入7777万元。</noscript>"
        "<template><p>收入6666万元</p></template><p hidden>收入4444万元。</p><select><option>2222年</option></select>"
        "<script>document.write('收入1111万元')</script><textarea>3333</textarea>"
    )
    read = read_page(tmp_path, page(hidden + PARAGRAPHS, "<noscript><p>收入5555万元。</p></noscript>"))
    assert read.content.splitlines() == [*PROSE]
    assert read.warnings == ("hidden_text",)


def test_markup_as_text_stays_text_and_is_said(tmp_path: Path) -> None:
    read = read_page(tmp_path, f"<p>&lt;script&gt;alert(1)&lt;/script&gt;{INDUSTRY}</p>")
    assert read.content == f"<script>alert(1)</script>{INDUSTRY}\n"
    assert read.warnings == ("markup_in_text",)


@pytest.mark.parametrize(
    ("encoding", "meta", "header", "read_as", "warnings"),
    [
        ("gb18030", "gb2312", None, "gb18030", ()),
        ("gb18030", "gb2312", "UTF-8", "gb18030", ("charset_mismatch",)),
        ("gb18030", "utf-8", None, "gb18030", ("charset_mismatch",)),
        ("gb18030", "gbk", "ISO-8859-1", "gb18030", ("charset_mismatch",)),
        ("gb18030", "", "GBK", "gb18030", ()),
        ("gb18030", "", None, "gb18030", ()),
        ("utf-8", "gb2312", None, "utf-8", ("charset_mismatch",)),
        ("utf-8", "gb2312", "utf-8", "utf-8", ()),
        ("utf-8", "", None, "utf-8", ()),
        ("utf-8", "no-such-charset", None, "utf-8", ("charset_mismatch",)),
        ("utf-8-sig", "gb2312", "gbk", "utf-8", ()),
        ("utf-16", "utf-8", None, "utf-16-le", ()),
    ],
)
def test_the_bytes_decide_where_what_is_stated_is_wrong(
    tmp_path: Path, encoding: str, meta: str, header: str | None, read_as: str, warnings: tuple[str, ...]
) -> None:
    head = f"<meta http-equiv='Content-Type' content='text/html; charset={meta}'>" if meta else ""
    source = f"<html><head>{head}<title>{TITLE}</title></head><body>{PARAGRAPHS}</body></html>"
    read = read_page(tmp_path, source.encode(encoding), header)
    assert read.content.splitlines() == [TITLE, *PROSE]
    assert (read.encoding, read.warnings) == (read_as, warnings)


def refusal(tmp_path: Path, source: str | bytes) -> tuple[str, str]:
    with pytest.raises(UnreadableDocument) as refused:
        read_page(tmp_path, source)
    return refused.value.reason, str(refused.value)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<div id=app></div><script src=/app.js></script>", "save it from there"),
        (f"{MENU}<div id=app></div>{FOOT}", "save it from there"),
        (f"{MENU}<h1>{TITLE}</h1><div><img src=1.png><img src=2.png></div>{FOOT}", "in pictures"),
        ("<iframe src=/inner.html></iframe>", "inside the frame"),
        ("", "no text of its own"),
    ],
)
def test_a_page_without_text_says_so_and_what_to_do(tmp_path: Path, body: str, words: str) -> None:
    reason, message = refusal(tmp_path, page(body))
    assert reason == "empty"
    assert words in message


def test_a_frameset_has_no_text(tmp_path: Path) -> None:
    reason, message = refusal(
        tmp_path, "<html><frameset cols=20%,*><frame src=a.htm><frame src=b.htm></frameset></html>"
    )
    assert (reason, "inside the frame" in message) == ("empty", True)


def test_a_page_in_another_language_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, page("<p>Output rose by 5.5 percent, to 31 million.</p>", ""))[0] == "no_chinese_text"


@pytest.mark.parametrize("depth", [1_100, 200_000])
def test_tags_too_deep_are_refused(tmp_path: Path, depth: int) -> None:
    assert refusal(tmp_path, page("<div>" * depth + INDUSTRY + "</div>" * depth))[0] == "oversize"


def test_many_open_paragraphs_are_not_depth(tmp_path: Path) -> None:
    assert lines_of(tmp_path, f"<body>{'<p>' + INDUSTRY} {'<li>' * 20_000}") == [INDUSTRY]


def test_cells_that_claim_a_table_of_millions_are_refused(tmp_path: Path) -> None:
    rows = "<tr><td colspan=1000 rowspan=65534>指标</td><td>5533</td></tr>" * 50
    assert refusal(tmp_path, page(f"<table>{rows}</table>"))[0] == "oversize"
