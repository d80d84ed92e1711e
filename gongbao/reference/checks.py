"""Checks of the vocabulary against itself: what `gongbao doctor` and the tests ask of the files in this folder."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from fractions import Fraction

from gongbao import reference
from gongbao.errors import UsageError
from gongbao.reference import where
from gongbao.reference.gazetteer import gazetteer

Row = dict[str, str]

_NUMBER = re.compile(r"[0-9]{1,20}(?:\.[0-9]{1,20})?(?:/[0-9]{1,20})?")
_KINDS = {"flow", "stock", "rate"}
_DIRECTIONS = {"higher is better", "lower is better", "neutral"}
_ASPECTS = {"", "new", "cumulative"}
_POSITIONS = {"head", "tail", "ignored"}
_MODALITIES = {"ensure", "strive", "expect", "plan", "maintain"}
_STATUSES = {"A", "B", "E", "I", "P"}
"""Those of SDMX that a word may give a reported figure; a target has F whatever is said."""


def problems() -> list[str]:
    """Every inconsistency, one sentence each with file and entry; empty where the vocabulary is sound."""
    checks = (
        _unreadable, _duplicate_keys, _indicators, _beside_aliases, _aliases, _declined, _units, _places, _codes,
        _patterns,
    )  # fmt: skip
    found = [problem for check in checks[:1] for problem in check()]
    return found or [problem for check in checks[1:] for problem in check()]


def check_overlay() -> None:
    """Raise `UsageError` where the vocabulary with a curator's overlay is not sound; without one it is as it came."""
    if reference.overlay() is None:
        return
    found = problems()
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise UsageError(
            f"vocabulary: {found[0]}{more}",
            f"correct or delete it in {reference.overlay()}; `gongbao doctor` tells all",
        )


def _unreadable() -> Iterator[str]:
    """Bytes that are no UTF-8, or a row of another width than the header; in the overlay, files that nothing reads."""
    for path in sorted(reference.FOLDER.rglob("*.csv")):
        name = path.relative_to(reference.FOLDER).as_posix()
        try:
            with path.open(encoding="utf-8", newline="") as handle:
                widths = {len(row) for row in csv.reader(handle, strict=True)}
        except (UnicodeDecodeError, csv.Error) as error:
            yield f"{name} cannot be read: {error}"
            continue
        if len(widths) > 1:
            yield f"{name}: not every line has as many cells as the header"
    for name in reference.overlay_files():
        is_known = name.endswith(".csv") and (reference.FOLDER / name).exists()
        if is_known and not name.startswith(reference.READERS):
            try:
                reference.rows(name)
            except UsageError as error:
                yield str(error)
        elif not (name.startswith("sheets/") and name.endswith(".yaml")):
            yield f"{reference.overlay()}/{name}: nothing reads it; files bear the names of those in gongbao/reference"


def _duplicate_keys() -> Iterator[str]:
    keys = {
        "indicators.csv": ("id",),
        "indicator_variants.csv": ("indicator_id", "aspect", "dimension"),
        "indicator_shares.csv": ("indicator_id",),
        "indicator_spellings.csv": ("spelling",),
        "indicator_verbs.csv": ("word",),
        "indicator_surroundings.csv": ("group", "words", "indicator_ids"),
        "declined_phrases.csv": ("phrase",),
        "units.csv": ("spelling",),
        "unit_conversions.csv": ("from_unit", "to_unit", "indicator_ids"),
        "places.csv": ("code",),
        "place_aliases.csv": ("alias",),
        "place_ethnic_names.csv": ("name",),
        "place_history.csv": ("code", "name", "first_seen"),
        "place_successions.csv": ("old_code", "old_name", "new_code", "new_name", "year", "kind"),
        "zone_kinds.csv": ("name",),
        "caveats.csv": ("code",),
        "modality.csv": ("word",),
        "obs_status.csv": ("word",),
    }
    for name, columns in keys.items():
        seen: set[tuple[str, ...]] = set()
        for row in reference.rows(name):
            key = tuple(row[column] for column in columns)
            if key in seen:
                yield f"{where(name, row)}: {' '.join(key)} stands there twice"
            seen.add(key)
    told: dict[str, str] = {}
    for row in reference.overlay_rows("indicator_aliases.csv"):  # an update may bring a line that a curator has
        breakdown = told.setdefault(row["alias"], row["breakdown"])
        if breakdown != row["breakdown"]:
            yield (
                f"{where('indicator_aliases.csv', row)}: {row['alias']} stands there twice, with the breakdowns "
                f"{breakdown or 'none'} and {row['breakdown'] or 'none'}"
            )


def _indicators() -> Iterator[str]:
    known = {row["canonical_unit"] for row in reference.rows("units.csv")} | {"rank"}
    for row in reference.rows("indicators.csv"):
        entry = f"{where('indicators.csv', row)}: {row['id']}"
        for column in ("zh_name", "en_name", "theme", "definition", "definition_zh"):
            if not row[column].strip():
                yield f"{entry} has no {column}"
        if row["canonical_unit"] not in known:
            yield f"{entry} is measured in {row['canonical_unit']}, which units.csv does not have"
        if row["kind"] not in _KINDS or row["direction"] not in _DIRECTIONS:
            yield f"{entry}: kind {row['kind']} or direction {row['direction']} is no known one"
        if row["additive_across_towns"] not in ("yes", "no"):
            yield f"{entry}: additive_across_towns is neither yes nor no"
        missing = set(filter(None, row["risky_aliases"].split("|"))) - set(row["aliases"].split("|"))
        if missing:
            yield f"{entry}: risky_aliases {'|'.join(sorted(missing))} are no aliases of it"


def _aliases() -> Iterator[str]:
    """No phrase may stand for two indicators, in either file or between them, whichever way it is spelled."""
    claims: dict[str, dict[str, tuple[str, str, Row]]] = {}
    for phrase, indicator_id, name, row in _claims():
        claims.setdefault(_respelled(phrase), {}).setdefault(indicator_id, (phrase, name, row))
    for found in sorted(claims.values(), key=lambda found: min(phrase for phrase, _, _ in found.values())):
        if len(found) > 1:
            phrases = " or ".join(sorted({phrase for phrase, _, _ in found.values()}))
            _, name, row = list(found.values())[-1]
            yield f"{where(name, row)}: the alias {phrases} claims {' and '.join(sorted(found))}"
    for row in reference.rows("indicator_aliases.csv"):
        if not re.sub("[\\s的]", "", row["alias"]):
            yield f"{where('indicator_aliases.csv', row)}: an alias of {row['indicator_id'] or 'nothing'} is empty"
        if not _is_breakdown(row["breakdown"]):
            entry = f"{where('indicator_aliases.csv', row)}: {row['alias']}"
            yield f"{entry}: the breakdown {row['breakdown']} is not dim=code;dim=code"


def _claims() -> Iterator[tuple[str, str, str, Row]]:
    """Phrase, indicator, and the file and row that say so."""
    for row in reference.rows("indicators.csv"):
        for phrase in filter(None, (row["zh_name"], *row["aliases"].split("|"))):
            yield phrase, row["id"], "indicators.csv", row
    for row in reference.rows("indicator_aliases.csv"):
        yield row["alias"], row["indicator_id"], "indicator_aliases.csv", row


def _respelled(phrase: str) -> str:
    """A phrase as matching respells it: by indicator_spellings.csv, in the order of its lines."""
    spelled = unicodedata.normalize("NFKC", phrase)
    for row in reference.rows("indicator_spellings.csv"):
        spelled = spelled.replace(row["spelling"], row["folded"])
    return spelled


def _declined() -> Iterator[str]:
    """Phrases of another one's reason (`as …`) must name one that has its own."""
    rows = {row["phrase"]: row["reason"] for row in reference.rows("declined_phrases.csv")}
    for phrase, reason in rows.items():
        other = re.match(r"as (\S+?)(?:[:;]|$)", reason)
        if not phrase.strip() or not reason.strip():
            yield f"declined_phrases.csv: {phrase or reason} lacks a phrase or a reason"
        elif other and (other[1] not in rows or rows[other[1]].startswith("as ")):
            yield f"declined_phrases.csv: {phrase} is declined as {other[1]}, which has no reason of its own"


def _beside_aliases() -> Iterator[str]:
    """Ids that other files name must be in the catalogue, and their codes must be known ones."""
    ids = {row["id"] for row in reference.rows("indicators.csv")}
    units = {row["canonical_unit"] for row in reference.rows("units.csv")}
    dimensions = {row["dimension"] for row in reference.rows("units.csv")} | {""}
    named: list[tuple[str, Row, str, str]] = []
    for row in reference.rows("indicator_aliases.csv"):
        named += [("indicator_aliases.csv", row, row["alias"], row["indicator_id"] or " ")]
    for row in reference.rows("indicator_qualifiers.csv"):
        named += [
            ("indicator_qualifiers.csv", row, row["word"], row[column]) for column in ("indicator_ids", "not_for")
        ]
        if row["position"] not in _POSITIONS or not _is_breakdown(row["breakdown"]):
            entry = f"{where('indicator_qualifiers.csv', row)}: {row['word']}"
            yield f"{entry} has an unknown position or a broken breakdown"
    for row in reference.rows("indicator_surroundings.csv"):
        named += [("indicator_surroundings.csv", row, row["words"], row["indicator_ids"])]
        if row["breakdown"] != "-" and not _is_breakdown(row["breakdown"]):
            yield f"{where('indicator_surroundings.csv', row)}: {row['words']} has a broken breakdown"
        if row["required"] not in ("", "yes"):
            yield f"{where('indicator_surroundings.csv', row)}: {row['words']}: required is neither yes nor empty"
    for row in reference.rows("indicator_contexts.csv"):
        if not all(row["phrases"].split("|")) or not all(row["words"].split("|")):
            yield f"{where('indicator_contexts.csv', row)}: {row['phrases']} has an empty phrase or word"
    for row in reference.rows("indicator_variants.csv"):
        named += [("indicator_variants.csv", row, row["indicator_id"], f"{row['indicator_id']}|{row['becomes']}")]
        if row["aspect"] not in _ASPECTS or row["dimension"] not in dimensions:
            yield f"{where('indicator_variants.csv', row)}: {row['indicator_id']} has an unknown aspect or dimension"
    for row in reference.rows("indicator_shares.csv"):
        ids_of_row = (row["indicator_id"], row["share_id"], row["whole"])
        named += [("indicator_shares.csv", row, row["indicator_id"], "|".join(filter(None, ids_of_row)))]
        if row["must_be_said"] not in ("", "yes"):
            yield f"indicator_shares.csv: {row['indicator_id']}: must_be_said is neither yes nor empty"
    for row in reference.rows("unit_conversions.csv"):
        named += [("unit_conversions.csv", row, f"{row['from_unit']} to {row['to_unit']}", row["indicator_ids"])]
        if not {row["from_unit"], row["to_unit"]} <= units:
            yield f"{where('unit_conversions.csv', row)}: {row['from_unit']} or {row['to_unit']} is not in units.csv"
        if positive(row["factor"]) is None or not _is_breakdown(row["breakdown"]):
            entry = f"{where('unit_conversions.csv', row)}: {row['from_unit']} to {row['to_unit']}"
            yield f"{entry} has a broken factor or breakdown"
    for name, row, entry, listed in named:
        for unknown in sorted(set(listed.split("|")) - ids - {""}):
            shown = unknown if unknown.strip() == unknown else f"“{unknown}”"
            yield f"{where(name, row)}: {entry} names {shown}, which is not in the catalogue (indicators.csv)"


def _units() -> Iterator[str]:
    """Multipliers, dimensions, and that what extraction calls a unit is one: else its figures could not be kept."""
    dimensions: dict[str, set[str]] = {}
    rows = reference.rows("units.csv")
    for row in rows:
        others = dimensions.setdefault(row["canonical_unit"], set())
        if others and row["dimension"] not in others:
            both = " and ".join(sorted({*others, row["dimension"]}))
            yield f"{where('units.csv', row)}: {row['canonical_unit']} has the dimensions {both}"
        others.add(row["dimension"])
        if not all(row[column].strip() for column in ("canonical_unit", "dimension", "spelling")):
            yield f"{where('units.csv', row)}: a canonical_unit, dimension or spelling is empty"
        if positive(row["multiplier_to_canonical"]) is None:
            yield f"{where('units.csv', row)}: the multiplier of {row['spelling']} is no positive number or fraction"
    written = {row["unit"] for row in reference.rows("texts/units.csv")}
    for unit in sorted(written - {row["spelling"] for row in rows}):
        yield f"texts/units.csv: units.csv does not say what {unit} is"


def _places() -> Iterator[str]:
    places = gazetteer()
    for code, place in places.places.items():
        if not place.name or not code.isdigit() or len(code) not in (6, 9):
            yield f"places.csv: {code} {place.name} is no place"
        elif place.parent is None and place.level != "province":
            yield f"places.csv: {code} {place.name} has no parent"
        elif place.parent is not None and place.parent not in places.places:
            yield f"places.csv: the parent {place.parent} of {code} {place.name} is missing"
    for row in reference.rows("place_history.csv"):
        if places.above(row["code"]) is None and not row["code"].endswith("0000"):
            yield f"{where('place_history.csv', row)}: {row['code']} {row['name']} has no parent"
    for row in reference.rows("place_aliases.csv"):
        if not row["alias"].strip():
            yield f"{where('place_aliases.csv', row)}: an alias of {row['code']} is empty"
        if row["code"] not in places.places:
            entry = f"{where('place_aliases.csv', row)}: {row['alias']}"
            yield f"{entry} has the code {row['code']}, which is not in places.csv"
    current = {(code, place.name) for code, place in places.places.items()}
    known = current | {(row["code"], row["name"]) for row in reference.rows("place_history.csv")}
    for row in reference.rows("place_successions.csv"):
        for side in ("old", "new"):
            if (row[f"{side}_code"], row[f"{side}_name"]) not in known:
                yield f"{where('place_successions.csv', row)}: {row[f'{side}_code']} {row[f'{side}_name']} is unknown"


def _codes() -> Iterator[str]:
    for row in reference.rows("modality.csv"):
        if row["modality"] not in _MODALITIES:
            yield f"{where('modality.csv', row)}: {row['word']} has the unknown modality {row['modality']}"
    for row in reference.rows("obs_status.csv"):
        if not row["word"]:
            yield f"{where('obs_status.csv', row)}: {row['obs_status']} stands there without a word"
        elif row["obs_status"] not in _STATUSES:
            yield f"{where('obs_status.csv', row)}: {row['word']} has the unknown status {row['obs_status']}"
    for row in reference.rows("caveats.csv"):
        if not all(row.values()):
            yield f"{where('caveats.csv', row)}: {row['code']} lacks a name or description"


_COMPILED = {"pattern": "(?:{})", "not_before": "(?!{})", "beside": "[{}]"}
"""Columns of texts/*.csv that are regular expressions, or the inside of a class, and how they are put into one."""


def _patterns() -> Iterator[str]:
    """A curator's pattern that is none would end the night at the first text."""
    for name in reference.names("texts/*.csv"):
        for row in reference.overlay_rows(name):
            for column in filter(row.get, _COMPILED):
                try:
                    re.compile(_COMPILED[column].format(row[column]))
                except (re.error, OverflowError, RecursionError) as error:
                    yield f"{where(name, row)}: the {column} {row[column]} is no regular expression ({error})"


def positive(text: str) -> Fraction | None:
    """The number that a factor or multiplier is, plain or a fraction (10000, 0.5, 3/2000); null where it is none.

    At most 20 digits a part: a warehouse holds no figure that needs more, and 1e999999999 is reckoned with for ever.
    """
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return Fraction(text) or None
    except (ValueError, ZeroDivisionError):
        return None


def _is_breakdown(text: str) -> bool:
    parts = text.split(";") if text else []
    return parts == sorted(parts) and all(len(part.split("=")) == 2 and all(part.split("=")) for part in parts)
