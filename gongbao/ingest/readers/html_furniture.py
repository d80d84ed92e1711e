"""What stands on pages beside their documents: the words of page_furniture.csv as patterns over lines."""

from __future__ import annotations

import re
from itertools import pairwise

from gongbao.ingest.readers.html_lines import PROSE, Line
from gongbao.reference import rows


def words(kind: str) -> list[str]:
    """The words of a class of the vocabulary, longest first."""
    found = [row["word"] for row in rows("readers/page_furniture.csv") if row["class"] == kind]
    return sorted(found, key=len, reverse=True)


def spread(kind: str) -> str:
    """A pattern for any of the words, blanks between their signs allowed: labels are set in columns with them.

    A word of two signs may be the end of another (资料来源 is no 来源), so none stands before it.
    """
    return "|".join(
        (r"(?<![\u4e00-\u9fff])" if len(word) == 2 else "") + r"[ \u3000]{0,8}".join(map(re.escape, word))
        for word in words(kind)
    )


_OPENING = r"^[\s\[【（(|·•>]{0,5}"
_SCRAPS = re.compile("|".join(words("scrap")), re.I)
_SEPARATORS = re.compile(r"[\s|｜/>》›»·•:：\[\]【】〖〗()（）,，_-]+")
_FOOTER = re.compile("|".join(map(re.escape, words("footer_sign"))), re.I)
_TAIL_SIGN = re.compile("|".join(map(re.escape, words("tail_sign"))), re.I)
_SITE = re.compile(f"(?:{'|'.join(words('site_ending'))})$", re.I)
_HEAD = re.compile(_OPENING + f"(?:{spread('head_opener')})")
_TAIL = re.compile(_OPENING + rf"(?:{spread('tail_opener')})\s{{0,3}}(?:[:：丨|]|$)")
_TAIL_ALONE = re.compile(_OPENING + f"(?:{spread('tail_alone')})")
_RELATED = re.compile(_OPENING + rf"(?:{spread('tail_heading')})[\s\]】）)|:：>»]{{0,5}}(?:更多)?[\s>»+]{{0,5}}$")
_LABELS = rf"(?:{spread('date_label')}|{spread('source_label')}|{spread('field_label')})"
_LABEL_CELL = re.compile(rf"^\s{{0,3}}[\[【]?\s{{0,3}}{_LABELS}\s{{0,3}}[\]】]?\s{{0,3}}[:：]?\s{{0,3}}$")
_LABELLED = re.compile(rf"^[\s\[【（(]{{0,5}}{_LABELS}\s{{0,3}}[:：]")
_INDEX = re.compile(_OPENING + f"(?:{spread('record_label')})")
_KEY = re.compile(_OPENING + f"(?:{spread('record_label')}|{spread('date_label')}|{spread('source_label')})")
_ATTACHMENT = re.compile("|".join(words("attachment")), re.I)
_DATE = re.compile(
    r"\d{4}\s{0,2}[-—/.年]\s{0,2}\d{1,2}\s{0,2}[-—/.月]\s{0,2}\d{1,2}\s{0,2}日?|\d{1,2}:\d{2}(?::\d{2})?|(?:星期|周)[一二三四五六日天]"
)
_CLOCK = re.compile(r"\d{4}\s{0,2}[-—/.年]\s{0,2}\d{1,2}\s{0,2}[-—/.月]\s{0,2}\d{1,2}\s{0,2}日?\s{0,3}\d{1,2}:\d{2}")
_LONG = 60  # signs: beyond these a line is a passage, whatever words it opens with


def without_scraps(text: str) -> str:
    """A line without what only a page has: counts of visits, sizes of print, buttons."""
    return _SCRAPS.sub(" ", text).strip(" |｜")


def is_scrap(text: str) -> bool:
    """Whether nothing of a line remains but signs."""
    return len(text) < 200 and not _SEPARATORS.sub("", _SCRAPS.sub(" ", text))


def is_footer(text: str) -> bool:
    """Whether a line is of a site's foot or head, wherever it stands."""
    opens = len(text) < _LONG and PROSE.search(text) is None and _HEAD.match(text) is not None
    return opens or (len(text) < 200 and _FOOTER.search(text) is not None)


def is_tail(text: str) -> bool:
    """Whether a line closes a page: editors, neighbours, addresses. Meant for lines after the document."""
    if len(text) < 2 * _LONG and (_TAIL.match(text) or _TAIL_ALONE.match(text)):
        return True
    return len(text) < _LONG and not text.endswith("。") and _TAIL_SIGN.search(text) is not None


def is_site(title: str) -> bool:
    """Whether a title is that of a site or an office, not of a document."""
    return _SITE.search(title.strip()) is not None


def opens_related(text: str) -> bool:
    """Whether a line is the heading of a list of other documents."""
    return len(text) < 20 and _RELATED.match(text) is not None


def is_attachment(text: str) -> bool:
    """Whether a line names an attachment of the document."""
    return _ATTACHMENT.search(text) is not None


def is_dates(text: str) -> bool:
    """Whether a line holds dates and times only."""
    return len(text) < _LONG and not _SEPARATORS.sub("", _DATE.sub("", text))


def is_stamp(text: str) -> bool:
    """Whether a line has a day and an hour, as only pages state them: it tells when it was published."""
    return len(text) < _LONG and PROSE.search(text) is None and _CLOCK.search(text) is not None


def is_label_cell(text: str) -> bool:
    """Whether a cell is the label of a field of a page's head, such as 索引号."""
    return len(text) < 20 and _LABEL_CELL.match(text) is not None


def is_labelled(text: str) -> bool:
    """Whether a line is a field of a page's head: a label, a colon and its value."""
    return len(text) < 2 * _LONG and _LABELLED.match(text) is not None


def is_index(text: str) -> bool:
    """Whether a line is the number under which an office has filed the document."""
    return len(text) < 2 * _LONG and _INDEX.match(text) is not None


def is_record(lines: list[Line]) -> bool:
    """Whether a table's rows are the fields of a page's head: most begin with a label and have its value beside it."""
    fields = dated = labelled = 0
    for line in lines:
        cells = [cell for cell in line.text.split("\t") if cell.strip()]
        labelled += bool(cells) and (is_label_cell(cells[0]) or is_labelled(cells[0]))
        for cell, value in pairwise((*cells, "")):
            field = is_labelled(cell) or (is_label_cell(cell) and value and not is_label_cell(value))
            fields += bool(field)
            dated += bool(field) and _KEY.match(cell) is not None
    return 2 * labelled > len(lines) and (dated > 0 or fields > 1)


def is_prose(line: Line) -> bool:
    """Whether a line is a sentence of its own, not a link."""
    return not line.is_row and len(line.text) - line.linked >= 12 and PROSE.search(line.text) is not None
