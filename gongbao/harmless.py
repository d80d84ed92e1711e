"""Text from outside as it may be shown: no character of a document steers a terminal, or turns a line around."""

from __future__ import annotations

import json


def harmless(line: str) -> str:
    """The line with control and direction marks as escapes."""
    return "".join(
        character if character.isprintable() or character == "\N{IDEOGRAPHIC SPACE}" else ascii(character)[1:-1]
        for character in line
    )


def harmless_lines(text: str) -> str:
    """The same of a text whose lines stay lines."""
    return "\n".join(map(harmless, text.split("\n")))


def harmless_json(written: str) -> str:
    """JSON that says the same with control and direction marks as its own escapes; its lines stay lines."""
    if written.isprintable():
        return written
    return "".join(
        character if character.isprintable() or character in "\n\N{IDEOGRAPHIC SPACE}" else json.dumps(character)[1:-1]
        for character in written
    )
