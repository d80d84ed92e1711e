"""How much of one file is let in; beyond any of these it goes to quarantine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, characters, cells and seconds for one file.

    Of the process that parses: `memory_bytes` is its address space, `read_seconds` its wall clock and CPU a file,
    `answer_bytes` what it may find in one, `written_bytes` what it may write to any file at all.
    """

    file_bytes: int = 50_000_000
    line_characters: int = 1_000_000
    inflated_bytes: int = 200_000_000
    archive_members: int = 5_000
    sheet_cells: int = 1_000_000
    sheet_columns: int = 16_384
    read_seconds: float = 30.0
    memory_bytes: int = 1 << 30
    answer_bytes: int = 200_000_000
    written_bytes: int = 200_000_000
