"""Templates are data: checked field by field, with errors that say where and what is expected."""

from __future__ import annotations

import pytest

from gongbao import reference
from gongbao.errors import UsageError
from gongbao.extract.sheets import extract_grid
from gongbao.extract.sheets.template import parse, templates
from tests.unit.extract_sheets.tables import sheet

SHOPS = """
id: shops
version: 1
what: 各村商店
match: {title: 商店, header: [营业额]}
rows: {role: area}
columns: {role: indicator, read: labels}
"""


def test_the_bundled_templates_are_sound_and_have_ids_of_their_own() -> None:
    names = [name.removesuffix(".yaml") for name, _ in reference.texts("sheets") if name != "defaults.yaml"]
    assert sorted({template.id for template in templates()}) == sorted(names)


def test_a_new_table_needs_a_template_and_no_code() -> None:
    table = sheet([["各村商店（2023年）"], ["村", "营业额（万元）"], ["石桥村", 12]])
    assert not extract_grid([table], "表.xlsx").statements
    (found,) = extract_grid([table], "表.xlsx", [parse("shops.yaml", SHOPS)]).statements
    assert (found.subject, found.indicator, found.unit, found.value) == ("石桥村", "营业额", "元", 120000)
    assert found.template == "shops@1"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (("id: shops", ""), "shops.yaml: id: Field required"),
        (("id: shops", "id: 商店"), "line 2: id: String should match pattern"),
        (("version: 1", "version: one"), "line 3: version: a valid integer"),
        (("{title: 商店, header: [营业额]}", "商店"), "line 5: match: a valid dictionary"),
        (("{title: 商店, header: [营业额]}", "{head: 村}"), "line 5: match: nothing to know the table by"),
        (("title: 商店", "title: ("), "line 5: match.title: a valid regular expression"),
        (("role: area", "role: sideways"), "line 6: rows.role: 'area', 'indicator' or 'period'"),
        (("read: labels", "read: tea leaves"), "line 7: columns.read: 'labels'"),
        (("columns:", "colums:"), "shops.yaml: columns: Field required"),
        (("what: 各村商店", "what: 各村商店\ncolour: red"), "line 5: colour: Extra inputs are not permitted"),
        (
            ("read: labels", "rules: [{path: 营业额, indicator: gdpp}]"),
            "line 7: columns.rules.0.indicator: no id of indicators.csv: gdpp",
        ),
        (
            ("read: labels", "rules: [{path: 额, unit: 万圆}]"),
            "line 7: columns.rules.0.unit.*no unit that extraction knows",
        ),
        (
            ("read: labels", "rules: [{path: 额, skip: dull}]"),
            "line 7: columns.rules.0.skip: no code of",
        ),
        (("id: shops", "identities: [a - b]\nid: shops"), "line 2: identities: a - b: one = with an expression"),
        (("id: shops", "identities: [a ** b = c]\nid: shops"), "line 2: identities: a \\*\\* b = c: only keys"),
        (("id: shops", "id: [shops"), "line 3: no readable YAML"),
    ],
)
def test_a_mistake_in_a_template_names_line_field_and_what_is_expected(wrong: tuple[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse("shops.yaml", SHOPS.replace(*wrong))
