"""The parser process: reads files named on standard input, one JSON line in, one JSON line out.

    in   {"path": "…", "name": "…", "format": "pdf", "charset": null}
    out  see `gongbao.ingest.readers.answer`

The first line in holds the limits. Memory, open files, file sizes and core dumps are limited for the whole process,
CPU seconds anew for each file; the wall clock is watched by whoever started it. Libraries are imported when the first
file of their format comes: most nights have few formats.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from gongbao.errors import UnreadableDocument
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.answer import Answer, refusal_to_wire, to_wire

# Records made before Python looks for garbage among them: cells are none, and looking takes a third of the time more.
_CELLS_OF_SHEETS = 200_000
_REMEDY = "open it in the program that made it and save it anew"


def main() -> None:
    """Answer requests until standard input ends."""
    gc.set_threshold(_CELLS_OF_SHEETS)
    # A parser that prints must not break the answers: they go to a descriptor of their own.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    requests = iter(sys.stdin.buffer)
    limits = Limits(**json.loads(next(requests)))
    confine(limits)
    serve(requests, answers, limits)


def confine(limits: Limits) -> None:
    """Limit what this process may take from the machine."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.written_bytes, limits.written_bytes))


def serve(requests: Iterable[bytes], answers: IO[str], limits: Limits) -> None:
    """One answer a request."""
    for line in requests:
        request = json.loads(line)
        _grant_seconds(limits)
        # Not json.dump, which writes piece by piece and takes five times as long.
        answers.write(json.dumps(answer(request, limits), ensure_ascii=False) + "\n")
        answers.flush()


def _grant_seconds(limits: Limits) -> None:
    """CPU seconds for one more file: one that outlives its watcher ends by itself."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + limits.read_seconds) + 2, hard))


def answer(request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    """What the file holds, or why it was refused; whatever a parser raises is a refusal."""
    name = request["name"]
    try:
        found = read(Path(request["path"]), name, request["format"], request["charset"], limits)
        return to_wire(found, name, limits)
    except UnreadableDocument as refused:
        return refusal_to_wire(refused)
    except MemoryError:
        return refusal_to_wire(
            UnreadableDocument("oversize", f"{name} needs more memory than one file may take", "split it")
        )
    except BaseException as error:  # a panic of the parser is no Exception
        what = f"{name} made the parser fail ({type(error).__name__}: {error})"
        return refusal_to_wire(UnreadableDocument("parser_failed", what, _REMEDY))


def read(path: Path, name: str, format_: str, charset: str | None, limits: Limits) -> Answer:
    """What the file holds, read as `format_`. Raises `UnreadableDocument`, or whatever a parser raises."""
    match format_:
        case "html":
            from gongbao.ingest.readers.html import read_html

            return Answer(text=read_html(path, name, limits, charset))
        case "pdf":
            from gongbao.ingest.readers.pdf import read_pdf

            return Answer(text=read_pdf(path, name, limits))
        case "docx":
            from gongbao.ingest.readers.docx import read_docx

            return Answer(text=read_docx(path, name, limits))
        case "workbook":
            from gongbao.ingest.readers.workbook import read_workbook

            sheets, warnings = read_workbook(path, name, limits)
            return Answer(sheets=sheets, warnings=warnings)
        case "html_workbook":
            return _read_html_workbook(path, name, limits, charset)
        case "delimited":
            return _read_csv(path, name, limits)
    raise ValueError(f"there is no reader for {format_}")


def _read_html_workbook(path: Path, name: str, limits: Limits, charset: str | None) -> Answer:
    from gongbao.ingest.readers.html import read_html
    from gongbao.ingest.readers.html_workbook import read_html_workbook

    sheets, warnings = read_html_workbook(path.read_bytes(), name, limits, charset)
    if sheets:
        return Answer(sheets=sheets, warnings=warnings)
    return Answer(text=read_html(path, name, limits, charset))  # a bulletin, whatever it is called


def _read_csv(path: Path, name: str, limits: Limits) -> Answer:
    from gongbao.ingest.readers.collection import holds_texts, read_collection
    from gongbao.ingest.readers.delimited import read_delimited

    if holds_texts(path, name, limits):
        members = read_collection(path, name, limits)
        return Answer(members=tuple((member.key, member.text) for member in members))
    sheets, decoded, warnings = read_delimited(path.read_bytes(), name, limits)
    return Answer(sheets=sheets, warnings=(*decoded.warnings, *warnings))


if __name__ == "__main__":
    main()
