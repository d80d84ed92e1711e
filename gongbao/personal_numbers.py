"""Numbers of persons in what is shown of a text: identity cards (身份证号) and mobile telephones (手机号).

Press releases name whom to call, and lists of recipients name who got what. A sentence is published with the figure
that it states, so that such a number in it would be, too, and be found by whoever looks for it: the signs are covered,
one by one, so that every place in the sentence stays where it is. The whole text lies in `blobs/` and in the database,
which are not published.
"""

from __future__ import annotations

import re

COVER = "●"
_CARD = r"[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]"  # area, birth, …
_MOBILE = r"1[3-9][0-9](?:[0-9]{8}|[ -][0-9]{4}[ -][0-9]{4})"
# What has a unit, a fraction or a sign of money is an amount: 13812345678元.
_AMOUNT = r"[0-9A-Za-z%％‰]|[.,][0-9]|[ 　]*[元万亿千百人户吨个件台辆套亩公平立米家次美欧港斤克项条只头羽度]"
_NUMBER = re.compile(rf"(?<![0-9A-Za-z.,¥￥$])(?:{_CARD}|{_MOBILE})(?!{_AMOUNT})")
_DIGITS = re.compile(r"[0-9Xx]")


def covered(text: str) -> str:
    """The text with each such number covered, as long as before; what has a unit behind it is an amount and stays."""
    return _NUMBER.sub(lambda found: _DIGITS.sub(COVER, found[0]), text)
