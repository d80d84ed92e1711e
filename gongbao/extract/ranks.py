"""Ranks: who is ranked and among whom. `总量位列全县镇办第2` → the words before the verb, and the peers `全县镇办`."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from gongbao.extract import vocabulary

_VERB: Final = re.compile(
    r"(?:分别|均|双双|继续|稳|始终|已|并|更|一直|仍|依旧|连续[^，。;]{0,6}|年内)?"
    r"(?:位列|位居|列居|名列|稳居|跃居|高居|蝉联|排名|排在|排位|位次|位于|升至|上升[到至]|跃升[到至]?|前移[到至]|提升[到至]|"
    r"保持|居于|列|居(?!民)|排|进入|由第[^，。;]{1,6}|获得|荣获|获)"
)
_WHOLE: Final = re.compile(r"全(?:国|省|市|县|区|州|盟|旗|疆|球)[一-鿿]{0,6}\Z")
_PEERS: Final = re.compile(
    r"(?:(?:[一-鿿]{1,6}(?:省|市|州|盟|地区))?[\d一二三四五六七八九十]{1,3}个[^，。;]{1,8}?(?:中|的|里)?"
    r"|[一-鿿]{1,6}(?:省|市|县|区|州|地区|经济圈|城市群|城市|都市圈|三角|中部|西部|东部|东北)(?:各?[一-鿿]{0,6})?)[一-鿿]{0,6}\Z"
)
_AFTER_IN: Final = re.compile(r"(?<=[在居列])[一-鿿]{1,4}[省市州][一-鿿]{0,6}\Z")
_WIDTH: Final = 40


@cache
def _contest() -> re.Pattern[str]:
    contests = vocabulary.any_of("contest")
    return re.compile(rf"(?P<peers>全[国省市县区州盟旗])(?P<what>[^，。;]{{2,}}?{contests})(?:中|里)?\Z")


def read(clause: str) -> tuple[str, str | None]:
    """What is ranked and its peers, of a clause that ends in 第 (number …).

    `全省高质量发展考核位列第5`: what is ranked may stand between the peers and the verb.
    """
    ranked, peers = _read(clause)
    contest = _contest().match(peers) if peers else None
    return (ranked.removesuffix("在") + contest["what"], contest["peers"]) if contest else (ranked, peers)


def _read(clause: str) -> tuple[str, str | None]:
    stem = clause[:-1]
    verb = None
    for match in _VERB.finditer(stem, max(0, len(stem) - _WIDTH)):
        verb = match
    if verb is None:
        peers = _WHOLE.search(stem, max(0, len(stem) - 12)) or _AFTER_IN.search(stem, max(0, len(stem) - 14))
        return (stem[: peers.start()], peers.group()) if peers else (stem, None)
    scope = stem[verb.end() :].strip("在了到于")
    if scope:
        return stem[: verb.start()], scope
    start = max(0, verb.start() - 24)
    before = _WHOLE.search(stem, start, verb.start()) or _PEERS.search(stem, start, verb.start())
    if before is None:
        return stem[: verb.start()], None
    cut = before.group().rfind("在") + 1
    return stem[: before.start() + cut], before.group()[cut:]
