"""Bulletins from a seed, in our own words: as many as a measurement or a property needs, the same ones every time."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

_STOCKS = ("高标准农田", "设施大棚", "绿化面积", "粮食播种面积")
_MONEY = ("一般公共预算收入", "固定资产投资", "工业总产值", "社会消费品零售额", "招商到位资金", "税收收入")
_COUNTS = (("规上工业企业", "家"), ("省级专精特新企业", "家"), ("公厕", "座"), ("文化广场", "处"), ("养老服务站", "个"))
_RATES = ("森林覆盖率", "自来水普及率", "污水集中处理率", "城镇化率")
_IDLE = (
    "全县干部群众同心协力，各项事业都有进步",
    "发展的底子更厚，群众的日子更好",
    "坚持把好事办实、实事办好",
    "城乡面貌一天比一天新",
)
_HAN = "一二三四五六七八九"


def bulletin(seed: int, place: str = "平原县", year: int = 2023, sentences: int = 40) -> str:
    """A work report of `place` on `year`, with so many sentences in its review and half as many in its plan.

    The seed decides everything but place and year.
    """
    random = Random(seed)
    review = [_sentence(random, _REVIEWED) for _ in range(sentences)]
    plan = [_sentence(random, _PLANNED) for _ in range(sentences // 2)]
    return (
        f"{place}{year + 1}年政府工作报告\n——{year + 1}年1月20日在{place}第十九届人民代表大会第三次会议上\n各位代表：\n"
        f"一、{year}年工作回顾\n{year}年，{'；'.join(_IDLE)}。\n{_paragraphs(review)}"
        f"二、{year + 1}年工作安排\n新的一年，我们将沿着既定的路子继续向前。\n{_paragraphs(plan)}"
    )


def _paragraphs(sentences: list[str]) -> str:
    return "".join("".join(sentences[at : at + 4]) + "\n" for at in range(0, len(sentences), 4))


def _sentence(random: Random, forms: tuple[Callable[[Random], str], ...]) -> str:
    clauses = [random.choice(forms)(random) for _ in range(random.randint(1, 3))]
    return "，".join(clauses) + "。"


def _amount(random: Random) -> str:
    whole, part = random.randint(1, 9999), random.randint(1, 99)
    return random.choice((f"{whole}", f"{whole}.{part}", f"{whole + 10_000:,}", f"{random.randint(1, 9)}.{part}万"))


def _rate(random: Random) -> str:
    return f"{random.randint(1, 99)}.{random.randint(1, 9)}%"


def _money(random: Random) -> str:
    return (
        f"{random.choice(_MONEY)}完成{random.randint(1, 999)}.{random.randint(1, 99)}{random.choice(('亿元', '万元'))}"
    )


def _growth(random: Random) -> str:
    return f"{_money(random)}、{random.choice(('增长', '同比增长', '下降'))}{_rate(random)}"


def _land(random: Random) -> str:
    return f"{random.choice(_STOCKS)}达到{_amount(random)}亩"


def _count(random: Random) -> str:
    noun, unit = random.choice(_COUNTS)
    number = random.choice((str(random.randint(2, 400)), f"{random.choice(_HAN[1:])}十{random.choice(_HAN)}"))
    return f"新增{noun}{number}{unit}"


def _share(random: Random) -> str:
    return f"{random.choice(_RATES)}{random.choice(('达到', '提高到', '稳定在'))}{_rate(random)}"


def _ranked(random: Random) -> str:
    return f"{_money(random)}，总量居全市第{random.randint(1, 12)}位"


def _said(random: Random) -> str:
    return random.choice(_IDLE)


def _goal(random: Random) -> str:
    return f"力争{random.choice(_MONEY)}增长{_rate(random)}{random.choice(('以上', '左右'))}"


def _to_build(random: Random) -> str:
    noun, unit = random.choice(_COUNTS)
    return f"计划新建{noun}{random.randint(2, 60)}{unit}"


_REVIEWED = (_money, _growth, _land, _count, _share, _ranked, _said, _said)
_PLANNED = (_goal, _to_build, _said)
