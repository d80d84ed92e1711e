"""Templates are data: checked field by field, with errors that say where and what is expected."""

from __future__ import annotations

from typing import Any

import pytest

from gongbao import reference
from gongbao.errors import UsageError
from gongbao.extract.sheets import extract_grid
from gongbao.extract.sheets.template import parse, templates
from tests.unit.extract_sheets.tables import sheet


def document(**changes: Any) -> dict[str, Any]:
    defaults = dict(reference.documents("sheets"))["defaults.yaml"]
    own = {
        "id": "shops",
        "version": 1,
        "what": "各村商店",
        "match": {"title": "商店", "header": "营业额"},
        "layouts": [{"areas": "rows", "anchor": "^村$"}],
    }
    return {**defaults, **own, **changes}


def test_the_bundled_templates_are_sound_and_have_ids_of_their_own() -> None:
    ids = [template.id for template in templates()]
    assert ids == ["county_towns", "prefecture_counties"]


def test_a_new_table_needs_a_template_and_no_code() -> None:
    table = sheet([["各村商店（2023年）"], ["村", "营业额（万元）"], ["石桥村", 12]])
    assert extract_grid([table], "表.xlsx").statements == ()
    (found,) = extract_grid([table], "表.xlsx", [parse("shops.yaml", document())]).statements
    assert (found.subject, found.indicator, found.unit, found.value) == ("石桥村", "营业额", "元", 120000)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"id": None}, "id is None; a text is expected"),
        ({"version": "1"}, "version is '1'; a whole number is expected"),
        ({"match": {"title": "商店"}}, "match.header is None; a text is expected"),
        ({"match": "商店"}, "match is '商店'; a mapping is expected"),
        ({"layouts": []}, r"layouts is \[\]; a list is expected"),
        ({"layouts": [{"areas": "sideways", "anchor": "村"}]}, r"layouts\[0\].areas is 'sideways'; rows or columns"),
        ({"layouts": [{"areas": "rows", "anchor": "("}]}, r"layouts\[0\].anchor is no regular expression"),
        ({"labels": [{"label": "增", "measure": "speed"}]}, r"labels\[0\].measure is 'speed'; one of level, growth"),
        ({"labels": [{"label": "增", "colour": "red"}]}, r"labels\[0\].colour no such field"),
        ({"furniture": [{"label": "号", "reason": "dull"}]}, r"furniture\[0\].reason is 'dull'; a code of"),
        ({"titel": "商店"}, "titel no such field; the fields are"),
    ],
)
def test_a_mistake_in_a_template_names_file_field_and_what_is_expected(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=r"sheet template shops.yaml: " + message):
        parse("shops.yaml", document(**changes))
