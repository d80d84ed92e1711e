"""What the parts of an xlsx say beside its cells: the extent that each sheet declares, links to other workbooks."""

from __future__ import annotations

import posixpath
import re
import zipfile

from lxml import etree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_HEAD_BYTES = 4096
_DIMENSION = re.compile(
    rb"""<(?:\w{1,20}:)?dimension\s[^<>]{0,100}?ref=["'][A-Z]{1,3}\d{1,7}:([A-Z]{1,3})(\d{1,7})["']"""
)


def links_elsewhere(workbook: zipfile.ZipFile) -> bool:
    """Whether formulas of the xlsx read other workbooks: what they found there once is all that is ever read."""
    return any(part.startswith("xl/externalLinks/") for part in workbook.namelist())


def declared_extents(workbook: zipfile.ZipFile) -> dict[str, tuple[int, int]]:
    """The rows and columns that each sheet says it has; none for a sheet that names one cell or nothing."""
    found = {sheet: _declared(workbook, part) for sheet, part in _parts(workbook).items()}
    return {sheet: extent for sheet, extent in found.items() if extent is not None}


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of each sheet by the sheet's name; none where the index cannot be read: the reader tells of that."""
    try:
        sheets = _root(archive, "xl/workbook.xml").iter(f"{_MAIN}sheet")
        targets = {each.get("Id"): each.get("Target", "") for each in _root(archive, "xl/_rels/workbook.xml.rels")}
    except (KeyError, etree.XMLSyntaxError):
        return {}
    parts = {sheet.get("name", ""): targets.get(sheet.get(_RELATION), "") for sheet in sheets}
    present = set(archive.namelist())
    placed = {name: posixpath.join("/xl", target).lstrip("/") for name, target in parts.items()}
    return {name: part for name, part in placed.items() if part in present}


def _root(archive: zipfile.ZipFile, part: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(archive.read(part), parser)


def _declared(archive: zipfile.ZipFile, part: str) -> tuple[int, int] | None:
    with archive.open(part) as opened_part:
        match = _DIMENSION.search(opened_part.read(_HEAD_BYTES))
    if match is None:
        return None
    column = 0
    for letter in match[1].decode():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column
