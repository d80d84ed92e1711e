"""Templates with rules: they read what they account for; a layout that drifted costs its block, never a figure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal

import pytest

from gongbao.errors import UsageError
from gongbao.extract.sheets import extract_grid
from gongbao.extract.sheets.template import parse, parse_all
from gongbao.extract.statement import Extraction
from gongbao.grid import Sheet
from tests.unit.extract_sheets.tables import Value, at, reasons, sheet

BIRTHS = """
id: births_by_district
version: 3
what: 各区人口自然变动情况
place: '440600'
match:
  title: 人口自然变动
  header: [^出生/]
  places: [东湖区, 西岭区]
rows: {role: area}
columns:
  role: indicator
  rules:
    - {path: ^出生/人数$, indicator: births, unit: 人}
    - {path: ^出生/出生率$, indicator: birth_rate, unit: ‰}
    - {path: ^死亡/人数$, indicator: deaths, unit: 人}
    - {path: ^自然增长/人数$, indicator: natural_increase, unit: 人}
identities: [births - deaths = natural_increase]
"""
TITLE = "3-6 各区人口自然变动情况（2021年）"
UNITS = "单位：人、‰"
GROUPS: list[Value] = ["区", "出 生", None, "死 亡", "自然增长"]
LEAVES: list[Value] = [None, "人数", "出生率", "人数", "人数"]
ROWS: list[list[Value]] = [["全市", 90, 9.1, 40, 50], ["东湖区", 50, 9.5, 25, 25], ["西岭区", 40, 8.7, 15, 25]]
MERGED = ["A3:A4", "B3:C3"]


def table(
    *,
    title: str = TITLE,
    units: str | None = UNITS,
    groups: Sequence[Value] = GROUPS,
    leaves: Sequence[Value] = LEAVES,
    rows: Sequence[Sequence[Value]] = ROWS,
    name: str = "Sheet1",
) -> Sheet:
    return sheet([[title], [units], groups, leaves, *rows], merged=MERGED, name=name)


def read(*sheets: Sheet, template: str = BIRTHS, file_name: str = "表.xlsx") -> Extraction:
    return extract_grid(sheets, file_name, parse_all("births.yaml", template))


def test_a_rule_says_indicator_unit_place_and_template() -> None:
    found = at(read(table()), "C6")
    assert (found.indicator_id, found.indicator, found.measure) == ("birth_rate", "出生率", "level")
    assert (found.subject, found.parent_area, found.value, found.unit) == ("东湖区", "440600", Decimal("9.5"), "‰")
    assert (found.period, found.template) == ("2021", "births_by_district@3")
    assert found.header_path == (TITLE, "出 生", "出生率", "东湖区")


def test_a_block_tells_what_became_of_it() -> None:
    (block,) = read(table()).blocks
    assert (block.sheet, block.cells, block.status, block.template) == (
        "Sheet1",
        "A1:E7",
        "read",
        "births_by_district@3",
    )
    assert (block.numbers, block.figures, block.detail, block.draft) == (12, 12, None, None)
    assert [(each.identity, each.held, each.failed) for each in block.identities] == [
        ("births - deaths = natural_increase", 3, 0),
        ("parts = total", 3, 0),
    ]


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        pytest.param({"units": None}, "B5: no unit is stated for 出生人口", id="a unit that is gone"),
        pytest.param({"units": "单位：万人、‰"}, "B5: no unit is stated for 出生人口", id="another unit above"),
        pytest.param({"leaves": [None, "人数(万人)", *LEAVES[2:]]}, "the unit 万人, where 人 is", id="another unit"),
        pytest.param(
            {"units": None, "leaves": [None, "人数", "出生率(人)", "人数", "人数"]},
            "no unit is stated",
            id="a unit that moved to the next column",
        ),
        pytest.param({"leaves": [None, "人口", *LEAVES[2:]]}, "B3: '出生/人口' is not in the template", id="renamed"),
        pytest.param(
            {
                "groups": ["区", "户籍人口", *GROUPS[3:], None],
                "leaves": [None, "年末", *LEAVES[3:], None],
                "rows": [[label, 7000, *rest] for label, *rest in ROWS],
            },
            "no template knows this table: births_by_district@3 knows its title, but nothing is headed ^出生/",
            id="an inserted column that takes the place of another",
        ),
        pytest.param(
            {
                "groups": [*GROUPS, "户籍人口"],
                "leaves": [*LEAVES, "年末"],
                "rows": [[*row, 7000] for row in ROWS],
            },
            "F3: '户籍人口/年末' is not in the template",
            id="an inserted column with a head",
        ),
        pytest.param({"rows": [[*row, 7000] for row in ROWS]}, "F3: no label", id="an inserted column without a head"),
        pytest.param(
            {"rows": [["全市", "90%", 9.1, 40, 50], *ROWS[1:]]},
            "B5: a per cent sign under 出生人口",
            id="another kind of figure",
        ),
        pytest.param(
            {"rows": [["全市", "0.009万人", 9.1, 40, 50], *ROWS[1:]]},
            "B5: 万人 under 出生人口",
            id="another unit in a cell",
        ),
        pytest.param({"title": TITLE + "增长速度"}, "the title says more than the template knows: 增长", id="growth"),
        pytest.param({"title": TITLE + "（千人）"}, "the title states the unit 千人", id="a unit in the title"),
        pytest.param(
            {"title": "3-6 各区人口自然变动情况（2020-2021年）", "name": "2021"}, "neither title, sheet", id="two years"
        ),
        pytest.param({"rows": [*ROWS[:1], ["单位：千人"], *ROWS[1:]]}, "a line of units stands", id="a unit inside"),
        pytest.param({"rows": [*ROWS, ["注：本表单位为千人"]]}, "row 8: a note speaks of units", id="a unit in a note"),
        pytest.param(
            {"rows": [[*row[:4], None] for row in ROWS]},
            "E3: no figure stands under '自然增长/人数'",
            id="an empty column",
        ),
        pytest.param({"rows": [*ROWS, ROWS[1]]}, "B8: another figure of 东湖区 出生人口 2021", id="a place twice"),
        pytest.param({"rows": [ROWS[0], ["东湖区", 50.5, 9.5, 25, 25], ROWS[2]]}, "B6: 50.5 人 is no", id="half"),
        pytest.param({"title": "3-7 各区人口迁移情况（2021年）"}, "no template knows", id="another table's title"),
        pytest.param({"name": "2020"}, "the title is of 2021, the sheet is called 2020", id="a sheet of another year"),
        pytest.param({"title": "3-6 各区人口自然变动情况"}, "neither title, sheet, file", id="no period anywhere"),
        pytest.param(
            {"rows": [["全市", *ROWS[0][1:]], ["南山区", *ROWS[1][1:]], ["北坡区", *ROWS[2][1:]]]},
            "births_by_district@3 knows its title, but its labels lack 东湖区、西岭区",
            id="another city's districts",
        ),
    ],
)
def test_a_layout_that_drifted_is_left_to_a_curator(changed: dict[str, object], problem: str) -> None:
    found = read(table(**changed))  # type: ignore[arg-type]  # each changes one of the table's parts
    (block,) = found.blocks
    assert block.status in ("unknown", "not_covered")
    assert problem in (block.detail or "")
    assert not found.statements
    assert set(reasons(found).values()) == {"unknown_block"}
    assert block.draft


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (
            [ROWS[0], ["东湖区", 25, 9.5, 50, 25], ROWS[2]],
            "deaths = natural_increase fails: 东湖区 2020 (B6 25, D6 50",
        ),
        ([["合计", 99, 9.1, 49, 50], *ROWS[1:]], "parts = total fails: 合计 出生人口 2020: 99, its parts make 90"),
    ],
)
def test_figures_that_break_an_identity_cost_their_block_and_no_other(rows: list[list[Value]], why: str) -> None:
    found = read(table(rows=rows, title=TITLE.replace("2021", "2020"), name="甲"), table(name="乙"))
    assert [(block.sheet, block.status) for block in found.blocks] == [("甲", "failed_identity"), ("乙", "read")]
    assert why in (found.blocks[0].detail or "")
    assert {s.sheet for s in found.statements} == {"乙"}
    assert {r.reason for r in found.rejections} == {"failed_identity"}


def test_a_failure_that_the_template_explains_costs_only_its_own_figures() -> None:
    known = BIRTHS + "known_failures: [{label: 东湖区, period: '2021', key: natural_increase, reason: in the source}]\n"
    found = read(table(rows=[ROWS[0], ["东湖区", 50, 9.5, 25, 24], ROWS[2]]), template=known)
    assert reasons(found) == {"B6": "failed_identity", "D6": "failed_identity", "E6": "failed_identity"}
    (block,) = found.blocks
    assert (block.status, block.figures) == ("read", 9)
    assert [(each.held, each.failed) for each in block.identities] == [(2, 1), (3, 0)]


def test_a_misprinted_unit_is_read_as_meant_where_the_template_says_so() -> None:
    meant = BIRTHS.replace("unit: ‰", "unit: {'%': ‰}")
    assert at(read(table(units="单位：人、%"), template=meant), "C6").unit == "‰"
    assert at(read(table(), template=meant), "C6").unit == "‰"


def test_dated_variants_are_chosen_by_the_tables_year() -> None:
    variants = """
variants:
  - valid_for: {to: 2020}
    columns:
      role: indicator
      rules: [{path: 人数|出生率, indicator: births, assume: 人, key: any}]
  - valid_for: {from: 2021}
"""
    old, new = parse_all("births.yaml", BIRTHS + variants)
    assert (old.valid_for.last, new.valid_for.first) == (2020, 2021)
    assert at(read(table(), template=BIRTHS + variants), "C6").indicator_id == "birth_rate"


def test_a_mistake_in_a_variant_is_told_with_its_line() -> None:
    with pytest.raises(UsageError, match=r"births.yaml line 20: rows.role"):
        parse("births.yaml", BIRTHS + "variants:\n  - rows: {role: sideways}\n")


def test_a_rule_may_read_unit_and_period_glued_to_the_label() -> None:
    template = """
id: glued
version: 1
what: 人口主要指标
match: {title: 人口主要指标}
rows:
  role: indicator
  rules:
    - {path: '^(?P<period>20\\d\\d年)平均人口(?P<unit>万人|人)$', indicator: population_average, unit: [万人, 人]}
columns: {role: area}
"""
    rows = [["人口主要指标（2015年）"], ["指标名称", "东湖区", "西岭区"], ["2014年平均人口万人", 8.1, 7.2]]
    found = read(sheet(rows), template=template)
    assert [(s.subject, s.value, s.unit, s.period) for s in found.statements] == [
        ("东湖区", Decimal(81000), "人", "2014"),
        ("西岭区", Decimal(72000), "人", "2014"),
    ]


def test_the_title_may_name_the_indicator_of_years_by_places_u4() -> None:
    template = """
id: query
version: 1
what: 分年度数据
match: {title: '指标:'}
rows: {role: area}
columns: {role: period}
table: [{path: '指标:地区生产总值\\((?P<unit>[^()]+)\\)', indicator: gdp, unit: 亿元}]
"""
    rows = [["指标：地区生产总值(亿元)"], ["地区", "2023年", "2022年"], ["东湖省", 12.5, 11], ["西岭省", 8, 7.5]]
    found = read(sheet(rows), template=template)
    assert [(s.subject, s.period, s.value) for s in found.statements][:2] == [
        ("东湖省", "2023", Decimal(1250000000)),
        ("东湖省", "2022", Decimal(1100000000)),
    ]
    stripped = read(sheet(rows[1:]), template=template)
    assert [block.status for block in stripped.blocks] == ["unknown"]


def test_codes_in_a_column_tell_places_of_one_name_apart() -> None:
    template = """
id: coded
version: 1
what: 分县人口
match: {header: [常住人口]}
period: {value: 2020-11}
whole_labels: '^$'
rows: {role: area, stub: ^县$, codes: ^区划代码$}
columns: {role: indicator, rules: [{path: 常住人口, indicator: resident_population, assume: 人}]}
"""
    rows: list[list[Value]] = [["区划代码", "省", "县", "常住人口"], [371621, "山东省", "惠民县", 5]]
    (found,) = read(sheet(rows), template=template).statements
    assert (found.ref_area, found.subject, found.period) == ("371621", "惠民县", "2020-11")


def test_marks_for_no_figure_are_counted_by_their_declared_meaning_n4() -> None:
    found = read(table(rows=[ROWS[0], ["东湖区", 50, "…", 25, 25], ["西岭区", 40, "-", 15, 25]]))
    (block,) = found.blocks
    assert block.marks == (("not_applicable", 1), ("not_significant", 1))
    assert block.figures == 10


def test_a_note_marks_the_figures_that_it_is_about_n6() -> None:
    marked = BIRTHS + "note_rules: [{find: 含开发区, label: 东湖区, obs_status: B, caveat: coverage_changed}]\n"
    found = read(table(rows=[*ROWS, ["注：东湖区自2021年起含开发区。"]]), template=marked)
    assert {(s.subject, s.obs_status, s.caveats) for s in found.statements} == {
        (None, None, ()),
        ("东湖区", "B", ("coverage_changed",)),
        ("西岭区", None, ()),
    }


def test_what_the_catalogue_lacks_waits_under_the_tables_own_words() -> None:
    lacking = BIRTHS.replace("indicator: birth_rate", "unmapped: true")
    assert at(read(table(), template=lacking), "C6").indicator == "出生/出生率 · 各区人口自然变动情况"


def households(year: int) -> Sheet:
    rows: list[list[Value]] = [["地区", "总户数", "净变动"], ["禅城区", 5, 1], ["南海区", 6, 2]]
    return sheet([[f"各区户数（{year}年）"], ["单位：户"], *rows])


def test_a_draft_knows_the_block_again_and_asks_what_is_open() -> None:
    draft = read(households(2021)).blocks[0].draft or ""
    with pytest.raises(UsageError, match=r"columns.rules.1.todo"):
        parse("draft.yaml", draft)
    finished = draft.replace("todo: name the indicator of indicators.csv, or skip it with a reason", "unmapped: true")
    found = read(households(2022), template=finished)
    assert [(s.cell, s.indicator_id) for s in found.statements][:2] == [("B4", "households"), ("C4", None)]


def test_two_years_of_one_table_have_one_fingerprint_and_a_moved_unit_another() -> None:
    def fingerprint(**changed: object) -> str:
        return read(table(**changed)).blocks[0].fingerprint  # type: ignore[arg-type]

    assert fingerprint() == fingerprint(title="3-8 各区人口自然变动情况（2019年）")
    assert fingerprint() != fingerprint(units="单位：人")
    assert fingerprint() != fingerprint(leaves=[None, "人口", *LEAVES[2:]])


def test_blocks_side_by_side_with_rows_out_of_step_share_the_title_s7() -> None:
    template = """
id: fertiliser
version: 1
what: 化肥施用量
match: {title: 化肥施用量, head: ^地区$}
rows: {role: area}
columns:
  role: indicator
  rules:
    - {path: 氮肥, indicator: fertiliser_use, breakdown: kind=nitrogen, unit: 吨}
    - {path: 磷肥, indicator: fertiliser_use, breakdown: kind=phosphate, unit: 吨}
    - {path: 钾肥, indicator: fertiliser_use, breakdown: kind=potash, unit: 吨}
"""
    rows: list[list[Value]] = [
        ["3-9 化肥施用量（2023年）", None, None, None, "3-9 续表"],
        ["单位：吨", None, None, None, "地区", "钾肥"],
        ["地区", "氮肥", "磷肥", None, "东湖省", 7],
        ["东湖省", 1, 2, None, "西岭省", 8],
        ["西岭省", 3, 4],
    ]
    found = read(sheet(rows), template=template)
    assert [(s.cell, s.subject, s.value) for s in found.statements] == [
        ("F3", "东湖省", Decimal(7)),
        ("B4", "东湖省", Decimal(1)),
        ("C4", "东湖省", Decimal(2)),
        ("F4", "西岭省", Decimal(8)),
        ("B5", "西岭省", Decimal(3)),
        ("C5", "西岭省", Decimal(4)),
    ]


def test_labels_in_two_languages_are_known_by_the_chinese_one_l6() -> None:
    both = table(
        groups=["区District", "出生Birth", None, "死亡Death", "自然增长Natural Increase"],
        leaves=[None, "人数Number(person)", "出生率\nBirth Rate", "人数Number", "人数Number"],
    )
    assert len(read(both).statements) == 12


REVENUE = """
id: revenue
version: 1
what: 一般公共预算收入
match: {title: 一般公共预算收入}
sum_labels: '^合计$'
rows: {role: area}
columns:
  role: indicator
  rules:
    - {path: ^收入$, indicator: general_budget_revenue, unit: 亿元}
    - {path: ^税收$, indicator: tax_revenue, unit: 亿元}
    - {path: ^非税收入$, indicator: non_tax_revenue, unit: 亿元}
identities: [tax_revenue + non_tax_revenue = general_budget_revenue]
"""


@pytest.mark.parametrize(("non_tax", "status"), [(3, "read"), (9, "failed_identity")])
def test_an_identity_reaches_over_the_blocks_of_one_table_s6(non_tax: int, status: str) -> None:
    rows: list[list[Value]] = [
        ["一般公共预算收入（2019年）"],
        ["单位：亿元"],
        ["地区", "收入", "税收"],
        ["东湖省", 10, 7],
        ["西岭省", 8, 6],
        ["7-5 续表"],
        ["单位：亿元"],
        ["地区", "非税收入"],
        ["东湖省", non_tax],
        ["西岭省", 2],
    ]
    found = read(sheet(rows), template=REVENUE)
    assert [block.status for block in found.blocks] == [status, status]
    assert len(found.statements) == (6 if status == "read" else 0)
    assert len(found.rejections) == (0 if status == "read" else 6)


def test_a_table_under_a_title_in_another_language_is_not_the_one_before_it() -> None:
    other = table(title="Births and deaths by district", name="乙")
    assert [(b.sheet, b.status) for b in read(table(name="甲"), other).blocks] == [("甲", "read"), ("乙", "unknown")]


def test_a_table_without_a_title_on_a_sheet_of_its_own_is_not_the_one_before_it() -> None:
    bare = sheet([GROUPS, LEAVES, *ROWS], merged=["A1:A2", "B1:C1"], name="乙")
    assert [(b.sheet, b.status) for b in read(table(name="甲"), bare).blocks] == [("甲", "read"), ("乙", "unknown")]


def test_a_column_does_not_take_its_year_from_the_one_beside_it() -> None:
    template = """
id: years
version: 1
what: 人口
match: {title: 人口}
rows: {role: indicator, rules: [{path: 户籍人口, indicator: registered_population, unit: 人}]}
columns: {role: area, rules: [{path: '^(?P<period>20..年)$'}]}
"""
    rows: list[list[Value]] = [["人口"], ["指标", "2021年", "2022年", "东湖区"], ["户籍人口（人）", 5, 6, 7]]
    (block,) = read(sheet(rows), template=template).blocks
    assert (block.status, block.detail) == ("not_covered", "D3: neither title, sheet, file nor labels say when")


def test_an_explained_failure_explains_no_other_identity_of_its_place() -> None:
    known = BIRTHS + "known_failures: [{label: 东湖区, period: '2021', key: birth_rate, reason: in the source}]\n"
    found = read(table(rows=[ROWS[0], ["东湖区", 50, 9.5, 25, 24], ROWS[2]]), template=known)
    assert [block.status for block in found.blocks] == ["failed_identity"]


def test_rules_tell_plans_the_year_before_and_falls() -> None:
    template = """
id: plans
version: 1
what: 户籍人口
match: {title: 户籍人口}
rows: {role: area}
columns:
  role: indicator
  rules:
    - {path: ^上年, indicator: registered_population, unit: 人, period: previous_year}
    - {path: ^计划, indicator: registered_population, unit: 人, kind: target, key: plan}
    - {path: 下降$, indicator: registered_population, measure: growth, negative: true}
"""
    rows: list[list[Value]] = [
        ["户籍人口（2021年）"],
        ["区", "上年（人）", "计划（人）", "比上年下降（%）"],
        ["东湖区", 5, 6, 7],
    ]
    found = read(sheet(rows), template=template)
    assert [(s.kind, s.measure, s.value, s.unit, s.period) for s in found.statements] == [
        ("fact", "level", Decimal(5), "人", "2020"),
        ("target", "level", Decimal(6), "人", "2021"),
        ("fact", "growth", Decimal(-7), "%", "2021"),
    ]


def test_another_table_pasted_below_is_not_the_one_above() -> None:
    rows: list[list[Value]] = [[TITLE], [UNITS], GROUPS, LEAVES, *ROWS, ["资料来源：统计站"]]
    pasted: list[list[Value]] = [["各区人口迁移情况"], GROUPS, LEAVES, *ROWS]
    for below in (pasted, pasted[1:]):
        found = read(sheet([*rows, *below], merged=MERGED))
        assert [block.status for block in found.blocks] == ["read", "unknown"]
        assert {(s.cell or "")[1:] for s in found.statements} == {"5", "6", "7"}


def test_a_row_of_marks_in_the_first_part_leaves_its_identity_to_the_next_part() -> None:
    """自然增长人数 has a mark above and its figure in the 续表: births and deaths still have to make it."""
    template = """
id: change
version: 1
what: 人口变动情况
place: '371621'
match: {title: 人口变动情况}
rows:
  role: indicator
  rules:
    - {path: ^出生人数$, indicator: births, unit: 人}
    - {path: ^死亡人数$, indicator: deaths, unit: 人}
    - {path: ^自然增长人数$, indicator: natural_increase, unit: 人}
columns: {role: period}
identities: [births - deaths = natural_increase]
"""
    above = [["青河县人口变动情况"], ["单位：人"], ["指标", "2020年"]]
    first = sheet([*above, ["出生人数", 79], ["死亡人数", 28], ["自然增长人数", "…"]], name="一")
    for increase, status in ((60, "failed_identity"), (51, "read")):
        next_part = sheet([["续表"], ["单位：人"], ["指标", "2020年"], ["自然增长人数", increase]], name="二")
        found = read(first, next_part, template=template)
        assert {block.status for block in found.blocks} == {status}
        assert len(found.statements) == (3 if status == "read" else 0)


@pytest.mark.parametrize("number", ["12345678901", "999,999,999,999,999,999,999.5", "123456789012345678.123456789"])
def test_a_number_of_any_size_is_kept_exactly(number: str) -> None:
    title, head = "青河县各镇（街道）主要经济指标（2023年）", ["镇", "一般公共预算收入（亿元）"]
    found = extract_grid([sheet([[title], head, ["石桥镇", number], ["河口镇", 5]])], "表.xlsx")
    assert at(found, "B3").value == Decimal(number.replace(",", "")).scaleb(8, Context(prec=60))


def test_a_number_of_any_size_without_a_unit_is_refused_like_others() -> None:
    title, head = "青河县各镇（街道）主要经济指标（2023年）", ["镇", "一般公共预算收入"]
    found = extract_grid(
        [sheet([[title], head, ["石桥镇", "999,999,999,999,999,999,999.5"], ["河口镇", 5]])], "表.xlsx"
    )
    assert reasons(found) == {"B3": "unit_missing", "B4": "unit_missing"}
