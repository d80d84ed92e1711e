"""Which texts a changed alias concerns: those in which a phrase may be read by it, and no others.

The curator's aliases (indicator_aliases.csv of the overlay) are compared with those by which the facts were made. An
alias is found in a phrase as it stands, in one of its other wordings, and behind the verb of its sentence: a text is
touched where one of its phrases can be so read. Other changes of the vocabulary concern every text, see
`gongbao.normalise.stage.version`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import duckdb

from gongbao import reference
from gongbao.normalise.indicators import LONGEST_VERB, without_asides, without_gaps
from gongbao.normalise.vocabulary import fold
from gongbao.normalise.wordings import names_in_context, readings, signs_of_wordings
from gongbao.warehouse import Warehouse, insert

FILE = "indicator_aliases.csv"
"""The file of the overlay whose changes are followed line by line."""

UNDONE = ""
"""The version of a text that is to be normalised anew."""

_AREA = "farmland_area"
Line = tuple[str, str, str | None]


@dataclass(frozen=True, slots=True)
class Changes:
    """The aliases that came, went or changed, and the files of normalised texts that they touch; both sorted.

    `texts` counts those texts.
    """

    aliases: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    texts: int = 0


def follow(warehouse: Warehouse) -> Changes:
    """Note the aliases as they are now, and that the texts which a change touches are to be normalised anew.

    Both in one transaction: a night that is killed behind it goes on with those texts.
    """
    connection = warehouse.connection
    here = _here()
    different = here ^ set(
        connection.execute("select alias, indicator_id, breakdown from core.alias_in_effect").fetchall()
    )
    if not different:
        return Changes()
    aliases = sorted({alias for alias, _, _ in different})
    text_ids = sorted(_touched(connection, sorted({fold(alias) for alias in aliases})))
    files = connection.execute(
        """
        select distinct document.file_name from core.normalisation as normalised
        inner join raw.document as document on normalised.document_id = document.document_id
        where list_contains($texts, normalised.text_id) order by 1
        """,
        {"texts": text_ids},
    ).fetchall()
    rows = [dict(zip(("alias", "indicator_id", "breakdown"), line, strict=True)) for line in sorted(here, key=repr)]
    with warehouse.transaction():
        connection.execute("delete from core.alias_in_effect")
        insert(connection, "core.alias_in_effect", rows)
        undone = connection.execute(
            "update core.normalisation set normaliser_version = $undone where list_contains($texts, text_id)",
            {"undone": UNDONE, "texts": text_ids},
        ).fetchall()
    return Changes(tuple(aliases), tuple(name for (name,) in files), int(undone[0][0]))


def may_read(alias: str, phrase: str) -> bool:
    """Whether a folded alias is found in a phrase, in any of its wordings."""
    signs = signs_of_wordings().union(unicodedata.normalize("NFKC", phrase))
    if not (signs.issuperset(alias) or names_in_context(phrase)):
        return False  # most phrases, and cheaper told than their wordings
    return any(alias in each or alias in without_asides(each) for each in _wordings(phrase))


def verb_of(alias: str, phrase: str) -> str | None:
    """The verb that has to stand in the sentence for the alias to be read in a phrase; null where none can."""
    noun = fold(phrase)
    verb = alias.removesuffix(noun)
    return verb if noun and 0 < len(verb) <= LONGEST_VERB and verb != alias else None


def _here() -> set[Line]:
    return {(row["alias"], row["indicator_id"], row["breakdown"] or None) for row in reference.overlay_rows(FILE)}


def _touched(connection: duckdb.DuckDBPyConnection, aliases: Iterable[str]) -> frozenset[str]:
    phrases = connection.execute(
        """
        select distinct
            case
                when starts_with(indicator, subject) and indicator <> subject
                    then substr(indicator, length(subject) + 1)
                else indicator
            end as phrase
        from core.statement where indicator is not null and indicator_id is null
        """
    ).fetchall()
    whole: set[str] = set()
    verbs: dict[str, set[str]] = {}
    for (phrase,) in phrases:
        for alias in aliases:
            if may_read(alias, phrase):
                whole.add(phrase)
            elif verb := verb_of(alias, phrase):
                verbs.setdefault(phrase, set()).add(verb)
    return frozenset(_with_phrases(connection, whole)) | frozenset(_with_verbs(connection, verbs))


def _wordings(phrase: str) -> Iterator[str]:
    """All readings of a phrase, whatever its aspect, measure and unit."""
    yield from readings(fold(phrase), "new", "share", _AREA)
    for name in names_in_context(phrase):
        yield from readings(fold(name), "new", "share", _AREA)


def _with_phrases(connection: duckdb.DuckDBPyConnection, phrases: Iterable[str]) -> Iterator[str]:
    """The texts with a statement whose indicator is one of the phrases, or ends with one."""
    found = connection.execute(
        """
        select distinct text_id from core.statement
        where indicator_id is null and list_contains($phrases, indicator)
           or indicator_id is null and starts_with(indicator, subject)
              and list_contains($phrases, substr(indicator, length(subject) + 1))
        """,
        {"phrases": sorted(phrases)},
    ).fetchall()
    return (text_id for (text_id,) in found)


def _with_verbs(connection: duckdb.DuckDBPyConnection, verbs: dict[str, set[str]]) -> Iterator[str]:
    """The texts with a statement of one of the phrases in whose sentence one of its verbs stands."""
    if not verbs:
        return
    found = connection.execute(
        """
        select distinct text_id, indicator, subject, sentence from core.statement
        where indicator_id is null and sentence is not null
          and (list_contains($phrases, indicator) or list_contains($phrases, substr(indicator, length(subject) + 1)))
        """,
        {"phrases": sorted(verbs)},
    ).fetchall()
    for text_id, indicator, subject, sentence in found:
        wanted = verbs.get(indicator, set()) | verbs.get(indicator.removeprefix(subject or ""), set())
        if any(verb in without_gaps(sentence) for verb in wanted):
            yield text_id
