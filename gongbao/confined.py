"""DuckDB as it may be where its SQL meets what documents say: without files, network and extensions.

DuckDB reads any file and any address that its SQL names, and loads what it needs for it from the network. None of the
SQL here is a document's, and values are parameters; this is what still holds where that is wrong one day.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

SETTINGS = (
    "set autoinstall_known_extensions = false",
    "set autoload_known_extensions = false",
    "set allow_community_extensions = false",
    "set allow_persistent_secrets = false",
    "set enable_external_access = false",
    "set lock_configuration = true",
)
"""In this order: the last one forbids any other."""


def confine(connection: duckdb.DuckDBPyConnection, folders: Iterable[Path] = ()) -> None:
    """Leave a database its own file and these folders, for as long as it is open; no setting changes after that.

    Python's variables are no tables there: what is inserted is registered, or a relation of its own.
    """
    connection.execute("set allowed_directories = $1", [[str(folder.resolve()) for folder in folders]])
    for setting in SETTINGS:
        connection.execute(setting)
