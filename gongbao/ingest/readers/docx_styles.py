"""What a paragraph or run inherits from its style: a list, hiding, superscript, its place in a table of contents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from gongbao.ingest.readers.docx_elements import Element, attribute, child, is_on, local

_CONTENTS = re.compile(r"(?:toc|目录|table of figures)\s?(?:\d|heading|标题|$)", re.I)


@dataclass(frozen=True, slots=True)
class Style:
    """One style with what it inherits; `list_id` is "" where it has none, `hidden` null where it does not say."""

    style_id: str = ""
    list_id: str = ""
    depth: int | None = None
    hidden: bool | None = None
    superscript: bool | None = None
    is_contents: bool = False


_PLAIN = Style()


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of a document by id; `default` is that of a paragraph that names none."""

    by_id: Mapping[str, Style] = field(default_factory=dict)
    default: Style = _PLAIN

    def paragraph(self, properties: Element | None) -> Style:
        """The style of a paragraph with these properties (w:pPr)."""
        named = attribute(child(properties, "pStyle"), "val")
        return self.by_id.get(named, self.default) if named else self.default

    def run(self, properties: Element | None) -> Style:
        """The character style of a run with these properties (w:rPr)."""
        return self.by_id.get(attribute(child(properties, "rStyle"), "val"), _PLAIN)


def read_styles(root: Element | None) -> tuple[Styles, dict[str, str]]:
    """The styles of the styles part, and the list of each numbering style."""
    if root is None:
        return Styles(), {}
    elements = {attribute(each, "styleId"): each for each in root if local(each) == "style"}
    found: dict[str, Style] = {}
    for style_id in elements:
        _resolve(style_id, elements, found)
    default = next(
        (
            found[style_id]
            for style_id, each in elements.items()
            if attribute(each, "type") == "paragraph" and attribute(each, "default") in ("1", "true")
        ),
        _PLAIN,
    )
    numbering = {style_id: found[style_id].list_id for style_id in elements if found[style_id].list_id}
    return Styles(found, default), numbering


def _resolve(style_id: str, elements: Mapping[str, Element], found: dict[str, Style]) -> None:
    chain: list[str] = []
    at = style_id
    while at in elements and at not in found and at not in chain:
        chain.append(at)
        at = attribute(child(elements[at], "basedOn"), "val")
    inherited = found.get(at, _PLAIN)
    for each in reversed(chain):
        inherited = found[each] = _style(each, elements[each], inherited)


def _style(style_id: str, element: Element, inherited: Style) -> Style:
    list_id, depth = stated_list(child(element, "pPr"))
    hidden, superscript = stated_look(child(element, "rPr"))
    name = attribute(child(element, "name"), "val")
    return Style(
        style_id=style_id,
        list_id=inherited.list_id if list_id is None else list_id,
        depth=inherited.depth if depth is None else depth,
        hidden=inherited.hidden if hidden is None else hidden,
        superscript=inherited.superscript if superscript is None else superscript,
        is_contents=_CONTENTS.match(name) is not None,
    )


def stated_list(properties: Element | None) -> tuple[str | None, int | None]:
    """The list and level that paragraph properties state, each null where they do not; list `0` takes it away: ""."""
    numbered = child(properties, "numPr")
    list_id, depth = child(numbered, "numId"), attribute(child(numbered, "ilvl"), "val")
    stated = None if list_id is None else attribute(list_id, "val")
    return "" if stated == "0" else stated, int(depth[:9]) if depth.isdecimal() else None


def stated_look(properties: Element | None) -> tuple[bool | None, bool | None]:
    """Whether run properties state that it is hidden, and superscript; null where they do not say."""
    hidden, raised = child(properties, "vanish"), child(properties, "vertAlign")
    return (
        None if hidden is None else is_on(hidden),
        None if raised is None else attribute(raised, "val") == "superscript",
    )
