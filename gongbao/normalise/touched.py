"""Which statements a changed alias concerns: those whose phrase may be read by it, and no others.

The curator's aliases (indicator_aliases.csv of the overlay) are compared with those by which the facts were made. An
alias is found in a phrase as it stands, in one of its other wordings, and behind the verb of its sentence: a statement
is touched where its phrase can be so read, and what it becomes depends on no other statement. They stand in
core.touched_statement until they are normalised anew. Other changes of the vocabulary concern every text, see
`gongbao.normalise.stage.version`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import duckdb

from gongbao import reference
from gongbao.normalise import signs
from gongbao.normalise.facts import phrase_of
from gongbao.normalise.indicators import LONGEST_VERB, without_asides, without_gaps
from gongbao.normalise.vocabulary import fold
from gongbao.normalise.wordings import names_in_context, nouns_in_context, readings, signs_of_wordings
from gongbao.warehouse import Warehouse, insert

FILE = "indicator_aliases.csv"
"""The file of the overlay whose changes are followed line by line."""

_AREA = "farmland_area"
Line = tuple[str, str, str | None]
Statement = tuple[str, str]
"""Its text and its own id."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The aliases that came, went or changed, and the files that wait for these and earlier changes; both sorted."""

    aliases: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


def undone(version: str) -> str:
    """The version of a text that this version normalised, but for the statements that a change touches."""
    return f"{version} but touched"


def follow(warehouse: Warehouse, version: str) -> Changes:
    """Note the aliases as they are now, and which statements are to be normalised anew, of texts of this version.

    Both in one transaction: a night that is killed behind it goes on with those statements. Texts that another version
    normalised are normalised anew as a whole in any case.
    """
    connection = warehouse.connection
    here = _here()
    different = here ^ set(
        connection.execute("select alias, indicator_id, breakdown from core.alias_in_effect").fetchall()
    )
    aliases = sorted({alias for alias, _, _ in different})
    if aliases:
        _note(warehouse, here, aliases, version)
    files = connection.execute(
        """
        select distinct document.file_name from core.normalisation as normalised
        inner join raw.document as document on normalised.document_id = document.document_id
        where normalised.normaliser_version = $undone order by 1
        """,
        {"undone": undone(version)},
    ).fetchall()
    return Changes(tuple(aliases), tuple(name for (name,) in files))


def _note(warehouse: Warehouse, here: Iterable[Line], aliases: Iterable[str], version: str) -> None:
    """Write down the aliases and what a change of some of them touches."""
    connection = warehouse.connection
    touched = _touched(connection, sorted({fold(alias) for alias in aliases}))
    lines = [dict(zip(("alias", "indicator_id", "breakdown"), line, strict=True)) for line in sorted(here, key=repr)]
    with warehouse.transaction():
        connection.execute("delete from core.alias_in_effect")
        insert(connection, "core.alias_in_effect", lines)
        connection.execute(
            """
            update core.normalisation set normaliser_version = $undone
            where normaliser_version = $version and list_contains($texts, text_id)
            """,
            {"undone": undone(version), "version": version, "texts": sorted({text_id for text_id, _ in touched})},
        )
        waiting = connection.execute(
            "select text_id from core.normalisation where normaliser_version = $undone", {"undone": undone(version)}
        ).fetchall()
        of_texts = {text_id for (text_id,) in waiting}
        rows = [
            {"text_id": text_id, "statement_id": statement_id}
            for text_id, statement_id in touched
            if text_id in of_texts
        ]
        insert(connection, "core.touched_statement", rows)


def may_read(alias: str, phrase: str) -> bool:
    """Whether a folded alias is found in a phrase, in any of its wordings."""
    here = signs_of_wordings().union(unicodedata.normalize("NFKC", phrase))
    if not (here.issuperset(alias) or names_in_context(phrase)):
        return False  # most phrases, and cheaper told than their wordings
    return any(alias in each or alias in without_asides(each) for each in _wordings(phrase))


def verb_of(alias: str, phrase: str) -> str | None:
    """The verb that has to stand in the sentence for the alias to be read in a phrase; null where none can."""
    noun = fold(phrase)
    verb = alias.removesuffix(noun)
    return verb if noun and 0 < len(verb) <= LONGEST_VERB and verb != alias else None


def may_concern(column: str, aliases: Sequence[str]) -> str:
    """The condition, for DuckDB, that `may_read` or `verb_of` may find one of the aliases in what ends a text.

    An alias is read in a phrase that has all its signs but those that a wording brings, or in the full name of a bare
    noun; behind a verb the phrase is the alias without its first signs.
    """
    wanted = {"".join({*alias} - signs_of_wordings()) for alias in aliases}
    wanted |= {alias[cut:] for alias in aliases for cut in range(1, LONGEST_VERB + 1) if alias[cut:]}
    wanted |= {fold(noun) for noun in nouns_in_context() if any(may_read(alias, noun) for alias in aliases)}
    return signs.may_have(column, wanted)


def _here() -> set[Line]:
    return {(row["alias"], row["indicator_id"], row["breakdown"] or None) for row in reference.overlay_rows(FILE)}


def _touched(connection: duckdb.DuckDBPyConnection, aliases: Sequence[str]) -> list[Statement]:
    """The statements that may be read by one of the folded aliases, sorted."""
    stated = connection.execute(
        f"""
        select distinct indicator, subject from core.statement
        where indicator is not null and indicator_id is null and ({may_concern("indicator", aliases)})
        """
    ).fetchall()
    whole: set[str] = set()
    verbs: dict[str, set[str]] = {}
    indicators: dict[str, set[str]] = {}
    for indicator, subject in stated:
        indicators.setdefault(phrase_of(indicator, subject) or indicator, set()).add(indicator)
    for phrase in indicators:
        for alias in aliases:
            if may_read(alias, phrase):
                whole.add(phrase)
            elif verb := verb_of(alias, phrase):
                verbs.setdefault(phrase, set()).add(verb)
    found = connection.execute(
        """
        select text_id, statement_id, indicator, subject, sentence from core.statement
        where indicator_id is null and list_contains($indicators, indicator)
        """,
        {"indicators": sorted(set().union(*(indicators[phrase] for phrase in whole | verbs.keys())))},
    ).fetchall()
    touched = set()
    for text_id, statement_id, indicator, subject, sentence in found:
        phrase = phrase_of(indicator, subject) or indicator
        is_said = any(verb in without_gaps(sentence or "") for verb in verbs.get(phrase, ()))
        if phrase in whole or is_said:
            touched.add((text_id, statement_id))
    return sorted(touched)


def _wordings(phrase: str) -> Iterator[str]:
    """All readings of a phrase, whatever its aspect, measure and unit."""
    yield from readings(fold(phrase), "new", "share", _AREA)
    for name in names_in_context(phrase):
        yield from readings(fold(name), "new", "share", _AREA)
