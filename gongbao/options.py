"""Options that commands share, with their help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

WarehouseFolder = Annotated[Path | None, Parameter(name="--warehouse", help="The warehouse folder.")]
Json = Annotated[bool, Parameter(name="--json", negative=(), help="One JSON document on standard output.")]
