r"""A page's elements to its lines, as a browser would show them, each with the block it stands in.

Blocks and `<br>` end a line, inline elements never do. Source line ends between the pieces of a Chinese text or of a
number mean nothing. A row of a table of figures is a line with TAB between its cells; cells of a table that only lays
out the page are blocks like any other.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from gongbao.errors import UnreadableDocument
from gongbao.ingest.limits import Limits

TAG_DEPTH = 1_000
# A page of 3,000,000 takes 3 seconds and 250 MB, pages of bulletins have some 100,000.
PAGE_CHARACTERS = 6_000_000
_PICTURE_DATA = re.compile(r"data:[\w/+.;=-]{1,80},[A-Za-z0-9+/=\s%]*")
# Tags the parser is not asked to open inside each other: its time grows with the square of their depth.
_HOPELESS_DEPTH = 10_000


def _elements(names: str) -> frozenset[str]:
    return frozenset(names.split())


_UNSHOWN = _elements(
    "script style noscript template head title select option datalist button textarea iframe object embed applet svg "
    "math canvas audio video map nav input dialog xml rt rp"
)
_BLOCKS = _elements(
    "html body div p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption thead tbody tfoot tr td th form fieldset legend "
    "section article main aside header footer hgroup address blockquote center pre hr figure figcaption details "
    "summary dir menu frameset noframes"
)
_RUNNING_TEXT = _elements("p h1 h2 h3 h4 h5 h6 td th")
_UNNESTED = _elements(
    "p li dt dd tr td th tbody thead tfoot option optgroup colgroup col br hr img input meta link area base embed "
    "param source track wbr"
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_HIDDEN = re.compile(
    r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden|font-size\s{0,3}:\s{0,3}0+(?:px|pt|em)?\s{0,3}(?:;|$)",
    re.I,
)
_DISPLAY = re.compile(r"display\s{0,3}:\s{0,3}(block|flex|grid|table|list-item|inline(?![-\w]))", re.I)
_KEEPS_LINES = re.compile(r"white-space\s{0,3}:\s{0,3}(?:pre|break-spaces)", re.I)

_BLANKS = re.compile(r"[ \t\n\f]+")
_NARROW_BLANKS = re.compile("[\xa0\u2000-\u200a\u202f\u205f]")
_UNSEEN = re.compile("[\u200b\u00ad\u2060\ufeff]")
_WRITTEN_LINE_END = re.compile(r"(?:\\r)?\\n(?![a-z])|\\r(?![a-z])")
_WRITTEN_SIGN = re.compile(
    r"&(?:nbsp|ensp|emsp|thinsp|ldquo|rdquo|lsquo|rsquo|mdash|ndash|hellip|middot|times|permil|deg|bull);?"
)
_FIGURE = re.compile(r"[\u4e00-\u9fff]\s{0,3}\d{1,12}(?:\.\d{1,6})?\s{0,3}[万亿元%％]")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
PROSE = re.compile(r"[，。；！？]")
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `text`, how many of its signs are links, the number of its innermost block, whether it is a row.

    `spaced` is the text with a blank at each source line end inside it, for lines of labels.
    """

    text: str
    spaced: str
    linked: int
    block: int
    is_row: bool = False


@dataclass(slots=True)
class Page:
    """The lines of a page in their order, and of each block its parent, tag and class names."""

    lines: list[Line] = field(default_factory=list)
    parents: list[int] = field(default_factory=lambda: [-1])
    tags: list[str] = field(default_factory=lambda: ["page"])
    names: list[str] = field(default_factory=lambda: [""])
    pictures: int = 0
    frames: int = 0
    hides_text: bool = False  # a figure stands in an element that is not shown
    ends: list[int] = field(default_factory=list)  # of each block, the last one inside it

    def close(self) -> None:
        """Note which blocks are inside which: they are numbered in the order in which they begin."""
        self.ends = list(range(len(self.parents)))
        for block in range(len(self.parents) - 1, 0, -1):
            self.ends[self.parents[block]] = max(self.ends[self.parents[block]], self.ends[block])

    def holds(self, block: int, inner: int) -> bool:
        """Whether a block is another one or has it inside."""
        return block <= inner <= self.ends[block]


@dataclass(slots=True)
class _Open:
    node: LexborNode
    block: int | None = None
    link: bool = False
    raised: bool = False
    keeps_lines: bool = False


def read_lines(source: str, name: str, limits: Limits) -> tuple[LexborHTMLParser, Page]:
    """Parse a page's source; its document and its lines. Raises `UnreadableDocument` (oversize)."""
    source = _PICTURE_DATA.sub("", source)
    if len(source) > PAGE_CHARACTERS:
        raise UnreadableDocument(
            "oversize", f"{name} has more than {PAGE_CHARACTERS:,} characters without its pictures", "split the page"
        )
    _check_depth(source, name)
    try:
        document = LexborHTMLParser(_tidied(source))
    except SelectolaxError as error:  # out of memory: open tags that every later paragraph repeats
        raise UnreadableDocument(
            "oversize", f"{name} is too much for the parser ({error})", "save the page's text from the browser"
        ) from error
    reading = _Reading(document, name, limits)
    if document.body is not None:
        reading.read(document.body)
    reading.page.close()
    reading.page.frames = len(document.css("frame, iframe"))
    return document, reading.page


def _tidied(source: str) -> str:
    """Without `<noscript>`, which a parser that runs no scripts would show; XML's empty elements closed."""
    if source.lstrip()[:5].lower() == "<?xml":
        source = source.replace("<![CDATA[", "").replace("]]>", "")
        source = re.sub(
            r"<(title|script|style|textarea|iframe|div|p|span|a|td)\b([^<>]{0,500})/>", r"<\1\2></\1>", source
        )
    parts = re.split(r"(</?noscript\b[^<>]{0,300}>)", source, flags=re.I)
    kept, inside = [], False
    for part in parts:
        if part[:9].lower() == "<noscript":
            inside = True
        elif part[:10].lower() == "</noscript":
            inside = False
        elif not inside:
            kept.append(part)
    return "".join(kept) if not inside else source


def _check_depth(source: str, name: str) -> None:
    depth = 0
    for closing, tag in _TAG.findall(source):
        if tag.lower() in _UNNESTED:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        if depth > _HOPELESS_DEPTH:
            raise _too_deep(name)


def _too_deep(name: str) -> UnreadableDocument:
    return UnreadableDocument(
        "oversize",
        f"{name} has more than {TAG_DEPTH:,} tags inside each other",
        "save the page's text from the browser",
    )


class _Reading:
    """One walk over a page, without recursion but for the cells of a table of figures."""

    def __init__(self, document: LexborHTMLParser, name: str, limits: Limits) -> None:
        self.page = Page()
        self._name = name
        self._cells_left = limits.sheet_cells
        self._frames_of_tables = _tables_with_tables(document)
        self._pieces: list[str] = []
        self._linked = 0
        self._links = self._raised = self._pre = self._depth = 0
        self._block = 0

    def read(self, root: LexborNode) -> None:
        """Append the lines of everything inside `root`."""
        stack = [self._entered(root)]
        node = root.child
        while stack:
            if node is None:
                opened = stack.pop()
                self._leave(opened)
                self._depth -= 1
                node = opened.node.next if stack else None
                continue
            if node.is_text_node:
                self._text(node.text_content or "")
            elif node.is_element_node and self._is_shown(node):
                if node.tag == "table" and node.mem_id not in self._frames_of_tables:
                    self._table(node)
                elif node.tag == "br":
                    self._end_line()
                else:
                    if node.tag == "img":
                        self.page.pictures += 1
                    stack.append(self._entered(node))
                    node = node.child
                    continue
            node = node.next

    def _is_shown(self, node: LexborNode) -> bool:
        if node.tag in _UNSHOWN:
            return False
        attributes = node.attributes
        if "hidden" not in attributes and not _HIDDEN.search(attributes.get("style") or ""):
            return True
        if not self.page.hides_text:
            self.page.hides_text = _FIGURE.search(node.text()) is not None
        return False

    def _entered(self, node: LexborNode) -> _Open:
        self._depth += 1
        if self._depth > TAG_DEPTH:
            raise _too_deep(self._name)
        attributes, tag = node.attributes, node.tag or ""
        style = attributes.get("style") or ""
        opened = _Open(node)
        display = _DISPLAY.search(style)
        if (display[1].lower() != "inline") if display else (tag in _BLOCKS):
            self._end_line()
            opened.block = self._block
            self._block = self._new_block(tag, attributes)
        if tag == "a" and not (attributes.get("href") or "#").startswith("#"):
            opened.link = True
            self._links += 1
        if tag == "sup":
            opened.raised = True
            self._raised += 1
        if tag == "pre" or _KEEPS_LINES.search(style):
            opened.keeps_lines = True
            self._pre += 1
        return opened

    def _new_block(self, tag: str, attributes: dict[str, str | None]) -> int:
        page = self.page
        page.parents.append(self._block)
        page.tags.append(tag)
        page.names.append(f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower())
        return len(page.parents) - 1

    def _leave(self, opened: _Open) -> None:
        self._links -= opened.link
        self._raised -= opened.raised
        if opened.block is not None:
            self._end_line()
            self._block = opened.block
        self._pre -= opened.keeps_lines

    def _text(self, text: str) -> None:
        if self._raised and text.strip().isdecimal():
            text = text.translate(_SUPERSCRIPTS)
        if self._links:
            self._linked += sum(map(len, text.split()))
        if not self._pre:
            self._pieces.append(text)
            return
        first, *others = text.split("\n")
        self._pieces.append(first)
        for other in others:
            self._end_line()
            self._pieces.append(other)

    def _end_line(self) -> None:
        if not self._pieces:
            return
        source, linked = "".join(self._pieces), self._linked
        self._pieces, self._linked = [], 0
        if not source.strip():
            return
        source = _WRITTEN_SIGN.sub(lambda sign: html.unescape(sign[0]), _UNSEEN.sub("", source))
        for written in _WRITTEN_LINE_END.split(source):
            text = _joined(written, self.page.tags[self._block] in _RUNNING_TEXT)
            if text:
                spaced = _plain_blanks(_BLANKS.sub(" ", written))
                self.page.lines.append(Line(text, spaced, min(linked, len(text)), self._block))

    def _table(self, table: LexborNode) -> None:
        """The lines of a table without tables inside: rows if it is one of figures, else the lines of its cells."""
        self._end_line()
        outer, self._block = self._block, self._new_block("table", table.attributes)
        page, before = self.page, self.page.lines
        whole: list[Line] = []
        rows: list[list[_Cell]] = []
        for part in _rows_and_captions(table):
            if not self._is_shown(part):
                continue
            if part.tag == "caption":
                page.lines = before
                self.read(part)
                continue
            cells = []
            for cell in _children(part):
                if cell.tag in {"td", "th"} and self._is_shown(cell):
                    page.lines = []
                    self.read(cell)
                    whole += page.lines
                    cells.append(
                        _Cell(page.lines, self._span(cell, "colspan", 1_000), self._span(cell, "rowspan", 65_534))
                    )
                    self._cells_left -= cells[-1].columns * cells[-1].rows
                    if self._cells_left < 0:
                        raise UnreadableDocument(
                            "oversize", f"{self._name} has a table of too many cells", "send the table as a workbook"
                        )
            rows.append(cells)
        page.lines = before
        page.lines += _row_lines(rows, self._block) if _holds_figures(rows) else whole
        self._block = outer

    def _span(self, cell: LexborNode, name: str, most: int) -> int:
        stated = (cell.attributes.get(name) or "").strip()
        return min(max(1, int(stated)), most) if stated.isascii() and stated.isdecimal() and len(stated) < 9 else 1


@dataclass(frozen=True, slots=True)
class _Cell:
    lines: list[Line]
    columns: int
    rows: int

    @property
    def signs(self) -> int:
        return sum(len(line.text) for line in self.lines)


def _tables_with_tables(document: LexborHTMLParser) -> set[int]:
    found = set()
    for table in document.css("table"):
        around = table.parent
        while around is not None and around.tag != "table":
            around = around.parent
        if around is not None:
            found.add(around.mem_id)
    return found


def _children(node: LexborNode) -> list[LexborNode]:
    return [child for child in node.iter() if child.is_element_node]


def _rows_and_captions(table: LexborNode) -> list[LexborNode]:
    found: list[LexborNode] = []
    for child in _children(table):
        if child.tag in {"tr", "caption"}:
            found.append(child)
        elif child.tag in {"thead", "tbody", "tfoot"}:
            found += (row for row in _children(child) if row.tag == "tr")
    return found


def _holds_figures(rows: list[list[_Cell]]) -> bool:
    """Whether a table has columns of its own, and not one cell that holds the article."""
    if max((sum(1 for cell in row if cell.lines) for row in rows), default=0) < 2:
        return False
    cells = [cell for row in rows for cell in row if cell.lines]
    largest = max(cells, key=lambda cell: cell.signs)
    prose = [line for line in largest.lines if PROSE.search(line.text) and len(line.text) > 20]
    holds_most = largest.signs > sum(cell.signs for cell in cells) / 2
    return not (holds_most and (len(prose) >= 3 or (prose and largest.signs > 300)))


def _row_lines(rows: list[list[_Cell]], block: int) -> list[Line]:
    """Rows as lines; of a merged cell the text stands once, the other cells that it covers are empty."""
    found = []
    covered: dict[int, int] = {}
    for cells in rows:
        texts: list[str] = []
        below: dict[int, int] = {}
        queue = iter(cells)
        cell = next(queue, None)
        while cell is not None or len(texts) in covered:
            if (left := covered.pop(len(texts), 0)) > 0:
                if left > 1:
                    below[len(texts)] = left - 1
                texts.append("")
                continue
            assert cell is not None
            for number in range(cell.columns):
                covered.pop(len(texts), None)
                if cell.rows > 1:
                    below[len(texts)] = cell.rows - 1
                texts.append(_cell_text(cell.lines) if number == 0 else "")
            cell = next(queue, None)
        covered = {**{column: left - 1 for column, left in covered.items() if left > 1}, **below}
        text = "\t".join(texts).rstrip()
        if text:
            found.append(
                Line(text, text, sum(line.linked for each in cells for line in each.lines), block, is_row=True)
            )
    return found


def _cell_text(lines: list[Line]) -> str:
    """Paragraphs of a cell as one text: a blank only between two words or numbers of ASCII."""
    return _joined("\n".join(line.text.replace("\t", " ") for line in lines), running_text=False)


def _joined(source: str, running_text: bool) -> str:
    r"""A line without the line ends of its source; `running_text`: digits beside them are of one number."""
    running_text = running_text or (len(source) > 15 and PROSE.search(source) is not None)

    def between(blank: re.Match[str]) -> str:
        if "\n" not in blank[0]:
            return " "
        before, after = source[blank.start() - 1 : blank.start()], source[blank.end() : blank.end() + 1]
        if not (before.isascii() and after.isascii()):
            return ""
        if running_text and before in "0123456789.," and after in "0123456789.,%":
            return ""
        return " "

    return _plain_blanks(_BLANKS.sub(between, source))


def _plain_blanks(text: str) -> str:
    return _NARROW_BLANKS.sub(" ", text).strip()
