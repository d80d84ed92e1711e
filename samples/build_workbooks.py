"""Write the two sample workbooks of samples/inbox, the same bytes every time.

    python samples/build_workbooks.py [FOLDER]

Both are in the manner of a statistics office's working tables: a title row over merged cells, a unit row, two levels
of merged header, names padded with full-width spaces, placeholders (`…` below half a unit, `-` nothing to report),
a total row, footnotes, one sheet per year in disorder. The towns' table has one row per town; the counties' table
has one column per county, the unit in a column of its own, and money in 亿元 and 万元 by turns.

The numbers agree with the bulletins, apart from those that samples/README.md lists as planted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

CREATED = datetime(2026, 3, 20, tzinfo=UTC)
TOWNS_FILE = "惠民县各镇（街道）主要经济指标2023-2025.xlsx"
COUNTIES_FILE = "滨州市各县（市、区）主要经济指标.xlsx"

Value = float | int | str | None

# Town: output of industry 亿元 and growth, budget revenue 万元 and growth, growth of investment, high-tech firms,
# grain 万吨 and growth, income per head 元 and growth. None prints as a placeholder.
TOWNS: dict[int, tuple[tuple[str, tuple[Value, ...]], ...]] = {
    2023: (
        ("孙武街道", (24.7, 5.2, 8126, 5.8, 6.9, 19, 3.12, 0.3, 28930, 5.9)),
        ("武定府街道", (11.8, 3.6, 4385, 4.1, 5.4, 9, 2.74, -0.4, 27640, 5.7)),
        ("何坊街道", (21.3, 6.4, 4620, 5.5, 7.2, 12, 5.46, 0.6, 25380, 6.0)),
        ("石庙镇", (13.6, 5.9, 2715, 6.2, 7.7, 5, 8.95, 0.8, 21950, 6.1)),
        ("桑落墅镇", (7.5, 4.8, 1826, 4.4, 3.9, 2, 7.62, 0.5, 21430, 5.8)),
        ("淄角镇", (17.9, 7.8, 3268, 8.1, 11.5, 7, 9.67, 1.2, 22640, 6.9)),
        ("胡集镇", (28.4, 6.9, 5187, 7.3, 8.4, 11, 8.36, 0.9, 23480, 6.4)),
        ("李庄镇", (42.6, 8.2, 6894, 6.8, 10.3, 22, 7.84, 0.4, 25160, 6.7)),
        ("麻店镇", (9.7, 5.4, 2166, 5.1, 4.6, 4, 7.05, 0.7, 21870, 5.9)),
        ("魏集镇", (8.9, 4.2, 2052, 6.6, 12.8, 3, 5.38, -0.2, 22310, 6.5)),
        ("清河镇", (10.4, 6.1, 2384, 5.7, 6.3, 4, 4.91, 0.3, 21590, 5.6)),
        ("姜楼镇", (31, 7.4, 5533, 6.5, 8.6, 14, 11.02, 1.1, 22940, 6.3)),
        ("辛店镇", (8.1, 5.0, 1978, 4.9, 5.8, 3, 6.87, 0.6, 21760, 5.8)),
        ("大年陈镇", (6.8, None, 1743, 3.8, -2.1, "-", 5.94, 0.4, 21080, 5.5)),
        ("皂户李镇", (15.2, 6.6, 2946, 5.9, 7.4, 6, 6.21, 0.5, 22470, 6.2)),
    ),
    2024: (
        ("孙武街道", (26.1, 5.7, 8510, 4.7, 5.3, 24, 3.1, -0.6, 30550, 5.6)),
        ("武定府街道", (12.2, 3.4, 4512, 2.9, 4.1, 10, 2.71, -1.1, 29160, 5.5)),
        ("何坊街道", (22.8, 7.0, 4868, 5.4, 6.8, 15, 5.51, 0.9, 26850, 5.8)),
        ("石庙镇", (14.5, 6.6, 2867, 5.6, 7.1, 7, 9.02, 0.8, 23240, 5.9)),
        ("桑落墅镇", (7.9, 5.3, 1915, 4.9, 4.4, 3, 7.68, 0.8, 22650, 5.7)),
        ("淄角镇", (19.4, 8.4, 3519, 7.7, 12.1, 10, 9.81, 1.4, 24070, 6.3)),
        ("胡集镇", (30.5, 7.4, 5513, 6.6, 9.5, 15, 8.45, 1.1, 24890, 6.0)),
        ("李庄镇", (45.9, 7.7, 7253, 5.2, 8.8, 28, 7.9, 0.8, 26720, 6.2)),
        ("麻店镇", (10.3, 6.2, 2259, 4.3, 5.0, 5, 7.11, 0.9, 23140, 5.8)),
        ("魏集镇", (9.2, 3.4, 2178, 6.1, 9.7, 4, 5.4, 0.4, 23720, 6.3)),
        ("清河镇", (11.1, 6.7, 2501, 4.9, 6.0, 5, 4.93, 0.4, 22790, 5.6)),
        ("姜楼镇", (33.2, 7.1, 5860, 5.9, 9.2, 20, 11.15, 1.2, 24310, 6.0)),
        ("辛店镇", (8.7, 7.4, 2075, 4.9, 5.2, 4, 6.92, 0.7, 23010, 5.7)),
        ("大年陈镇", (7.1, 4.4, 1802, 3.4, None, "-", 5.97, 0.5, 22220, 5.4)),
        ("皂户李镇", (16.1, 5.9, 3094, 5.0, 6.6, 7, 6.25, 0.6, 23790, 5.9)),
    ),
    2025: (
        ("孙武街道", (27.6, 5.7, 8936, 5.0, 4.8, 27, 3.15, 1.6, 32110, 5.1)),
        ("武定府街道", (12.7, 4.1, 4693, 4.0, 3.5, 11, 2.7, -0.4, 30620, 5.0)),
        ("何坊街道", (24.1, 5.7, 5106, 4.9, 5.6, 17, 5.55, 0.7, 28280, 5.3)),
        ("石庙镇", (15.3, 5.5, 3019, 5.3, 6.4, 9, 9.13, 1.2, 24490, 5.4)),
        ("桑落墅镇", (8.3, 5.1, 2011, 5.0, 4.2, 3, 7.74, 0.8, 23850, 5.3)),
        ("淄角镇", (21.2, 9.3, 3801, 8.0, 9.4, 12, 9.88, 0.7, 25440, 5.7)),
        ("胡集镇", (33.1, 8.5, 5967, 7.9, 7.2, 18, 8.52, 0.8, 26310, 5.7)),
        ("李庄镇", (48.8, 6.3, 7616, 5.0, 5.6, 31, 8.01, 1.4, 28190, 5.5)),
        ("麻店镇", (10.9, 5.8, 2358, 4.4, 4.7, 6, 7.16, 0.7, 24400, 5.4)),
        ("魏集镇", (9.6, 4.3, 2305, 5.8, 7.9, 4, 5.43, 0.6, 25090, 5.8)),
        ("清河镇", (11.6, 4.5, 2628, 5.1, 5.5, 6, 4.96, 0.6, 24020, 5.4)),
        ("姜楼镇", (35.8, 7.8, 6230, 6.3, 6.1, 24, 11.24, 0.8, 25690, 5.7)),
        ("辛店镇", (9.2, 5.7, 2163, 4.2, 4.9, 5, 6.98, 0.9, 24250, 5.4)),
        ("大年陈镇", (7.4, 4.2, 1878, 4.2, 1.7, 1, 6.01, 0.7, 23400, 5.3)),
        ("皂户李镇", (17, 5.6, 3241, 4.8, 5.9, 8, 6.3, 0.8, 25080, 5.4)),
    ),
}

COUNTIES = ("滨城区", "沾化区", "惠民县", "阳信县", "无棣县", "博兴县", "邹平市")
# Row label, unit, one value per county in the order above. A label in brackets belongs to the row above it.
CountyRow = tuple[str, str, tuple[Value, ...]]
COUNTY_ROWS: dict[int, tuple[CountyRow, ...]] = {
    2023: (
        ("地区生产总值", "亿元", (612.4, 238.6, 278.3, 221.8, 318.9, 452.3, 668.1)),
        ("  比上年增长", "%", (6.2, 5.8, 6.1, 6.3, 5.7, 6.4, 5.9)),
        ("规模以上工业总产值", "亿元", (1492.6, 421.7, 398.5, 356.2, 682.5, 1286.4, 2874.3)),
        ("固定资产投资比上年增长", "%", (5.1, 8.3, 7.3, 6.4, 9.6, 8.9, 4.7)),
        ("社会消费品零售总额", "万元", (3128000, 812000, 1038000, 847000, 963000, 1284000, 1786000)),
        ("一般公共预算收入", "万元", (427000, 174000, 165200, 146000, 248000, 386000, 785000)),
        ("  比上年增长", "%", (5.3, 6.1, 7.6, 8.2, 5.9, 6.5, 3.8)),
        ("年末常住人口", "万人", (71.8, 35.6, 57.2, 41.6, 42.3, 49.6, 77.4)),
        ("居民人均可支配收入", "元", (38260, 25120, 23860, 23910, 28640, 35480, 39150)),
        ("粮食总产量", "吨", (312000, 405000, 1024000, 524000, 726000, 618000, 894000)),
    ),
    2024: (
        ("地区生产总值", "亿元", (645.8, 252.9, 291.8, 234.6, 337.4, 479.6, 702.5)),
        ("  比上年增长", "%", (5.7, 5.6, 5.8, 5.8, 5.9, 6.1, 5.4)),
        ("规模以上工业总产值", "亿元", (1571.2, 449.6, 424.8, 381.5, 731.4, 1362.7, 3012.8)),
        ("固定资产投资比上年增长", "%", (4.4, 7.1, 6.8, 7.5, 10.2, 7.6, 3.2)),
        ("社会消费品零售总额", "万元", (3291000, 862000, 1096000, 895000, 1017000, 1353000, "1 879 000")),
        ("一般公共预算收入", "万元", (450000, 183000, 173600, 155000, 261000, 409000, 819000)),
        ("  比上年增长", "%", (5.4, 5.2, 5.1, 6.2, 5.2, 6.0, 4.3)),
        ("年末常住人口", "万人", (72.1, 35.4, 56.8, 41.2, 42.1, 49.4, 77.2)),
        ("居民人均可支配收入", "元", (40420, 26580, 25270, 25390, 30370, 37640, 41310)),
        ("粮食总产量", "吨", (314000, 407000, 1031000, 527000, 731000, 621000, 898000)),
    ),
    2025: (
        ("地区生产总值", "亿元", (681.3, 266.7, 306.9, 247.5, 356.8, 506.2, 738.6)),
        ("  比上年增长", "%", (5.6, 5.5, 5.6, 5.7, 6.2, 5.5, 5.2)),
        ("规模以上工业总产值", "亿元", (1648.9, 478.3, 451.3, 406.7, 789.9, 1438.5, 3157.4)),
        ("固定资产投资比上年增长", "%", (2.8, 5.9, 4.9, 5.8, 8.1, 6.2, -1.3)),
        ("社会消费品零售总额", "万元", (3452000, 906000, 1154000, 942000, 1072000, 1426000, 1968000)),
        ("一般公共预算收入", "万元", (471000, 192000, 182900, 163000, 276000, 428000, 856000)),
        ("  比上年增长", "%", (4.7, 4.9, 5.4, 5.2, 5.7, 4.6, 4.5)),
        ("年末常住人口", "万人", (72.5, 35.1, 56.4, 40.9, 41.9, 49.3, 77.1)),
        ("居民人均可支配收入", "元", (42480, 28010, 26690, 26850, 32080, 39560, 43420)),
        ("粮食总产量", "吨", (316000, 408000, 1039000, 532000, 735000, 624000, "…")),
    ),
}

PADDED = {
    "姜楼镇": "姜　楼　镇",
    "李庄镇": "李　庄　镇",
    "石庙镇": "石　庙　镇",
    "清河镇": " 清河镇",
    "麻店镇": "麻店镇　",
}
TOTALLED = (0, 2, 5, 6)  # columns of TOWNS whose sum the total row states


def build(folder: Path) -> None:
    """Write both workbooks into `folder`."""
    with _workbook(folder / TOWNS_FILE) as workbook:
        for year in (2024, 2023, 2025):
            _write_towns(workbook, year)
    with _workbook(folder / COUNTIES_FILE) as workbook:
        for year in (2025, 2023, 2024):
            _write_counties(workbook, year)


def _workbook(path: Path) -> xlsxwriter.Workbook:
    workbook = xlsxwriter.Workbook(path)
    workbook.set_properties({"title": path.stem, "author": "统计站（示例）", "created": CREATED})
    return workbook


def _write_towns(workbook: xlsxwriter.Workbook, year: int) -> None:
    sheet = workbook.add_worksheet(f"{year}年")
    head = _head(workbook)
    sheet.merge_range("A1:K1", f"惠民县各镇（街道）主要经济指标（{year}年）", head)
    sheet.merge_range("A2:K2", "单位：亿元、万元、家、万吨、元、%", _plain(workbook))
    sheet.merge_range("A3:A4", "镇（街道）", head)
    sheet.merge_range("B3:C3", "规模以上工业总产值（亿元）", head)
    sheet.merge_range("D3:E3", "一般公共预算收入（万元）", head)
    sheet.write("F3", "固定资产投资", head)
    sheet.merge_range("G3:G4", "高新技术企业\n（家）", head)
    sheet.merge_range("H3:I3", "粮食总产量（万吨）", head)
    sheet.merge_range("J3:K3", "居民人均可支配收入（元）", head)
    for column, label in ((1, "总量"), (2, "同比增长（%）"), (3, "总量"), (4, "同比增长（%）"), (5, "同比增长（%）"),
                          (7, "总量"), (8, "同比增长（%）"), (9, "总量"), (10, "同比增长（%）")):  # fmt: skip
        sheet.write(3, column, label, head)
    rows = TOWNS[year]
    _write_total(sheet, 4, rows)
    for offset, (name, values) in enumerate(rows):
        sheet.write(5 + offset, 0, PADDED.get(name, name))
        for column, value in enumerate(values, start=1):
            sheet.write(5 + offset, column, "…" if value is None else value)
    notes = 6 + len(rows)
    sheet.write(notes, 0, "注：1.一般公共预算收入为镇（街道）级口径，不含县直部门组织的收入。")
    sheet.write(notes + 1, 0, "　　2.“…”表示数据不足最小单位或未核定，“-”表示没有该项。")
    sheet.write(notes + 2, 0, f"资料来源：各镇（街道）统计站，{year + 1}年2月汇总。")
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 10, 12)


def _write_total(sheet: Worksheet, row: int, rows: Sequence[tuple[str, tuple[Value, ...]]]) -> None:
    sheet.write(row, 0, "合　计")
    for column in range(10):
        numbers = [values[column] for _, values in rows]
        total = round(sum(value for value in numbers if isinstance(value, int | float)), 2)
        sheet.write(row, column + 1, total if column in TOTALLED else "-")


def _write_counties(workbook: xlsxwriter.Workbook, year: int) -> None:
    sheet = workbook.add_worksheet(f"{year}")
    head = _head(workbook)
    sheet.merge_range("A1:I1", f"滨州市各县（市、区）{year}年主要经济指标", head)
    sheet.merge_range("A2:B2", "（年报数）", _plain(workbook))
    sheet.merge_range("A4:A5", "指　标", head)
    sheet.merge_range("B4:B5", "计量单位", head)
    sheet.merge_range("C4:D4", "市　辖　区", head)
    sheet.merge_range("E4:I4", "县　（市）", head)
    for column, name in enumerate(COUNTIES, start=2):
        sheet.write(4, column, name, head)
    for offset, (label, unit, values) in enumerate(COUNTY_ROWS[year]):
        sheet.write(5 + offset, 0, label.replace("  ", "　　"))
        sheet.write(5 + offset, 1, unit)
        for column, value in enumerate(values, start=2):
            sheet.write(5 + offset, column, value)
    notes = 6 + len(COUNTY_ROWS[year])
    sheet.write(notes, 0, "注：生产总值增速按可比价格计算；不含开发区托管的飞地企业。")
    sheet.write(notes + 1, 0, "“…”表示尚未核定。")
    sheet.set_column(0, 0, 24)


def _head(workbook: xlsxwriter.Workbook) -> Format:
    return workbook.add_format({"bold": True, "align": "center", "valign": "vcenter", "border": 1, "text_wrap": True})


def _plain(workbook: xlsxwriter.Workbook) -> Format:
    return workbook.add_format({"align": "right", "italic": True})


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "inbox")
