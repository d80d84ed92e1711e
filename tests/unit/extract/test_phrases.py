"""Indicator phrases without verb, number and place."""

from __future__ import annotations

import pytest

from gongbao.extract import pairs, phrases, ranks


@pytest.mark.parametrize(
    ("clause", "noun"),
    [
        ("全年完成一般公共预算收入", "一般公共预算收入"),
        ("规上工业总产值实现", "规上工业总产值"),
        ("地方工业完成增加值", "地方工业增加值"),
        ("姜楼镇新增高新技术企业", "高新技术企业"),
        ("累计入库培育国家高新技术企业", "国家高新技术企业"),
        ("在全县河道周边设立监控点", "监控点"),
        ("政务服务热线受理群众诉求", "群众诉求"),
        ("金宝龙扩建等县级重点项目", "县级重点项目"),
        ("调处成功率达", "成功率"),
        ("登记失业率", "登记失业率"),
        ("审批时限", "审批时限"),
        ("①一般公共预算收入", "一般公共预算收入"),
        ("7、印花税完成", "印花税"),
        ("亩均税收", "亩均税收"),
        ("完成", ""),
        ("，同时", ""),
        ("有效发明专利", "有效发明专利"),
        ("空气优良天数连续6年稳定在", "空气优良天数"),
        ("合计", ""),
    ],
)
def test_the_noun_before_a_number(clause: str, noun: str) -> None:
    assert phrases.before(clause, ("姜楼镇", "姜楼")).noun == noun


@pytest.mark.parametrize(
    ("right", "noun"),
    [
        ("省级美丽乡村创建通过验收，", "省级美丽乡村创建"),
        ("麻山药创新驿站，打造", "麻山药创新驿站"),
        ("老旧小区改造任务。", "老旧小区改造"),
        ("的江水置换任务，", "江水置换"),
        ("科创、销售、金融等企业入驻", "科创、销售、金融等企业"),
        ("省、市重点项目", "省、市重点项目"),
        ("村完成清洁取暖改造，", "清洁取暖改造村"),
        ("，总量", ""),
        ("", ""),
        ("正在生产", ""),
        ("等政策举措", ""),
        ("获得省级名牌产品的中小企业进行奖励", "中小企业"),
    ],
)
def test_the_noun_after_a_number(right: str, noun: str) -> None:
    assert phrases.after(right)[0] == noun


def test_verbs_give_the_aspect() -> None:
    assert phrases.before("新增公共停车位").aspect == "new"
    assert phrases.before("规上工业企业净增").aspect == "new"
    assert phrases.before("累计帮扶群众").aspect == "cumulative"
    assert phrases.before("改造老旧小区").aspect is None


@pytest.mark.parametrize(
    ("joint", "count", "names"),
    [
        ("城乡居民人均可支配收入", 2, ("城镇居民人均可支配收入", "农村居民人均可支配收入")),
        ("金融机构存贷款余额", 2, ("金融机构存款余额", "金融机构贷款余额")),
        ("存、贷款余额", 2, ("存款余额", "贷款余额")),
        ("城镇、农村居民人均可支配收入", 2, ("城镇居民人均可支配收入", "农村居民人均可支配收入")),
        ("空气质量综合指数和PM2.5、PM10浓度", 3, ("空气质量综合指数", "PM2.5浓度", "PM10浓度")),
        ("一、二、三产", 3, ("一产", "二产", "三产")),
        ("“十强产业”、“四新”经济增加值", 2, ("“十强产业”增加值", "“四新”经济增加值")),
        ("火灾事故起数、死亡人数", 2, ("火灾事故起数", "火灾事故死亡人数")),
        ("火灾事故数和伤亡人数", 2, ("火灾事故数", "伤亡人数")),  # a count needs no second one
        ("规上工业增加值", 2, None),
    ],
)
def test_a_joint_phrase_names_as_many_as_there_are_numbers(joint: str, count: int, names: tuple[str, ...]) -> None:
    assert pairs.names(joint, count) == names


@pytest.mark.parametrize(
    ("clause", "rest", "scope"),
    [
        ("总量位列全县镇办第", "总量", "全县镇办"),
        ("贷款余额增速全省第", "贷款余额增速", "全省"),
        ("居民人均可支配收入增速居全国第", "居民人均可支配收入增速", "全国"),
        ("园区在全省综合排名第", "园区在", "全省综合"),
        ("排名第", "", None),
    ],
)
def test_a_rank_has_its_peers(clause: str, rest: str, scope: str | None) -> None:
    assert ranks.read(clause) == (rest, scope)


def test_verbs_in_step_are_read_whole() -> None:
    clause = "产业项目新签约、新开工、新竣工仓储项目分别"
    assert pairs.of_verbs(clause, "仓储项目", 3) == ("新签约仓储项目", "新开工仓储项目", "新竣工仓储项目")
    assert pairs.of_verbs("食品、纸张、玻璃产量分别", "产量", 3) is None
