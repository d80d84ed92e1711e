"""YAML by libyaml, safe values alone: a tenth of the time of PyYAML's own parser, and it limits depth by itself.

Every command that reads a document reads some hundred kilobytes of it: templates, the marts' contract, suites.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from yaml import CSafeLoader, Node


def read(text: str) -> Any:
    """The value of a text of one document, null where it has none. Raises `yaml.YAMLError`."""
    return read_with_node(text)[0]


def read_with_node(text: str) -> tuple[Any, Node | None]:
    """The same beside the node that it was made of, which knows its lines.

    Raises `yaml.YAMLError`; for a value that is not what it looks like (2023-02-30, !!int x) PyYAML's own errors:
    `ValueError`, `AttributeError`, `LookupError`, `ArithmeticError`.
    """
    with _loader(text) as loader:
        node = loader.get_single_node()
        return (loader.construct_document(node) if node else None), node


@contextmanager
def _loader(text: str) -> Iterator[CSafeLoader]:
    loader = CSafeLoader(text)
    try:
        yield loader
    finally:
        loader.dispose()
