"""Which templates know a block, and the period that the block is of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from gongbao.extract.sheets import words
from gongbao.extract.sheets.fingerprints import fingerprint
from gongbao.extract.sheets.layout import Block
from gongbao.extract.sheets.mapping import joined
from gongbao.extract.sheets.template import Template


def knows(template: Template, block: Block, file_name: str) -> bool:
    """Whether the template is for blocks like this one."""
    return _strange(template, block, file_name) is None


def unknown(block: Block, known: Sequence[Template], file_name: str) -> str:
    """That no template knows the block, for a person; with what is strange to the one that knows its title."""
    for template in known:
        strange = _strange(template, block, file_name)
        if template.match.title and strange and template.match.title.search(_title(block, file_name)):
            return f"no template knows this table: {template.name} knows its title, but {strange}"
    return "no template knows this table"


def _strange(template: Template, block: Block, file_name: str) -> str | None:
    """What is strange to the template about the block; null where it is for such."""
    asked = template.match
    if asked.fingerprints:
        return None if fingerprint(block) in asked.fingerprints else "no fingerprint of its is this one's"
    stem = PurePosixPath(file_name).stem
    if asked.title and not asked.title.search(_title(block, file_name)):
        return "the title is another"
    if asked.head and not asked.head.search(block.head):
        return f"the labels are headed {block.head!r}"
    if asked.sheet and not asked.sheet.search(words.fold(block.sheet)):
        return f"the sheet is called {block.sheet!r}"
    if asked.file and not asked.file.search(words.fold(stem)):
        return f"the file is called {stem!r}"
    if missing := [place for place in asked.places if place not in _labels(block)]:
        return f"its labels lack {'、'.join(missing)}"
    paths = list(_paths(template, block)) if asked.header else []
    for pattern in asked.header:
        if not any(pattern.search(path) for path in paths):
            return f"nothing is headed {pattern.pattern}"
    period, _ = block_period(template, block, file_name)
    return None if period is None or template.valid_for.covers(period) else f"it is not for {period}"


def _title(block: Block, file_name: str) -> str:
    return words.fold("".join(block.title)) or words.fold(PurePosixPath(file_name).stem)


def block_period(template: Template, block: Block, file_name: str) -> tuple[str | None, str | None]:
    """The period that title, sheet or file name, and what is wrong where title and sheet name different years."""
    if template.period.value:
        return template.period.value, None
    title_words = "".join(words.plain(text) for text in block.title)
    several = len(words.years(words.fold(title_words))) > 1
    texts = {"title": title_words, "sheet": block.sheet, "file": PurePosixPath(file_name).stem}
    found = {source: words.period(words.fold(texts[source])) for source in template.period.sources}
    period = next((each for each in found.values() if each), None)
    if template.is_ruled and several and not found.get("title"):
        return None, None  # of several years: the labels have to say which
    title, sheet = found.get("title"), found.get("sheet")
    if template.is_ruled and title and sheet and title[:4] != sheet[:4]:
        return period, f"the title is of {title}, the sheet is called {block.sheet}"
    return period, None


def _paths(template: Template, block: Block) -> Iterator[str]:
    """The labels that name indicators: of the header, or of the rows."""
    if template.rows.role == "indicator":
        yield from (joined(row.path) for row in block.rows)
    else:
        yield from (joined(path) for column, path in block.headers.items() if column != block.stub)


def _labels(block: Block) -> set[str]:
    of_rows = {row.path[-1] for row in block.rows}
    return of_rows | {words.plain(path[-1]) for path in block.headers.values() if path}
