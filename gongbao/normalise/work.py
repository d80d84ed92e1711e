"""Texts and grids given to the extractor, in this process or in several; what breaks one text stays with that text."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass

from gongbao import extract
from gongbao.errors import GongbaoError
from gongbao.extract.statement import Extraction
from gongbao.grid import Sheet

LARGE_GRID = 50_000
"""Cells of a grid that is extracted in this process, whatever others do meanwhile."""


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


@contextmanager
def extractor(processes: int) -> Iterator[Callable[[Sequence[Task]], Iterable[Outcome]]]:
    """A function from tasks to their outcomes in the same order; `processes` of 2 and more work side by side."""
    if processes <= 1:
        yield lambda tasks: map(_extract, tasks)
        return
    pool = _pool(processes)

    def work(tasks: Sequence[Task]) -> list[Outcome]:
        nonlocal pool
        large: dict[str, Outcome] = {}
        try:
            elsewhere = pool.map(_extract, [task for task in tasks if not task.is_large])  # begins at once
            large |= {task.text_id: _extract(task) for task in tasks if task.is_large}
            return [large[task.text_id] if task.text_id in large else next(elsewhere) for task in tasks]
        except BrokenProcessPool:  # one text killed its process: give each a process of its own, to know which
            pool.shutdown()
            pool = _pool(processes)
            return [large[task.text_id] if task.text_id in large else _extract_alone(task) for task in tasks]

    try:
        yield work
    finally:
        pool.shutdown(cancel_futures=True)


def _pool(processes: int) -> ProcessPoolExecutor:
    # Fresh processes: a fork would inherit the database's threads and locks.
    return ProcessPoolExecutor(max_workers=processes, mp_context=multiprocessing.get_context("spawn"))


def _extract_alone(task: Task) -> Outcome:
    with _pool(1) as pool:
        try:
            return pool.submit(_extract, task).result()
        except BrokenProcessPool:
            return "the text ended the process that read it (memory, or a crash of the interpreter)"


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
