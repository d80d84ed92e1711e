"""What commands share: options with their help, and a warning."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

WarehouseFolder = Annotated[Path | None, Parameter(name="--warehouse", help="The warehouse folder.")]
Json = Annotated[bool, Parameter(name="--json", negative=(), help="One JSON document on standard output.")]


def warn_of_root() -> None:
    """As root the program warns and runs: files it writes may lock the operator out."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        print("gongbao: running as root; an account of its own is safer", file=sys.stderr)
