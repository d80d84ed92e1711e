r"""Word documents: their main text as lines, tables as lines with TAB between cells, notes at the end.

Headers, footers and comments are left out, deleted and hidden text too; the numbers that Word writes before
paragraphs are written. Parts are parsed by lxml, which follows no reference to outside; a part with a document type
is refused. The walk through the body is ours (`docx_body`): python-docx loses what stands in insertions, content
controls and text boxes and refuses the strict form, docx2python keeps hidden text and page numbers, and neither counts
一、 （一）.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from gongbao.errors import UnreadableDocument
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.container import opened
from gongbao.ingest.readers.docx_body import Story
from gongbao.ingest.readers.docx_elements import Element, attribute, local
from gongbao.ingest.readers.docx_numbering import read_numbering
from gongbao.ingest.readers.docx_styles import read_styles
from gongbao.ingest.readers.result import ReadText, Stated
from gongbao.ingest.readers.text import DecodedText, check

NAME = "docx"

_NOTES = "注释"
_HAN = re.compile(r"[一-鿿]")
_BLANKS = re.compile(r"\s+")
_TITLE_WITHIN = 500


def read_docx(path: Path, name: str, limits: Limits) -> ReadText:
    """The text of the document at `path`.

    Raises `UnreadableDocument`: oversize, unsafe_container, password_protected, damaged, no_text_layer
    (pictures only), and those of `text.check`.
    """
    with opened(path, name, limits) as archive:
        parts = _Parts(archive, name)
        try:
            lines, warnings = _lines(parts, name)
        except RecursionError:
            raise UnreadableDocument(
                "unsafe_container", f"{name} nests its elements too deep", "save its text as .txt"
            ) from None
        if not any(map(str.strip, lines)) and parts.has_pictures:
            raise UnreadableDocument("no_text_layer", f"{name} holds pictures and no text", "send the text itself")
        title = _title(parts)
    checked = check(DecodedText("\n".join(lines), "utf-8", tuple(sorted(warnings))), name, limits)
    return ReadText(checked.content, checked.warnings, stated=_stated(title, checked.content))


def _lines(parts: _Parts, name: str) -> tuple[list[str], set[str]]:
    main = parts.main()
    root = parts.parsed(main)
    body = next((each for each in root if local(each) == "body"), None) if root is not None else None
    if body is None:
        raise UnreadableDocument("damaged", f"{name} has no part with its text", "open it in Word and save it again")
    styles, numbering_styles = read_styles(parts.related(main, "styles"))
    story = Story(styles, read_numbering(parts.related(main, "numbering"), numbering_styles))
    lines = story.lines(body)
    notes = list(_notes(story, parts, main))
    return [*lines, *([_NOTES, *notes] if notes else [])], story.warnings


def _notes(story: Story, parts: _Parts, main: str) -> Iterator[str]:
    """A line a note, in the order of their marks."""
    known: dict[tuple[str, str], Element] = {}
    for kind in ("footnote", "endnote"):
        if any(each == kind for each, _ in story.notes):
            root = parts.related(main, f"{kind}s")
            for note in root if root is not None else ():
                known[kind, attribute(note, "id")] = note
    for note_id, number in list(story.notes.items()):
        if note_id in known:
            text = " ".join(story.in_story_of_its_own(known[note_id]))
            yield f"[{number}]{text}"


class _Parts:
    """The XML parts of a document by name, and the parts that each refers to."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._archive, self._name = archive, name
        self._members = set(archive.namelist())

    @property
    def has_pictures(self) -> bool:
        """Whether pictures are stored beside the text: the pages of a scanned document are."""
        return any("/media/" in member for member in self._members)

    def main(self) -> str:
        """The name of the part with the text."""
        return self._target("", "officeDocument") or "word/document.xml"

    def related(self, part: str, kind: str) -> Element | None:
        """The root of the part of that kind that `part` refers to, or null."""
        target = self._target(part, kind)
        return self.parsed(target) if target else None

    def parsed(self, part: str) -> Element | None:
        """The root element of a part, or null where it is missing."""
        if part not in self._members:
            return None
        # No entity is resolved and nothing fetched; without `huge_tree` depth and length of a text are bounded.
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
            remove_pis=True,
        )  # fmt: skip
        try:
            root = etree.fromstring(self._archive.read(part), parser)
        except etree.XMLSyntaxError as error:
            raise UnreadableDocument(
                "damaged", f"{self._name}: {part} is no readable XML ({error})", "open it in Word and save it again"
            ) from None
        if root.getroottree().docinfo.internalDTD is not None:
            raise UnreadableDocument(
                "unsafe_container", f"{self._name}: {part} declares entities", "do not open it"
            ) from None
        return root

    def _target(self, part: str, kind: str) -> str | None:
        folder, file = posixpath.split(part)
        relations = self.parsed(posixpath.join(folder, "_rels", f"{file}.rels"))
        for each in relations if relations is not None else ():
            is_outside = attribute(each, "TargetMode") == "External"
            if attribute(each, "Type").rpartition("/")[2] == kind and not is_outside:
                # Names in a container have no `..` (container.py), and what is not in it is not read.
                return posixpath.normpath(posixpath.join("/", folder, attribute(each, "Target")))[1:]
        return None


def _title(parts: _Parts) -> str:
    """The title among the core properties."""
    root = parts.related("", "core-properties")
    found = (str(each.text or "") for each in root if local(each) == "title") if root is not None else iter(())
    return next(found, "").strip()


def _stated(title: str, content: str) -> Stated:
    """The title where the text begins with it: else it is a template's, or of the file this one was made from.

    The dates among the properties are of writing and saving; none is the date of publication.
    """
    beginning = _BLANKS.sub("", content[:_TITLE_WITHIN])
    if len(_HAN.findall(title)) < 4 or _BLANKS.sub("", title) not in beginning:
        return Stated()
    return Stated(title=title, evidence=(("title", "core property title"),))
