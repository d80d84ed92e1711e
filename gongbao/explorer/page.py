"""The page that shows a release in a browser: its files, as they lie in a release's folder `explorer/`.

index.html          the page
explorer.css
explorer.js         all of code/*.js in one, without comments and indentation
hyparquet.js        the vendored reader of Parquet (vendor/README.md), beside its licence
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
STRICT = '"use strict";'


def files() -> dict[str, bytes]:
    """Each file of the page by its name."""
    code = (path.read_text("utf-8") for path in sorted((HERE / "code").glob("*.js")))
    return {
        "index.html": (HERE / "index.html").read_bytes(),
        "explorer.css": "".join(_dense((HERE / "explorer.css").read_text("utf-8"))).encode(),
        "explorer.js": "".join([f"{STRICT}\n", *(line for text in code for line in _dense(text))]).encode(),
        **{path.name: path.read_bytes() for path in sorted((HERE / "vendor").glob("hyparquet.*"))},
    }


def _dense(text: str) -> Iterator[str]:
    """The lines without indentation, comments and blank ones: no text of the page goes over more than one."""
    lines = (line.strip() for line in text.splitlines())
    return (f"{line}\n" for line in lines if line and not line.startswith("//") and line != STRICT)
