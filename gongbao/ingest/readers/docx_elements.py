"""Elements of a Word document by their names without namespace, which the transitional and strict form differ in."""

from __future__ import annotations

from typing import Any

Element = Any
"""An lxml element; lxml has no types of its own."""


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: Element | None, name: str, default: str = "") -> str:
    """An attribute by its name without namespace."""
    if element is not None:
        for key, value in element.attrib.items():
            if key.rpartition("}")[2] == name:
                return str(value)
    return default


def child(element: Element | None, name: str) -> Element | None:
    """The first child of that name, or null."""
    return next((each for each in element if local(each) == name), None) if element is not None else None


def inside(element: Element | None, name: str) -> Element:
    """What the first child of that name holds; nothing where there is none."""
    found = child(element, name)
    return () if found is None else found


def is_on(element: Element | None) -> bool:
    """Whether a switch such as `w:vanish` is there and not turned off."""
    return element is not None and attribute(element, "val", "1") not in ("0", "false", "off", "none")
