"""The lines of a story of a Word document (its body, a text box, a note, a cell), in the order they stand there.

Elements are told by their names without namespace: the transitional and the strict form of the format differ in
nothing else that matters here. What is not known is looked into, so that no text is lost to an element of a later
version; what must not be read is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from gongbao.ingest.readers.docx_elements import Element, attribute, child, inside, is_on, local
from gongbao.ingest.readers.docx_fields import Fields, is_page_field, symbol
from gongbao.ingest.readers.docx_numbering import Numbering
from gongbao.ingest.readers.docx_styles import Style, Styles, stated_list, stated_look

_LEFT_OUT = frozenset({"del", "moveFrom", "delText", "delInstrText", "rt", "sectPr", "fldData", "annotationRef"})
_REVISED = frozenset({"ins", "del", "moveFrom", "moveTo"})
_DRAWN = frozenset({"drawing", "pict", "object"})
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_DIGITS = re.compile(r"\d+")
_BLANK = re.compile(r"[\t\n\r]")
_NO_ENTRY = re.compile(r"[。；]")
_LONGEST_ENTRY = 80


@dataclass(slots=True)
class _Paragraph:
    """What has been read of a paragraph: its text, the text boxes before and after it."""

    style: Style
    pieces: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    is_listed: bool = False

    @property
    def text(self) -> str:
        return "".join(self.pieces)


@dataclass(slots=True)
class Story:
    """Reads lines, numbering paragraphs and notes as they come; so one story a document, in its order.

    `notes` are the numbers of the notes met so far, by (kind, id), marked as `[1]`, `[2]` …; `warnings` are codes.
    """

    styles: Styles
    numbering: Numbering
    notes: dict[tuple[str, str], int] = field(default_factory=dict)
    warnings: set[str] = field(default_factory=set)
    _fields: Fields = field(default_factory=Fields)

    def lines(self, container: Element, *, is_cell: bool = False) -> list[str]:
        """The lines of everything in the container: paragraphs, and rows of tables with TAB between cells."""
        found: list[str] = []
        goes_on = False
        for block, in_contents in self._blocks(container, in_contents=False):
            if local(block) == "tbl":
                found += self._rows(block)
                goes_on = False
                continue
            paragraph = self._paragraph(block, keeps_label=is_cell, is_first=not goes_on)
            if (in_contents or paragraph.is_listed) and _is_entry(paragraph.text):
                continue
            found += paragraph.before
            texts = [line.strip() for line in paragraph.text.split("\n")]
            if goes_on and found and not paragraph.before:
                found[-1] += texts.pop(0)
            found += [*filter(None, texts), *paragraph.after]
            goes_on = _has_no_end(block) and bool(paragraph.text.strip() or goes_on) and not paragraph.after
        return found

    def in_story_of_its_own(self, container: Element) -> list[str]:
        """The lines of a text box or note: fields that are open around it are not open in it."""
        outer, self._fields = self._fields, Fields()
        found = self.lines(container)
        self._fields = outer
        return found

    def _blocks(self, container: Element, *, in_contents: bool) -> Iterator[tuple[Element, bool]]:
        """Paragraphs and tables, and whether they stand in a table of contents."""
        for each in container:
            name = local(each)
            if name in ("p", "tbl"):
                yield each, in_contents
            elif name == "altChunk":
                self.warnings.add("embedded_document")
            elif name == "AlternateContent":
                yield from self._blocks(_chosen(each), in_contents=in_contents)
            elif name == "sdt":
                if not _is_placeholder(each):
                    gallery = attribute(child(child(child(each, "sdtPr"), "docPartObj"), "docPartGallery"), "val")
                    is_contents = in_contents or gallery == "Table of Contents"
                    yield from self._blocks(inside(each, "sdtContent"), in_contents=is_contents)
            elif self._is_read(name):
                yield from self._blocks(each, in_contents=in_contents)

    def _is_read(self, name: str) -> bool:
        if name in _REVISED:
            self.warnings.add("tracked_changes")
        return name not in _LEFT_OUT and not name.endswith("Pr")

    # Tables

    def _rows(self, table: Element) -> Iterator[str]:
        for row in self._parts(table, "tr"):
            properties = child(row, "trPr")
            if child(properties, "del") is not None or is_on(child(properties, "hidden")):
                continue
            cells = [cell for cell in self._parts(row, "tc") if child(child(cell, "tcPr"), "cellDel") is None]
            if len(cells) == 1:  # a title over the table, or a frame around text: its paragraphs are lines
                yield from self.lines(cells[0])
                continue
            texts = [""] * _number(child(properties, "gridBefore"))
            for cell in cells:
                in_cell = child(cell, "tcPr")
                lines = self.lines(cell, is_cell=True)
                texts.append("" if _goes_on(in_cell) else " ".join(lines).replace("\t", " "))
                texts += [""] * (_number(child(in_cell, "gridSpan"), 1) - 1)
            if any(texts):
                yield "\t".join(texts).rstrip("\t")

    def _parts(self, container: Element, wanted: str) -> Iterator[Element]:
        """Rows of a table or cells of a row, those in content controls and insertions too."""
        for each in container:
            name = local(each)
            if name == wanted:
                yield each
            elif self._is_read(name) and name not in ("tblPrEx", "tblGrid"):
                yield from self._parts(each, wanted)

    # Paragraphs

    def _paragraph(self, element: Element, *, keeps_label: bool, is_first: bool) -> _Paragraph:
        properties = child(element, "pPr")
        style = self.styles.paragraph(properties)
        paragraph = _Paragraph(style, is_listed=style.is_contents or self._fields.is_contents)
        label = "" if _is_removed(element) else self._label(properties, style)
        self._inline(element, paragraph, is_hidden=False)
        self._fields.end_paragraph()
        if label and is_first and (paragraph.text.strip() or keeps_label):
            paragraph.pieces[:] = [label, paragraph.text.lstrip()]
        return paragraph

    def _label(self, properties: Element | None, style: Style) -> str:
        list_id, depth = stated_list(properties)
        if list_id is None:
            list_id = style.list_id
            if depth is None:
                depth = self.numbering.level_of_style(list_id, style.style_id) or style.depth
        return self.numbering.label(list_id, depth or 0) if list_id else ""

    def _inline(self, container: Element, paragraph: _Paragraph, *, is_hidden: bool) -> None:
        for each in container:
            name = local(each)
            if not self._is_read(name):
                continue
            read = self._READERS.get(name)
            if read is not None:
                read(self, each, paragraph, is_hidden)
            else:
                self._inline(each, paragraph, is_hidden=is_hidden)

    def _show(self, text: str, paragraph: _Paragraph, is_hidden: bool) -> None:
        if self._fields.hide_text or not text:
            return
        if is_hidden:
            self.warnings.add("hidden_text")
        else:
            paragraph.pieces.append(text)

    def _run(self, run: Element, paragraph: _Paragraph, is_hidden: bool) -> None:
        properties = child(run, "rPr")
        hidden, raised = stated_look(properties)
        style = self.styles.run(properties)
        inherited = style.hidden if style.hidden is not None else paragraph.style.hidden
        hides = is_hidden or bool(inherited if hidden is None else hidden)
        before = len(paragraph.pieces)
        self._inline(run, paragraph, is_hidden=hides)
        # m² and a note's mark written by hand: the figure before them must not grow by a digit.
        if (style.superscript if raised is None else raised) and not self._is_note(run):
            written = "".join(paragraph.pieces[before:])
            if _DIGITS.fullmatch(written):
                paragraph.pieces[before:] = [written.translate(_RAISED)]

    def _is_note(self, run: Element) -> bool:
        return any(local(each) in ("footnoteReference", "endnoteReference") for each in run)

    def _text(self, element: Element, paragraph: _Paragraph, is_hidden: bool) -> None:
        text = str(element.text or "")
        if attribute(element, "space") != "preserve":
            text = text.strip(" \t\n\r")
        self._show(_BLANK.sub(" ", text).replace("\u00ad", ""), paragraph, is_hidden)

    def _break(self, element: Element, paragraph: _Paragraph, is_hidden: bool) -> None:
        self._show("\n", paragraph, is_hidden)

    def _blank(self, element: Element, paragraph: _Paragraph, is_hidden: bool) -> None:
        # A TAB would make a table's row of the line.
        self._show(" ", paragraph, is_hidden)

    def _hyphen(self, element: Element, paragraph: _Paragraph, is_hidden: bool) -> None:
        self._show("-", paragraph, is_hidden)

    def _symbol(self, element: Element, paragraph: _Paragraph, is_hidden: bool) -> None:
        self._show(symbol(attribute(element, "font"), attribute(element, "char")), paragraph, is_hidden)

    def _note(self, element: Element, paragraph: _Paragraph, is_hidden: bool) -> None:
        if is_hidden or self._fields.hide_text:
            return
        note = (local(element).removesuffix("Reference"), attribute(element, "id"))
        self._show(f"[{self.notes.setdefault(note, len(self.notes) + 1)}]", paragraph, is_hidden)

    def _field_sign(self, element: Element, paragraph: _Paragraph, is_hidden: bool) -> None:
        kind = attribute(element, "fldCharType")
        if kind == "begin":
            self._fields.begin()
        elif kind == "separate":
            self._fields.separate()
            paragraph.is_listed = paragraph.is_listed or self._fields.is_contents
        elif kind == "end":
            self._show(self._fields.end(), paragraph, is_hidden)

    def _field_code(self, element: Element, paragraph: _Paragraph, is_hidden: bool) -> None:
        self._fields.code(str(element.text or ""))

    def _simple_field(self, element: Element, paragraph: _Paragraph, is_hidden: bool) -> None:
        if not is_page_field(attribute(element, "instr")):
            self._inline(element, paragraph, is_hidden=is_hidden)

    def _link(self, element: Element, paragraph: _Paragraph, is_hidden: bool) -> None:
        paragraph.is_listed = paragraph.is_listed or attribute(element, "anchor").startswith("_Toc")
        self._inline(element, paragraph, is_hidden=is_hidden)

    def _control(self, element: Element, paragraph: _Paragraph, is_hidden: bool) -> None:
        if not _is_placeholder(element):
            self._inline(inside(element, "sdtContent"), paragraph, is_hidden=is_hidden)

    def _alternatives(self, element: Element, paragraph: _Paragraph, is_hidden: bool) -> None:
        self._inline(_chosen(element), paragraph, is_hidden=is_hidden)

    def _drawing(self, element: Element, paragraph: _Paragraph, is_hidden: bool) -> None:
        if is_hidden:
            return
        place = paragraph.after if paragraph.text.strip() else paragraph.before
        for each in _drawn_texts(element):
            written = attribute(each, "string").strip()
            place += [written] if written else self.in_story_of_its_own(each)

    def _fraction(self, element: Element, paragraph: _Paragraph, is_hidden: bool) -> None:
        self._inline(inside(element, "num"), paragraph, is_hidden=is_hidden)
        self._show("/", paragraph, is_hidden)
        self._inline(inside(element, "den"), paragraph, is_hidden=is_hidden)

    def _power(self, element: Element, paragraph: _Paragraph, is_hidden: bool) -> None:
        self._show("^", paragraph, is_hidden)
        self._inline(element, paragraph, is_hidden=is_hidden)

    _READERS: ClassVar[dict[str, Callable[[Story, Element, _Paragraph, bool], None]]] = {
        "r": _run, "t": _text, "br": _break, "cr": _break, "tab": _blank, "ptab": _blank, "noBreakHyphen": _hyphen,
        "sym": _symbol, "footnoteReference": _note, "endnoteReference": _note, "fldChar": _field_sign,
        "instrText": _field_code, "fldSimple": _simple_field, "hyperlink": _link, "sdt": _control,
        "AlternateContent": _alternatives, "f": _fraction, "sup": _power, **dict.fromkeys(_DRAWN, _drawing),
    }  # fmt: skip


def _is_entry(text: str) -> bool:
    """Whether a paragraph of a table of contents reads like an entry: its style may stand on other paragraphs too."""
    return len(text) <= _LONGEST_ENTRY and not _NO_ENTRY.search(text)


def _is_removed(paragraph: Element) -> bool:
    mark = child(child(paragraph, "pPr"), "rPr")
    return child(mark, "del") is not None or child(mark, "moveFrom") is not None


def _has_no_end(paragraph: Element) -> bool:
    """Whether the paragraph's end is deleted or hidden, so that the next one goes on in its line."""
    return _is_removed(paragraph) or is_on(child(child(child(paragraph, "pPr"), "rPr"), "vanish"))


def _is_placeholder(control: Element) -> bool:
    """A control that nobody filled in shows a prompt."""
    return is_on(child(child(control, "sdtPr"), "showingPlcHdr"))


def _chosen(alternatives: Element) -> Element:
    """The same content in a newer and an older form: the first that holds text."""
    forms = [each for each in alternatives if local(each) in ("Choice", "Fallback")]
    with_text = (form for form in forms if any(local(each) in ("t", "tbl", "textpath") for each in form.iter()))
    return next(with_text, forms[0] if forms else ())


def _drawn_texts(element: Element) -> Iterator[Element]:
    """The text boxes of a drawing and words drawn as a shape (WordArt), not those inside a text box."""
    for each in element:
        name = local(each)
        if name in ("txbxContent", "textpath"):
            yield each
        elif name == "AlternateContent":
            yield from _drawn_texts(_chosen(each))
        else:
            yield from _drawn_texts(each)


def _goes_on(properties: Element | None) -> bool:
    """Whether a cell belongs to the one above it or before it."""
    merged = [child(properties, name) for name in ("vMerge", "hMerge")]
    return any(each is not None and attribute(each, "val", "continue") == "continue" for each in merged)


def _number(element: Element | None, default: int = 0) -> int:
    stated = attribute(element, "val")
    return min(int(stated[:9]), 1000) if stated.isascii() and stated.isdecimal() else default
