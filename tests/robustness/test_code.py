"""What the code does nowhere, and what the locks have everywhere: looked for in all of it."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator

import pytest

from tests.conftest import ROOT

FORBIDDEN_CALLS = {
    "eval": "runs text",
    "exec": "runs text",
    "compile": "makes code of text",
    "os.system": "runs a shell",
    "os.popen": "runs a shell",
    "yaml.load": "makes objects of any class",
    "yaml.unsafe_load": "makes objects of any class",
    "yaml.full_load": "makes objects of many classes",
    "pickle.load": "runs what the bytes say",
    "pickle.loads": "runs what the bytes say",
    "tempfile.mktemp": "names a file that another may make first",
    "ssl._create_unverified_context": "trusts every certificate",
}
FORBIDDEN_ARGUMENTS = {("shell", True), ("verify", False), ("check_hostname", False)}
FORBIDDEN_IMPORTS = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "telnetlib", "ftplib"}
FORBIDDEN_ATTRIBUTES = {"CERT_NONE"}


def found_in(code: str) -> Iterator[str]:
    """What is forbidden in a module's code, as it is written there."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call):
            if ast.unparse(node.func) in FORBIDDEN_CALLS:
                yield ast.unparse(node.func)
            for argument in node.keywords:
                if (
                    isinstance(argument.value, ast.Constant)
                    and (argument.arg, argument.value.value) in FORBIDDEN_ARGUMENTS
                ):
                    yield f"{argument.arg}={argument.value.value}"
        elif isinstance(node, ast.Attribute) and node.attr in FORBIDDEN_ATTRIBUTES:
            yield node.attr
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name.split(".")[0] in FORBIDDEN_IMPORTS)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in FORBIDDEN_IMPORTS:
            yield str(node.module)


def test_nothing_runs_a_shell_unpickles_or_trusts_any_certificate() -> None:
    files = [path for package in ("gongbao", "flows") for path in (ROOT / package).rglob("*.py")]
    assert len(files) > 200
    found = {(path.relative_to(ROOT).as_posix(), each) for path in files for each in found_in(path.read_text("utf-8"))}
    assert found == set()


@pytest.mark.parametrize(
    "code",
    [
        "eval('1')", "import os; os.system('ls')", "subprocess.run('ls', shell=True)", "import pickle",
        "from pickle import loads", "yaml.load(text)", "httpx.Client(verify=False)",
        "context.verify_mode = ssl.CERT_NONE",
    ],
)  # fmt: skip
def test_the_look_finds_it(code: str) -> None:
    assert list(found_in(code))


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_each_line_of_a_lock_pins_a_version_and_has_hashes(name: str) -> None:
    """pip refuses with --require-hashes what has none; that all have is told here, before an install."""
    lines = (ROOT / name).read_text("utf-8").replace("\\\n", " ").splitlines()
    pinned = [line for line in lines if line.strip() and not line.startswith("#")]
    assert len(pinned) > 100
    assert [
        line for line in pinned if not re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+ .*--hash=sha256:[0-9a-f]{64}", line)
    ] == []
    assert not re.search(r"https?://", "\n".join(pinned))


def test_what_is_installed_is_what_the_locks_say() -> None:
    commands = (ROOT / "Makefile").read_text("utf-8")
    installs = [line for line in commands.splitlines() if "pip install" in line and "--editable" not in line]
    assert installs
    assert [line for line in installs if "--require-hashes" not in line] == []
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    locked = (ROOT / "requirements.lock").read_text("utf-8").lower()
    for each in declared:
        name = re.split(r"[\s\[<>=!~;]", each, maxsplit=1)[0].lower()
        assert re.search(rf"^{re.escape(name)}(\[[^\]]*\])?==", locked, re.M), name


def test_security_md_names_tests_that_are_there() -> None:
    table = (ROOT / "SECURITY.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| (S\d+) \|.*\| ([^|]*) \|$", table, re.M))
    assert list(rows) == [f"S{number}" for number in range(1, 24)]
    for rule, told in rows.items():
        folder = ROOT / "tests"
        for name in re.findall(r"`([\w/]*test_\w+\.py)`", told):
            folder = (ROOT / "tests" / name).parent if "/" in name else folder  # a bare name is beside the one before
            assert (folder / name.rpartition("/")[2]).is_file(), f"{rule}: {name}"
