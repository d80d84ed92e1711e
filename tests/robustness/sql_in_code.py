"""What is put into SQL in the code: every expression within a text that is executed, found in its syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

EXECUTING = {"execute": 0, "executemany": 0, "sql": 0, "exec_driver_sql": 0, "query": 1}
"""The methods that run SQL, and which of their arguments it is."""


def put_into_sql(code: str) -> Iterator[tuple[str, str]]:
    """The function and the expression, of each that is no literal: within an f-string, joined, or the SQL as a whole.

    A name is followed to what the function, or else the module, assigns to it; one that nothing does is an argument.
    """
    tree = ast.parse(code)
    for function, node in _with_functions(tree, "", None):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in EXECUTING:
            place = EXECUTING[node.func.attr]
            scope = function[1] or tree
            if len(node.args) > place:
                for expression in _expressions(node.args[place], scope, tree, ()):
                    yield function[0], " ".join(expression.split())


def of_package(root: Path, package: str) -> Iterator[tuple[str, str, str]]:
    """`put_into_sql` of all modules of a package: the file first."""
    for path in sorted((root / package).rglob("*.py")):
        for function, expression in put_into_sql(path.read_text("utf-8")):
            yield path.relative_to(root).as_posix(), function, expression


def _with_functions(
    node: ast.AST, name: str, inside: ast.AST | None
) -> Iterator[tuple[tuple[str, ast.AST | None], ast.AST]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _with_functions(child, child.name, child)
        else:
            yield (name, inside), child
            yield from _with_functions(child, name, inside)


def _expressions(node: ast.expr, scope: ast.AST, tree: ast.Module, seen: tuple[str, ...]) -> Iterator[str]:
    match node:
        case ast.Constant():
            pass
        case ast.JoinedStr(values):
            for part in values:
                if isinstance(part, ast.FormattedValue):
                    yield ast.unparse(part.value)
        case ast.IfExp(body=one, orelse=other):
            yield from _expressions(one, scope, tree, seen)
            yield from _expressions(other, scope, tree, seen)
        case ast.Name(name) if name not in seen:
            found = _assigned(scope, name) or _assigned(tree, name)
            for value in found:
                yield from _expressions(value, scope, tree, (*seen, name))
            if not found or _is_bound_otherwise(scope, name):
                yield name
        case _:
            yield ast.unparse(node)


def _assigned(scope: ast.AST, name: str) -> list[ast.expr]:
    nodes = scope.body if isinstance(scope, ast.Module) else list(ast.walk(scope))
    return [
        node.value
        for node in nodes
        if (
            (isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == name for to in node.targets))
            or (
                isinstance(node, ast.AnnAssign | ast.AugAssign)
                and isinstance(node.target, ast.Name)
                and node.target.id == name
            )
        )
        and node.value is not None
    ]


def _is_bound_otherwise(scope: ast.AST, name: str) -> bool:
    """By a loop, a `with` or in a tuple: what it is then is not followed."""
    alone = {
        id(to)
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign)
        for to in (node.targets if isinstance(node, ast.Assign) else [node.target])
    }
    return any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store) and id(node) not in alone
        for node in ast.walk(scope)
    )
