"""A real PostgreSQL of Debian's package, in a temporary folder, for as long as a test needs it."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.server.site import eventually, free_port


def programs() -> Path | None:
    """The folder of `initdb` and `postgres`; Debian keeps it off the path."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((folder for folder in reversed(folders) if (folder / "postgres").exists()), None)


@contextmanager
def running(folder_of_programs: Path) -> Iterator[str]:
    """Start it and yield the URL of its database, as SQLAlchemy's asyncpg takes it."""
    user = _user()
    identity = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
    with tempfile.TemporaryDirectory(prefix="gongbao-postgresql-") as name:
        folder, port = Path(name), free_port()
        if user:
            shutil.chown(folder, user)
        data = folder / "data"
        subprocess.run(
            [
                folder_of_programs / "initdb",
                "-D",
                data,
                "-U",
                "prefect",
                "--auth=trust",
                "--encoding=UTF8",
                "--no-sync",
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            **identity,
        )
        options = ["-h", "127.0.0.1", "-p", str(port), "-k", name, "-F"]
        with (folder / "postgres.log").open("wb") as said:
            server = subprocess.Popen(
                [folder_of_programs / "postgres", "-D", data, *options],
                stdout=said,
                stderr=said,
                cwd=folder,
                **identity,
            )
        try:
            ready = [folder_of_programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
            eventually("PostgreSQL", lambda: subprocess.run(ready).returncode == 0 or None)
            yield f"postgresql+asyncpg://prefect@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(signal.SIGINT)  # fast: it waits for nobody
            server.wait()


def _user() -> str | None:
    """Whose it is where the tests run as root, whom `initdb` refuses; none else."""
    if os.geteuid() != 0:
        return None
    known = {each.pw_name for each in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)
