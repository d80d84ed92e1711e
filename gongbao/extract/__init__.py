"""Texts and grids to statements with provenance: pure functions, no database, no clock, no network.

`extract_text` reads a bulletin, `extract_grid` a workbook; `read_frame` reads only what a text says about itself.
`version` changes with every change of the sources or the vocabulary, so that what was extracted before is done again.
"""

from gongbao import compiled

# Before its modules are imported: they may lie elsewhere.
__path__ = compiled.search_path(__path__)

from gongbao.extract.fingerprint import version
from gongbao.extract.frame import read_frame
from gongbao.extract.sheets import extract_grid
from gongbao.extract.text import extract_text

__all__ = ["extract_grid", "extract_text", "read_frame", "version"]
