"""The national list: levels and parents follow from codes, short names and former names lead to the present unit."""

from __future__ import annotations

from collections import Counter

import pytest

from gongbao import reference
from gongbao.reference.gazetteer import gazetteer, short_name


def test_the_list_is_whole() -> None:
    levels = Counter(place.level for place in gazetteer().places.values())
    assert levels == {"province": 34, "prefecture": 333, "county": 2847, "township": 38749}


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("371621111", "山东省/滨州市/惠民县/姜楼镇"),
        ("110101", "北京市/东城区"),  # no prefecture above a district of a municipality
        ("429004", "湖北省/仙桃市"),  # nor above a county that its province rules directly
        ("441900", "广东省/东莞市"),
    ],
)
def test_parents_follow_from_the_code(code: str, path: str) -> None:
    assert gazetteer().path(code) == path


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("惠民县", "惠民"),
        ("易县", "易"),
        ("呼和浩特市", "呼和浩特"),
        ("湘西土家族苗族自治州", "湘西"),
        ("新疆维吾尔自治区", "新疆"),
        ("内蒙古自治区", "内蒙古"),
        ("姜家店朝鲜族乡", "姜家店"),
        ("龙胜各族自治县", "龙胜"),
    ],
)
def test_a_short_name_has_neither_rank_nor_nationality(name: str, short: str) -> None:
    assert short_name(name) == short


@pytest.mark.parametrize(
    ("former", "now"),
    [
        ("徐水县", "130609"),  # a county that became a district
        ("邹平县", "371681"),  # one that became a city
        ("苍山县", "371324"),  # one that was renamed and kept its code
        ("莱芜市", None),  # divided among two districts
    ],
)
def test_a_former_name_leads_to_the_one_unit_that_followed(former: str, now: str | None) -> None:
    assert {gazetteer().current(each) for each in gazetteer().former[former]} == {now}


def test_the_two_authorities_codes_stand_side_by_side() -> None:
    town = gazetteer().places["371621002"]
    assert (town.name, town.nbs_code) == ("武定府街道", "371621004")
    assert gazetteer().places["371621111"].nbs_code == "371621111"
    assert gazetteer().places["710000"].nbs_code is None


@pytest.mark.parametrize("outer", ["370000", "371600", "371621", "371621111"])
def test_the_short_names_inside_a_place_are_those_of_the_country_that_lie_there(outer: str) -> None:
    listed = gazetteer()
    inside = {
        short: codes
        for short, everywhere in listed.by_short_name.items()
        if (codes := tuple(code for code in everywhere if listed.within(code, outer)))
    }
    assert inside
    assert listed.by_short_name_within(outer) == inside


def test_the_prefectures_by_short_name_are_those_of_the_country() -> None:
    listed = gazetteer()
    levels = {code: place.level for code, place in listed.places.items()}
    assert listed.prefectures_by_short_name == {
        short: codes
        for short, everywhere in listed.by_short_name.items()
        if (codes := tuple(code for code in everywhere if levels[code] in ("province", "prefecture")))
    }


def test_places_are_a_mapping_in_the_order_of_the_list() -> None:
    places, rows = gazetteer().places, reference.rows("places.csv")
    assert len(places) == len(rows)
    assert list(places) == [row["code"] for row in rows]
    assert [place.name for place in places.values()] == [row["name"] for row in rows]
    assert ("371621" in places, "999999" in places, places.get("999999")) == (True, False, None)
