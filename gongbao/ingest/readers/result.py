r"""What a reader of documents gives: the text that spans cut, and what the container says of it outside the text.

In the text a paragraph is a line, a table's row is a line with TAB between its cells, lines end in `\n`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stated:
    """What a document's container says of it: a page's meta elements, a file's core properties, a table's columns.

    `evidence` names the element that each slot came from, such as `meta PubDate`; `published_on` is an ISO date.
    """

    title: str | None = None
    publisher: str | None = None
    published_on: str | None = None
    evidence: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ReadText:
    """A document's text, its warning codes, its encoding where bytes had to be decoded, and what its container says."""

    content: str
    warnings: tuple[str, ...] = ()
    encoding: str | None = None
    stated: Stated = Stated()
