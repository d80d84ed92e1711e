"""Places are resolved from the document downward: what the document does not tell apart stays unresolved."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongbao.normalise.places import resolve_document, resolve_subject
from gongbao.reference.gazetteer import gazetteer
from gongbao.reference.zones import zone_name

JIANGLOU, HUIMIN, BINZHOU = "371621111", "371621", "371600"
TOWNS = sorted(code for code in gazetteer().places if len(code) == 9)


class TestDocument:
    def test_a_township_of_two_counties_needs_its_county(self) -> None:
        alone = resolve_document("姜楼镇")
        assert alone.code is None
        assert alone.candidates == ("371524105", JIANGLOU)

    def test_the_county_may_stand_in_the_frame(self) -> None:
        assert resolve_document("姜楼镇", ("惠民县",)).code == JIANGLOU
        assert resolve_document("姜楼镇", ("东阿县",)).code == "371524105"

    def test_or_in_the_text(self) -> None:
        found = resolve_document("姜楼镇", text="会议在惠民县召开,姜楼镇作了汇报。")
        assert (found.code, found.evidence) == (JIANGLOU, "the text names 山东省/滨州市/惠民县")

    def test_or_in_the_settings_of_the_source(self) -> None:
        assert resolve_document("姜楼镇", source_place="惠民县").code == JIANGLOU
        assert resolve_document("姜楼镇", source_place="371621").code == JIANGLOU
        assert resolve_document("姜楼镇", source_place="山东省/滨州市/惠民县").code == JIANGLOU

    def test_or_be_the_place_of_the_source_itself(self) -> None:
        assert resolve_document("姜楼镇", source_place="惠民县/姜楼镇").code == JIANGLOU
        assert resolve_document("姜楼镇", ("惠民县",), source_place="惠民县/姜楼镇").code == JIANGLOU
        assert resolve_document("姜楼镇", ("东阿县",), source_place="惠民县/姜楼镇").code == "371524105"

    def test_or_by_its_short_name_that_towns_and_rivers_bear_too(self) -> None:
        assert resolve_document("姜楼镇", text="东阿黄河大桥通车,东阿毛驴出栏。").code == "371524105"
        assert resolve_document("姜楼镇", text="东阿黄河大桥通车。").code is None  # once, by chance
        assert resolve_document("皂户李镇", text="无棣古城,无棣金丝枣。").candidates == ("371621115",)

    def test_but_never_by_a_short_name_that_is_a_word(self) -> None:
        assert resolve_document("皂户李镇", text="惠民工程、惠民实事、惠民政策。").code is None

    def test_a_text_that_names_both_counties_alike_tells_nothing(self) -> None:
        assert resolve_document("姜楼镇", text="惠民县和东阿县各有一个姜楼镇。").code is None

    def test_even_the_only_township_of_its_name_needs_a_county(self) -> None:
        assert resolve_document("皂户李镇").code is None
        assert resolve_document("皂户李镇", text="惠民县皂户李镇").code == "371621115"

    def test_a_township_of_another_county_than_the_sources_needs_its_county_too(self) -> None:
        assert resolve_document("皂户李镇", source_place="无棣县").code is None
        assert resolve_document("皂户李镇", source_place="无棣县", text="惠民县皂户李镇").code == "371621115"

    @pytest.mark.parametrize(
        ("stated", "code"),
        [
            ("易县", "130633"),
            ("米易县", "510421"),
            ("唐县", "130627"),
            ("高唐县", "371526"),
            ("保定市满城区", "130607"),
            ("柳河县安口镇", "220524107"),
            ("湘西州", "433100"),
            ("克州", "653000"),
            ("宁夏", "640000"),
            ("吉林", "220000"),  # the province before the city
            ("滨州市人民政府", BINZHOU),
            ("徐水县", "130609"),  # its name until 2015
        ],
    )
    def test_a_name_is_taken_whole(self, stated: str, code: str) -> None:
        assert resolve_document(stated).code == code

    def test_a_county_name_that_several_bear_waits_for_its_parent(self) -> None:
        assert len(resolve_document("鼓楼区").candidates) == 4
        assert resolve_document("鼓楼区", ("河南省", "开封市")).code == "410204"

    def test_a_source_stands_in_where_the_text_names_no_place(self) -> None:
        assert resolve_document(None, source_place="惠民县").code == HUIMIN
        assert resolve_document("我们县", source_place="惠民县").code == HUIMIN
        assert resolve_document("某某镇", source_place="惠民县").code is None  # a town is not its county
        assert resolve_document("开发区", source_place="惠民县").code == "X371621-KFQ"
        assert resolve_document(None).code is None

    def test_a_former_name_is_marked(self) -> None:
        assert resolve_document("徐水县").historic
        assert not resolve_document("徐水区").historic

    @given(st.sampled_from(TOWNS))
    def test_a_township_resolves_inside_its_county_or_not_at_all(self, code: str) -> None:
        place = gazetteer().places[code]
        county = gazetteer().places[code[:6]]
        found = resolve_document(place.name, source_place=county.code)
        assert found.code == code or (found.code is None and code in found.candidates)


class TestSubject:
    @pytest.mark.parametrize("subject", [None, "", "姜楼镇", "姜楼", "全镇", "我镇", "“姜楼镇”"])
    def test_the_document_speaks_of_itself(self, subject: str | None) -> None:
        assert resolve_subject(subject, JIANGLOU).code == JIANGLOU

    @pytest.mark.parametrize(
        ("subject", "home", "code"),
        [
            ("全县", JIANGLOU, HUIMIN),
            ("我市", HUIMIN, BINZHOU),
            ("全省", JIANGLOU, "370000"),
            ("全市", "110101", "110000"),
            ("全区", "150702", "150702"),
            ("全区", "640000", "640000"),  # an autonomous region says 全区
            ("全市", "130683", "130683"),  # a city of county rank says 全市
            ("河北省", "130627", "130000"),
        ],
    )
    def test_whole_of_a_rank_is_the_nearest_unit_of_that_rank(self, subject: str, home: str, code: str) -> None:
        assert resolve_subject(subject, home).code == code

    def test_a_town_named_in_a_county_report(self) -> None:
        assert resolve_subject("胡集镇", HUIMIN).code == "371621104"
        assert resolve_subject("胡集镇", BINZHOU).code == "371621104"

    def test_a_township_of_another_county_is_not_guessed(self) -> None:
        found = resolve_subject("武定府街道", "371622")
        assert (found.code, found.candidates) == (None, ("371621002",))

    def test_own_level_figures_say_so(self) -> None:
        for subject in ("三明市本级", "市本级", "三明市级"):
            found = resolve_subject(subject, "350400")
            assert (found.code, found.scope) == ("350400", "本级")

    def test_a_development_zone_has_a_local_code(self) -> None:
        assert resolve_subject("开发区", HUIMIN).code == "X371621-KFQ"
        assert resolve_subject("惠民经开区", BINZHOU).code == "X371621-KFQ"
        assert resolve_subject("高新区", JIANGLOU).code == "X371621-GXQ"
        assert zone_name("X371621-KFQ") == "惠民县开发区"

    def test_a_zones_own_document_speaks_of_the_zone(self) -> None:
        zone = "X371621-KFQ"
        assert {resolve_subject(each, zone).code for each in (None, "全区", "开发区", "惠民经开区")} == {zone}
        assert resolve_subject("全县", zone).code == HUIMIN
        assert resolve_subject("胡集镇", zone).code == "371621104"

    @pytest.mark.parametrize("subject", ["全国", "各镇办", "中心城区", "某公司", "楼镇", "民县"])
    def test_what_is_no_unit_is_not_the_documents_place(self, subject: str) -> None:
        assert resolve_subject(subject, HUIMIN).code is None

    def test_a_table_of_the_country_names_provinces_and_whole_county_names(self) -> None:
        assert resolve_subject("北京市", None).code == "110000"
        assert resolve_subject("惠民县", None).code == HUIMIN
        assert resolve_subject("惠民", None).code is None
        assert resolve_subject(None, None).code is None

    @given(st.data(), st.sampled_from(TOWNS))
    def test_a_township_never_resolves_outside_its_documents_county(self, data: st.DataObject, home: str) -> None:
        other = gazetteer().places[data.draw(st.sampled_from(TOWNS))]
        found = resolve_subject(other.name, home).code
        assert found is None or gazetteer().within(found, home[:6]) or len(found) == 6

    @given(st.data(), st.sampled_from(TOWNS))
    def test_but_where_the_text_names_another_county_with_it(self, data: st.DataObject, home: str) -> None:
        other = gazetteer().places[data.draw(st.sampled_from(TOWNS))]
        county = gazetteer().places[other.code[:6]]
        found = resolve_subject(county.name + other.name, home).code
        assert found is None or county.name in gazetteer().path(found) or len(found) == 6

    @given(st.sampled_from(TOWNS), st.sampled_from(["371622", "130627", "220524", "350400"]))
    def test_a_township_never_resolves_outside_the_document(self, code: str, home: str) -> None:
        found = resolve_subject(gazetteer().places[code].name, home).code
        assert found is None or gazetteer().within(found, home)
