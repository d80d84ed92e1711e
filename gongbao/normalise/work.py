"""Texts and grids given to the extractor, here or where others work; what breaks one text stays with that text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gongbao import extract
from gongbao.errors import GongbaoError
from gongbao.extract.statement import Extraction
from gongbao.grid import Sheet
from gongbao.workers import Workers

SHARE = 8
"""Texts that a worker is given at once: sending them costs little beside them, and no worker waits long for another."""
LENGTH_A_SECOND = 400_000
"""Code points and cells that one process extracts in a second, roughly: less than a machine of today does."""
LARGE_GRID = 50_000
"""Cells of a grid that is extracted in this process, whatever others do meanwhile."""
ENDED = "the text ended the process that read it (memory, or a crash of the interpreter)"


@dataclass(frozen=True, slots=True)
class Task:
    """One text (`content`) or grid (`content` is null), and the document that speaks for it."""

    text_id: str
    document_id: str
    file_name: str
    content: str | None
    sheets: tuple[Sheet, ...]

    @property
    def extractor_version(self) -> str:
        """The version of the extractor that does it."""
        return extract.version(of_grids=self.content is None)

    @property
    def is_large(self) -> bool:
        """Whether sending its cells and statements from process to process costs more than a second one saves."""
        return sum(sheet.size for sheet in self.sheets) > LARGE_GRID


Outcome = Extraction | str
"""The extraction, or what went wrong."""


def begin(workers: Workers, tasks: Sequence[Task], *, all_elsewhere: bool = False) -> Iterator[Outcome]:
    """Begin to extract; the outcomes come in the order of the tasks. Large grids are done here, if they may be."""
    here = {task.text_id for task in tasks if workers.width and task.is_large and not all_elsewhere}
    sent = [task for task in tasks if task.text_id not in here]
    shares = [workers.begin(extract_share, sent[first : first + SHARE]) for first in range(0, len(sent), SHARE)]

    def outcomes() -> Iterator[Outcome]:
        large = [_extract(task) for task in tasks if task.text_id in here]
        elsewhere = (ENDED if outcome is None else outcome for share in shares for outcome in share())
        for task in tasks:
            yield large.pop(0) if task.text_id in here else next(elsewhere)

    return outcomes()


def extract_share(tasks: Sequence[Task]) -> list[Outcome]:
    """The outcome of each task, wherever this runs."""
    return [_extract(task) for task in tasks]


def _extract(task: Task) -> Outcome:
    """The extraction, or what went wrong: an error in one text must not stop the night."""
    try:
        if task.content is not None:
            return extract.extract_text(task.content)
        return extract.extract_grid(task.sheets, task.file_name)
    except GongbaoError:
        raise  # a vocabulary that cannot be read breaks every text: that is the operator's to know
    except Exception as error:
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        where = f" ({trace.tb_frame.f_code.co_name}, line {trace.tb_lineno})" if trace is not None else ""
        return f"{type(error).__name__}: {error}{where}"
