"""What a curator decides: a line of vocabulary with its example and date, or a template; and the ledger's line of it.

An answer is looked at before it is written: an alias that stands for something else already, a place's name that
others bear, a template that leaves open questions or does not read its table would only seem to be an answer.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from gongbao import reference
from gongbao.errors import UsageError
from gongbao.extract.sheets import extract_grid
from gongbao.extract.sheets.template import Template, parse_all, templates
from gongbao.ingest.grids import load_grid
from gongbao.normalise.corrections import KIND as STALE_CORRECTION
from gongbao.normalise.places import resolve_document
from gongbao.normalise.review import CONTRADICTION, SHEET_BLOCK, Decision, Status, decide
from gongbao.normalise.source_conflicts import KIND as SOURCE_CONFLICT
from gongbao.normalise.units import units
from gongbao.normalise.vocabulary import aliases, catalogue, fold
from gongbao.reference.checks import positive
from gongbao.reference.gazetteer import gazetteer
from gongbao.review.overlay import add_line, has_line, put_text
from gongbao.review.questions import Question, table
from gongbao.warehouse import Warehouse

_EXAMPLE = 120
"""Code points of an example that stand in a note."""
_CONFLICT = re.compile(r"(?P<unit>\S+) for (?P<indicator>\w+), measured in (?P<canonical>\S+)")
_HEAD = re.compile(r"\A# \d{4}-\d\d-\d\d: accepted on .*\n")
_QUOTES = re.compile(r"[“”\"'‘’《》\s]")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the command line gave; exactly what the question's kind asks for is used, anything else is refused.

    `factor` is a decimal or a fraction: how many of `unit` one of the question's units is.
    """

    indicator: str | None = None
    place: str | None = None
    unit: str | None = None
    factor: str | None = None
    template: Path | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """What was written: the file, the line or what the template is called, and the figures that are read anew."""

    question: Question
    path: Path
    line: str
    is_new: bool


def accept(warehouse: Warehouse, folder: Path, question: Question, answer: Answer, now: datetime) -> Accepted:
    """Write the answer into the overlay `folder` and into the ledger. Raises `UsageError` where it is none."""
    write, wanted = _writers().get(question.kind, (None, ()))
    if write is None:
        raise UsageError(
            f"{question.kind} is not answered by vocabulary",
            _REMEDIES[question.kind],
        )
    given = [name for name in Answer.__dataclass_fields__ if getattr(answer, name) is not None]
    for name in given:
        if name not in wanted:
            raise UsageError(f"--{name} does not answer {question.kind}", _wanted(question, wanted))
    name, line, is_new = write(warehouse, folder, question, answer, now)
    said = f"{name}: {line}" if line else name
    decide(warehouse, _decision(question, "accepted", said, now))
    return Accepted(question, folder / name, line, is_new)


def reject(warehouse: Warehouse, question: Question, reason: str, now: datetime) -> None:
    """Close the question with a reason. Raises `UsageError` where there is none."""
    if not reason.strip():
        raise UsageError(
            "a question is rejected with a reason", f"gongbao review reject {question.review_id} --reason TEXT"
        )
    decide(warehouse, _decision(question, "rejected", " ".join(reason.split()), now))


_REMEDIES = {
    CONTRADICTION: "correct the figure that is wrong in corrections.yml (`gongbao explain` begins the record), or "
    "reject the question with the reason why both stand",
    SOURCE_CONFLICT: "correct the source in gongbao.toml, or reject the question with its reason",
    STALE_CORRECTION: "correct or delete the record in corrections.yml, or reject the question with its reason",
}
_Written = tuple[str, str, bool]
"""The file's name in the overlay, its line, and whether it is new there."""
_Writer = Callable[[Warehouse, Path, Question, Answer, datetime], _Written]


def _writers() -> dict[str, tuple[_Writer, tuple[str, ...]]]:
    return {
        "unknown_indicator": (_indicator, ("indicator",)),
        "unknown_place": (_place, ("place",)),
        "unknown_unit": (_unit, ("unit", "factor")),
        "unit_conflict": (_passage, ("unit", "factor")),
        SHEET_BLOCK: (_template, ("template",)),
    }


def _wanted(question: Question, options: tuple[str, ...]) -> str:
    return f"gongbao review accept {question.review_id} --{options[0]} {options[0].upper()}"


def _decision(question: Question, status: Status, answer: str, now: datetime) -> Decision:
    at = now.isoformat(timespec="seconds")
    return Decision(question.review_id, question.kind, question.subject, status, at, answer)


def _note(question: Question, now: datetime) -> str:
    """The date of the decision and the example that it was made on."""
    example = " ".join((question.example or "").split())
    at = max(0, example.find(question.subject) - _EXAMPLE // 3)
    shown = example[at : at + _EXAMPLE]
    return f"{now.date().isoformat()}: {'…' if at else ''}{shown}{'…' if at + _EXAMPLE < len(example) else ''}"


# ── words ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _indicator(_: Warehouse, folder: Path, question: Question, answer: Answer, now: datetime) -> _Written:
    near = ", ".join(question.candidates) or "see gongbao/reference/indicators.csv"
    if answer.indicator is None:
        raise UsageError(f"no indicator named for {question.subject}", f"--indicator ID; near are {near}")
    if answer.indicator not in catalogue():
        close = ", ".join(difflib.get_close_matches(answer.indicator, catalogue(), 3)) or near
        raise UsageError(f"there is no indicator {answer.indicator}", f"name one of indicators.csv; near are {close}")
    known = aliases().get(fold(question.subject))
    if known is not None and known.indicator_id != answer.indicator:
        raise UsageError(
            f"{question.subject} stands for {known.indicator_id} already",
            "a phrase has one meaning: reject the question, or correct that line of the vocabulary",
        )
    row = {"alias": question.subject, "indicator_id": answer.indicator, "note": _note(question, now)}
    if known is not None and not known.risky and not has_line("indicator_aliases.csv", row):
        raise UsageError(
            f"{question.subject} stands for {known.indicator_id} already, and its figures wait for what is around them",
            f"gongbao review show {question.review_id} tells their sentences; reject the question, or report it",
        )
    is_new = add_line(folder, "indicator_aliases.csv", row)
    return "indicator_aliases.csv", f"{question.subject} is {answer.indicator}", is_new


def _place(warehouse: Warehouse, folder: Path, question: Question, answer: Answer, now: datetime) -> _Written:
    name, code = _QUOTES.sub("", question.subject), answer.place
    places = gazetteer()
    if code is None:
        near = "; ".join(f"{each} {places.path(each)}" for each in question.candidates if each in places.places)
        raise UsageError(f"no place named for {name}", f"--place CODE{f'; it may be {near}' if near else ''}")
    if code not in places.places:
        meant = resolve_document(None, (), code).code
        hint = f"the code of {code} is {meant}" if meant else "name a code of gongbao/reference/places.csv"
        raise UsageError(f"there is no place with the code {code}", hint)
    sources = _sources_without_place(warehouse, question)
    if sources:
        raise UsageError(
            f"{question.subject} is no place's name: these documents name none",
            f'write place = "{places.path(code)}" into gongbao.toml for the source {", ".join(sources)}',
        )
    borne = [each for each in places.by_name.get(name, ()) if each != code]
    if borne or name in places.places:
        raise UsageError(
            f"{name} is the name of {', '.join(places.path(each) for each in borne[:3]) or name} already",
            "one more meaning would tell nobody which is meant: set the place of the documents' source in gongbao.toml",
        )
    row = {"alias": name, "code": code, "note": _note(question, now)}
    if code in places.by_name.get(name, ()) and not has_line("place_aliases.csv", row):
        raise UsageError(
            f"{places.path(code)} is called {name} already, and lies outside of what the documents are of",
            f'write place = "{places.path(code)}", or a place that holds it, for their source into gongbao.toml',
        )
    return "place_aliases.csv", f"{name} is {places.path(code)}", add_line(folder, "place_aliases.csv", row)


def _sources_without_place(warehouse: Warehouse, question: Question) -> list[str]:
    """The sources of the figures, where none of these has a place's name, of its own or of its document."""
    rows = warehouse.connection.execute(
        """
        select d.source_name, bool_or(s.subject is not null or d.place_stated is not null)
        from core.unresolved as u
        join core.statement as s using (statement_id)
        join raw.document as d using (document_id)
        where u.reason = 'unknown_place' and coalesce(s.subject, d.place_stated, d.title, d.file_name) = ?
        group by 1
        order by 1
        """,
        [question.subject],
    ).fetchall()
    return [source for source, _ in rows] if rows and not any(named for _, named in rows) else []


def _unit(_: Warehouse, folder: Path, question: Question, answer: Answer, now: datetime) -> _Written:
    code, dimension, multiplier = _known_unit(question, answer)
    factor = _factor(answer, multiplier)
    known = units().get(question.subject)
    if known is not None and (known.code, known.multiplier) != (code, factor):
        raise UsageError(
            f"1 {question.subject} is {known.multiplier} {known.code} already", "correct that line instead"
        )
    row = {
        "canonical_unit": code,
        "dimension": dimension,
        "spelling": question.subject,
        "multiplier_to_canonical": str(factor),
        "note": _note(question, now),
    }
    return "units.csv", f"1 {question.subject} is {factor} {code}", add_line(folder, "units.csv", row)


def _passage(_: Warehouse, folder: Path, question: Question, answer: Answer, now: datetime) -> _Written:
    """A passage from the printed unit to the one that the indicator is measured in, for this indicator."""
    found = _CONFLICT.fullmatch(question.subject)
    if found is None or found["unit"] not in units():
        raise UsageError(
            f"{question.subject}: no passage between units answers this", "reject the question with its reason"
        )
    code, _dimension, multiplier = _known_unit(question, answer)
    if code != found["canonical"]:
        raise UsageError(
            f"{found['indicator']} is measured in {found['canonical']}, not in {code}", f"--unit {found['canonical']}"
        )
    factor = _factor(answer, multiplier / units()[found["unit"]].multiplier)
    row = {
        "from_unit": units()[found["unit"]].code,
        "to_unit": code,
        "factor": str(factor),
        "indicator_ids": found["indicator"],
        "note": _note(question, now),
    }
    line = f"1 {row['from_unit']} is {factor} {code} for {found['indicator']}"
    for known in reference.rows("unit_conversions.csv"):
        same = all(known[column] == row[column] for column in ("from_unit", "to_unit", "indicator_ids"))
        if same and known["factor"] != row["factor"]:
            raise UsageError(f"1 {row['from_unit']} is {known['factor']} {code} already", "correct that line instead")
    return "unit_conversions.csv", line, add_line(folder, "unit_conversions.csv", row)


def _known_unit(question: Question, answer: Answer) -> tuple[str, str, Fraction]:
    """Canonical unit, dimension and multiplier of the unit named: a spelling of units.csv, or a canonical unit."""
    if answer.unit is None:
        raise UsageError(f"no unit named for {question.subject}", "--unit CODE, and --factor NUMBER where it is not 1")
    if answer.unit in units():
        unit = units()[answer.unit]
        return unit.code, unit.dimension, unit.multiplier
    for row in reference.rows("units.csv"):
        if row["canonical_unit"] == answer.unit:
            return answer.unit, row["dimension"], Fraction(1)
    raise UsageError(
        f"there is no unit {answer.unit}", "name a spelling or a canonical unit of units.csv, such as 万元"
    )


def _factor(answer: Answer, times: Fraction) -> Fraction:
    """How many of the canonical unit; `times` of these are in one of the units that the answer's factor counts."""
    given = "1" if answer.factor is None else answer.factor
    factor = positive(unicodedata.normalize("NFKC", given).strip())
    if factor is None or positive(str(factor * times)) is None:
        raise UsageError(
            f"the factor {answer.factor} is no positive number that the warehouse can hold", "write 10000 or 3/2000"
        )
    return factor * times


# ── tables ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _template(warehouse: Warehouse, folder: Path, question: Question, answer: Answer, now: datetime) -> _Written:
    waiting = table(warehouse, question)
    if answer.template is not None:
        name, text = str(answer.template), _read(answer.template)
    elif waiting.draft:
        name, text = "draft", waiting.draft
    else:
        raise UsageError(
            f"there is no draft for the table of {question.review_id}",
            _wanted(question, ("template",)).replace("TEMPLATE", "FILE"),
        )
    variants = _checked(question, name, text)
    new = variants[0]
    file_name = f"sheets/{new.id}.yaml"
    text = _HEAD.sub("", text)
    own = dict(reference.texts("sheets")).get(f"{new.id}.yaml")
    is_new = own is None or _HEAD.sub("", own) != text
    if is_new:
        _refuse_clash(new, own is not None)
    known = [*variants, *(each for each in templates() if each.id != new.id)]
    blocks = extract_grid(load_grid(warehouse.connection, waiting.text_id), waiting.file_name, known).blocks
    read = next((each for each in blocks if (each.sheet, each.cells) == (waiting.sheet, waiting.cells)), None)
    if read is None or read.status != "read":
        why = read.detail if read is not None else "the block is cut otherwise"
        raise UsageError(f"{name} does not read {waiting.sheet} {waiting.cells}: {why}", f"correct {name}")
    where = f"{waiting.file_name}, {waiting.sheet} {waiting.cells}"
    head = f"# {now.date().isoformat()}: accepted on {' '.join(where.split())}\n"
    if is_new:
        put_text(folder, file_name, head + text)
    return file_name, f"{new.name} reads {read.figures} of {read.numbers} numbers in {where}", is_new


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise UsageError(f"cannot read {path} ({error.strerror})", "name the file of a template") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is no UTF-8", "save it as UTF-8") from None


def _checked(question: Question, name: str, text: str) -> tuple[Template, ...]:
    """The template, or its dated variants. A draft with open questions is refused with their lines."""
    todo = [number for number, line in enumerate(text.splitlines(), 1) if re.match(r"\s*(?:- )?todo:", line)]
    if todo:
        shown = ", ".join(map(str, todo[:8])) + (" …" if len(todo) > 8 else "")
        raise UsageError(
            f"{name} leaves questions open (todo) in line {shown}",
            f"gongbao review show {question.review_id} --draft > FILE, answer them, then accept with --template FILE",
        )
    return parse_all(name, text)


def _refuse_clash(new: Template, has_file: bool) -> None:
    """A template may stand in for the one of its name where its version is higher, and in the file of its name only."""
    version = max((known.version for known in templates() if known.id == new.id), default=None)
    if version is None:
        return
    if not has_file:
        raise UsageError(f"there is a template {new.id} in a file of another name", f"call yours other than {new.id}")
    if new.version <= version:
        raise UsageError(f"there is a template {new.id}@{version} already", f"raise yours to version: {version + 1}")
