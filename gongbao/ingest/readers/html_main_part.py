"""Which lines of a page are its document.

Sentences and rows of figures have weight, links and a page's furniture have none. The document stands in the smallest
block that holds all the weight but a trifle; lines without weight (headings, signatures) belong to it between its first
and last weighty line, after its title, or in the block that holds most of it. Lists of links inside are left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from gongbao.ingest.readers import html_furniture as furniture
from gongbao.ingest.readers.html_lines import HAN, Line, Page

_TRIFLE = 0.03  # of the weight may stand outside: a summary, a word from the site
_FIGURED = 3  # times as much counts what stands outside and has a figure: sites' own words have none
_MOST = 0.8  # of the weight
_FEW = 0.1  # of a block's signs are links beside the text: it is about other documents
_DENSE = 0.5  # of a block's signs are links: it is a list of them
_LINKED_SENTENCE = 25  # signs: titles of other documents have no full stop
_OPENING_SIGNS = 20  # by which a summary is known as a copy of a paragraph
_HEAD_LINES = 12  # of the text at most before its first sentence, where a page repeats the title
_TITLE_LINES = 3
_HEADINGS_BEFORE = 6  # lines between the title and the text: subtitle, office, date
_PASSAGES = frozenset({"p", "li", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6"})  # parts of a text, none whole
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")  # titles have it too, so it is no figure
_BARE = re.compile(r"[^\w]+|_")
_HEAD_NOUN = re.compile(r"[a-z]+(?=[\d_-]{0,3}(?:\s|$))")  # what a class name ends with: page-footer, not foot-note


def bare(text: str) -> str:
    """A text's letters, digits and characters, without blanks and signs."""
    return _BARE.sub("", text)


@dataclass(slots=True)
class Blocks:
    """Sums over the lines of each block and of those inside it."""

    weight: list[int]
    signs: list[int]
    linked: list[int]


@dataclass(slots=True)
class MainPart:
    """Lines of the document in their order, and those before it that a page's head may state things in."""

    lines: list[Line] = field(default_factory=list)
    before: list[Line] = field(default_factory=list)
    after: list[Line] = field(default_factory=list)


def main_part(page: Page, title: str | None) -> MainPart:
    """The lines of a page's document; none where no line of the page is a sentence or has a figure."""
    dropped = _furniture_lines(page)
    of_title = bare(title or "")
    weights = [
        0 if out or bare(line.text) == of_title else _weight(line)
        for line, out in zip(page.lines, dropped, strict=True)
    ]
    blocks = _sums(page, weights)
    _drop_named_blocks(page, blocks, dropped, weights)
    blocks = _sums(page, weights)
    _drop_link_lists(page, blocks, dropped, weights)
    blocks = _sums(page, weights)
    if not blocks.weight[0]:  # a list of words and nothing else is a document, the rest of a site's page is none
        return MainPart(before=page.lines) if any(dropped) or title else MainPart(page.lines)
    outer, core = _containers(page, blocks, weights)
    _drop_neighbours(page, blocks, outer, core, dropped, weights)
    inside = [page.holds(outer, line.block) for line in page.lines]
    in_core = [page.holds(core, line.block) for line in page.lines]
    weighty = [number for number, weight in enumerate(weights) if weight and inside[number]]
    first, last = weighty[0], weighty[-1]
    filed = any(furniture.is_index(line.text) for line in page.lines[:first])
    titled = _title_lines(page.lines[: first + 1], title)
    kept = []
    for number, line in enumerate(page.lines):
        if dropped[number] or (filed and number < first and furniture.is_labelled(line.text)):
            continue
        if number > last:
            keep = in_core[number] and not furniture.is_tail(line.text)
        elif number >= first:
            keep = inside[number]
        elif titled and inside[titled[0]]:
            keep = number >= titled[0] and inside[number]
        else:
            keep = in_core[number] or (bool(titled) and number > titled[-1] and _is_subtitle(line, first - titled[-1]))
        if keep:
            kept.append(number)
    return MainPart([page.lines[number] for number in kept], page.lines[:first], page.lines[last + 1 :])


def _weight(line: Line) -> int:
    own = len(line.text) - line.linked
    if own < 4 or (not furniture.is_prose(line) and line.linked > own):
        return 0
    if furniture.is_prose(line):
        return 0 if furniture.is_labelled(line.text) and own < 60 else own
    if line.is_row:
        return own if _DIGIT.search(line.text) else own // 4
    if furniture.is_tail(line.text):
        return 0
    states = HAN.search(line.text) and _has_figure(line.text)
    return own if states and not furniture.is_dates(line.text) and not furniture.is_labelled(line.text) else 0


def _has_figure(text: str) -> bool:
    return _DIGIT.search(_YEAR.sub("", text)) is not None


def _furniture_lines(page: Page) -> list[bool]:
    """Of each line, whether it is furniture by its own words, a field of the page's head, or in a list of others."""
    lines = page.lines
    dropped = [furniture.is_scrap(line.spaced) or furniture.is_footer(line.spaced) for line in lines]
    number = 0
    while number < len(lines):
        end = number + 1
        if lines[number].is_row:
            while end < len(lines) and lines[end].is_row and lines[end].block == lines[number].block:
                end += 1
            if furniture.is_record(lines[number:end]):
                dropped[number:end] = [True] * (end - number)
        number = end
    for number, line in enumerate(lines):
        if furniture.opens_related(line.text):
            for other in _listed_after(page, number):
                dropped[other] = True
    return dropped


def _listed_after(page: Page, heading: int) -> Iterator[int]:
    """The heading of a list and the lines of the list: in its block or the two around it, up to a sentence or row."""
    yield heading
    block = page.lines[heading].block
    for _ in range(3):
        found = False
        for number in range(heading + 1, len(page.lines)):
            line = page.lines[number]
            if line.is_row or not page.holds(block, line.block) or _is_passage(line):
                break
            if furniture.opens_related(line.text):
                break
            found = True
            yield number
        if found or page.parents[block] <= 0:
            return
        block = page.parents[block]


def _is_passage(line: Line) -> bool:
    return furniture.is_prose(line) and (len(line.text) > 40 or line.text.endswith("。"))


def _sums(page: Page, weights: list[int]) -> Blocks:
    count = len(page.parents)
    blocks = Blocks([0] * count, [0] * count, [0] * count)
    for line, weight in zip(page.lines, weights, strict=True):
        blocks.weight[line.block] += weight
        blocks.signs[line.block] += len(line.text)
        blocks.linked[line.block] += _other_links(line)
    for block in range(count - 1, 0, -1):
        parent = page.parents[block]
        blocks.weight[parent] += blocks.weight[block]
        blocks.signs[parent] += blocks.signs[block]
        blocks.linked[parent] += blocks.linked[block]
    return blocks


def _drop_blocks(page: Page, out: list[bool], dropped: list[bool], weights: list[int]) -> None:
    for block in range(1, len(out)):
        out[block] = out[block] or out[page.parents[block]]
    for number, line in enumerate(page.lines):
        if out[line.block]:
            dropped[number], weights[number] = True, 0


def _drop_named_blocks(page: Page, blocks: Blocks, dropped: list[bool], weights: list[int]) -> None:
    """Blocks whose tag or class name is that of furniture, unless they hold much of the page."""
    named = frozenset(furniture.words("block_name"))
    out = [
        (page.tags[block] in {"footer", "aside"} or not named.isdisjoint(_HEAD_NOUN.findall(page.names[block])))
        and 4 * blocks.weight[block] < blocks.weight[0]
        for block in range(len(page.parents))
    ]
    _drop_blocks(page, out, dropped, weights)


def _drop_link_lists(page: Page, blocks: Blocks, dropped: list[bool], weights: list[int]) -> None:
    """Blocks and lines that are mostly links."""
    out = [
        page.tags[block] not in _PASSAGES
        and blocks.linked[block] > _DENSE * blocks.signs[block]
        and 10 * blocks.weight[block] < blocks.signs[block] * 3
        for block in range(len(page.parents))
    ]
    out[0] = False
    _drop_blocks(page, out, dropped, weights)
    for number, line in enumerate(page.lines):
        sentence = line.text.endswith(("。", "；")) and len(line.text) > _LINKED_SENTENCE
        if not weights[number] and _other_links(line) > _DENSE * len(line.text) and not sentence:
            dropped[number] = True


def _other_links(line: Line) -> int:
    """Signs of a line that lead away from the document: links to its attachments do not."""
    return line.linked if line.linked and not furniture.is_attachment(line.text) else 0


def _containers(page: Page, blocks: Blocks, weights: list[int]) -> tuple[int, int]:
    """The smallest block with all the weight but a trifle, and the smallest with most of that."""
    children: dict[int, list[int]] = {}
    for block in range(1, len(page.parents)):
        if blocks.weight[block] and page.tags[block] not in _PASSAGES:
            children.setdefault(page.parents[block], []).append(block)
    texts = [bare(line.text) if weight else "" for line, weight in zip(page.lines, weights, strict=True)]
    openings = Counter(text[:_OPENING_SIGNS] for text in texts)
    longest: dict[str, str] = {}
    for text in texts:
        longest[text[:_OPENING_SIGNS]] = max(text, longest.get(text[:_OPENING_SIGNS], ""), key=len)
    outer, start, stop = 0, 0, len(page.lines)
    while outer in children:
        heaviest = _heaviest(children[outer], blocks)
        first, end = start, stop  # the lines of a block follow each other
        while not page.holds(heaviest, page.lines[first].block):
            first += 1
        while not page.holds(heaviest, page.lines[end - 1].block):
            end -= 1
        left = [number for number in (*range(start, first), *range(end, stop)) if weights[number]]
        openings.subtract(texts[number][:_OPENING_SIGNS] for number in left)
        # A summary before the text, and a copy of the text for telephones, say nothing of their own.
        own = sum(
            weights[number] * (_FIGURED if _has_figure(page.lines[number].text) else 1)
            for number in left
            if openings[texts[number][:_OPENING_SIGNS]] < 1
            or not longest[texts[number][:_OPENING_SIGNS]].startswith(texts[number])
        )
        if own > _TRIFLE * blocks.weight[heaviest]:
            break
        outer, start, stop = heaviest, first, end
    core = outer
    while core in children:
        heaviest = _heaviest(children[core], blocks)
        if blocks.weight[heaviest] < _MOST * blocks.weight[outer]:
            break
        core = heaviest
    return outer, core


def _drop_neighbours(
    page: Page, blocks: Blocks, outer: int, core: int, dropped: list[bool], weights: list[int]
) -> None:
    """Blocks beside the one with most of the text that have lines of links: summaries of other documents."""
    path, block = set(), core
    while block != outer:
        block = page.parents[block]
        path.add(block)
    out = [
        block != core
        and block not in path
        and page.parents[block] in path
        and page.tags[block] not in _PASSAGES
        and blocks.linked[block] > _FEW * blocks.signs[block]
        for block in range(len(page.parents))
    ]
    _drop_blocks(page, out, dropped, weights)


def _heaviest(among: list[int], blocks: Blocks) -> int:
    return max(among, key=lambda block: (blocks.weight[block], -block))


def _title_lines(lines: list[Line], title: str | None) -> range:
    """The line that is the title, or the lines over which it is broken; an empty range where it does not stand.

    Pages repeat it: the first of those near the text counts, what stands between is the document's head.
    """
    wanted = bare(title or "")
    found = range(0)
    for number in range(len(lines) - 1, -1, -1) if len(wanted) >= 4 else ():
        if found and len(lines) - number > _HEAD_LINES:
            break
        own = ""
        for end in range(number, min(number + _TITLE_LINES, len(lines))):
            if lines[end].linked:
                break
            own += bare(lines[end].text)
            if own == wanted:
                found = range(number, end + 1)
            if not wanted.startswith(own):
                break
    return found


def _is_subtitle(line: Line, distance: int) -> bool:
    """Whether a line between title and text belongs to them: an occasion, an office, a date in brackets."""
    if distance > _HEADINGS_BEFORE or line.linked or line.is_row:
        return False
    stated = (
        furniture.is_labelled(line.text)
        or furniture.is_stamp(line.text)
        or furniture.without_scraps(line.spaced) != line.spaced
    )
    return not stated and HAN.search(line.text) is not None
