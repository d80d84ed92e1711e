"""The records that extraction returns: statements, rejections, the document's frame.

A statement is one number together with what it says; the slots are those of the annotation guide. A statement cut
from a text is anchored by code points (`text[start:end] == quote`), one cut from a grid by sheet and cell.
Everything here is frozen, and nothing here knows of databases, files or clocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

Kind = Literal["fact", "target"]
SubjectType = Literal["area", "entity"]
Measure = Literal["level", "growth", "change", "share", "rank", "completion", "index"]
Comparator = Literal["eq", "min", "max", "approx", "range"]
Aspect = Literal["new", "cumulative"]
DocType = Literal[
    "press_conference", "work_report", "statistical_communique", "budget_report", "plan_report", "monthly",
    "profile", "work_summary", "analysis", "table", "other",
]  # fmt: skip
BlockStatus = Literal["read", "unknown", "not_covered", "failed_identity"]
SectionKind = Literal["review", "plan", "preamble", "appendix", "furniture"]


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch `[start, end)` of the text, in code points, with one standing towards time.

    `review` reports `period`, `plan` promises for `period`; `preamble`, `appendix` (a glossary tail) and
    `furniture` (navigation, tables of contents, sidebars) make no statement of their own unless they say so.
    """

    start: int
    end: int
    kind: SectionKind
    period: str | None


@dataclass(frozen=True, slots=True)
class Frame:
    """What the document says about itself: the default subject and periods of its statements.

    `place` is the place as the text names it (`姜楼镇`), `parent_places` the places named above it, outermost
    first (`("山东省", "惠民县")`), as far as the text names them. `reporting_period` and `plan_period` are
    SDMX-like periods (`2023`, `2023-S1`, `2021/2025`). `published_on` is an ISO date that the text states.
    `evidence` maps a slot to the quote it came from.
    """

    title: str | None
    doc_type: DocType
    publisher: str | None
    place: str | None
    parent_places: tuple[str, ...]
    reporting_period: str | None
    plan_period: str | None
    published_on: str | None
    sections: tuple[Section, ...]
    evidence: tuple[tuple[str, str], ...] = ()


class Statement(NamedTuple):
    """One number and what it says.

    `start`, `end`: code points of the numeral with its unit (and a following 以上 or 左右), `end` exclusive; both
    null for a grid, where `sheet`, `cell` (A1 style) and `header_path` (outermost label first) stand instead.
    `text`: as written. `value`, `value_high`: exact, after 十百千万亿, in `unit`, which carries no magnitude.
    `period`: `2023`, `2023-Q1`, `2023-S1`, `2023-09`, `2023-01/2023-10`, `2021/2025`; null where the text gives none.
    `base`: for growth and change, `year` (on a year before), `previous` (on the period before), `average` (年均),
    or a period as written (`2020`); null otherwise. `price_base`: `constant` for 可比价 and 不变价, else null.
    `scope`: a rank's peer group, else the stated 口径. `modality`: the word of commitment as written.
    `sentence_start`, `sentence_end`: the sentence that holds the number.

    Only a sheet's template says the rest: `indicator_id` and `breakdown` (`sex=F`) where it maps a label to the
    catalogue; `ref_area` where a column holds codes, else `parent_area`, the code of the place inside which the subject
    is looked up; `obs_status` (SDMX) and `caveats` of footnotes; `template` as `id@version`.
    """

    kind: Kind
    subject_type: SubjectType
    subject: str | None
    indicator: str | None
    measure: Measure
    value: Decimal
    value_high: Decimal | None
    unit: str | None
    comparator: Comparator
    period: str | None
    text: str
    start: int | None = None
    end: int | None = None
    sentence_start: int | None = None
    sentence_end: int | None = None
    scope: str | None = None
    modality: str | None = None
    aspect: Aspect | None = None
    base: str | None = None
    price_base: str | None = None
    sheet: str | None = None
    cell: str | None = None
    header_path: tuple[str, ...] = ()
    indicator_id: str | None = None
    breakdown: str | None = None
    ref_area: str | None = None
    parent_area: str | None = None
    obs_status: str | None = None
    caveats: tuple[str, ...] = ()
    template: str | None = None


class Rejection(NamedTuple):
    """A numeral that is not a statement, and why.

    `reason` is a code of gongbao/reference/rejection_reasons.csv (slogan, date, ordinal, document_number, name …).
    """

    text: str
    reason: str
    start: int | None = None
    end: int | None = None
    sheet: str | None = None
    cell: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """How often an identity of a template held in a block, and how often it failed; `detail` names the failures."""

    identity: str
    held: int
    failed: int
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class SheetBlock:
    """One block of a sheet and what became of it: the cells `cells` (`A5:H20`), known by `fingerprint`.

    `status`: `read` by `template`; `unknown` to all templates; `not_covered`, a template knows the table and not all
    of its labels, units or periods; `failed_identity`. What is not read
    has a `detail` for a person, and, where the table is to be made known, the `draft` of a template. `numbers` counts
    the numeric cells of the block's body, `figures` those that became statements, `marks` the cells that say "no
    figure" by their declared meaning.
    """

    sheet: str
    cells: str
    title: str
    status: BlockStatus
    fingerprint: str
    numbers: int
    figures: int
    template: str | None = None
    detail: str | None = None
    identities: tuple[Identity, ...] = ()
    marks: tuple[tuple[str, int], ...] = ()
    draft: str | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that one text or grid yields, in reading order; a text has no blocks."""

    frame: Frame
    statements: Sequence[Statement] = ()
    rejections: tuple[Rejection, ...] = field(default=())
    blocks: tuple[SheetBlock, ...] = ()
