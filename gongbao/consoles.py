"""Where the commands print what a person reads: Rich's console, with what is steered by documents made harmless."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderHook
from rich.segment import Segment

from gongbao.harmless import harmless_lines


def opened(**options: Any) -> Console:
    """A console with Rich's own `options`, on which only Rich itself writes control sequences."""
    made = Console(highlight=False, **options)
    made.push_render_hook(_Harmless())
    return made


class _Harmless(RenderHook):
    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        return [_Shown(each) for each in renderables]


class _Shown:
    """What is rendered, sign by sign: the styles are added after it."""

    def __init__(self, renderable: ConsoleRenderable) -> None:
        self._renderable = renderable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        for text, style, control in console.render(self._renderable, options):
            yield Segment(text if control else harmless_lines(text), style, control)
