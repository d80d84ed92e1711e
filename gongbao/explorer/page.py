"""The page that shows a release in a browser: its files, as they lie in a release's folder `explorer/`.

index.html          the page
explorer.css
explorer.js         all of code/*.js in one, without comments and indentation
hyparquet.js        the vendored reader of Parquet (vendor/README.md), beside its licence
"""

from __future__ import annotations

from pathlib import Path

import rjsmin

HERE = Path(__file__).parent


def files() -> dict[str, bytes]:
    """Each file of the page by its name."""
    code = [path.read_text("utf-8") for path in sorted((HERE / "code").glob("*.js"))]
    return {
        "index.html": (HERE / "index.html").read_bytes(),
        "explorer.css": (HERE / "explorer.css").read_bytes(),
        "explorer.js": rjsmin.jsmin("\n".join(code)).encode(),
        **{path.name: path.read_bytes() for path in sorted((HERE / "vendor").glob("hyparquet.*"))},
    }
