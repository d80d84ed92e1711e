"""Nights that begin in the same moment: `-m … COUNT ASKED` prints how each ended, as a JSON line."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

from tests.robustness.night import Asked, be


def main(count: int, asked: Asked) -> None:
    """Fork so many nights, let them all go at once, wait for each."""
    held, go = os.pipe()
    begun = {}
    for number in range(count):
        said = Path(f"{asked.pid}-{number}.said")
        night = os.fork()
        if not night:
            os.close(go)
            opened = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(opened, 1)
            os.dup2(opened, 2)
            os.read(held, 1)  # until the other end is closed
            be(asked)
        begun[night] = said
    began = time.monotonic()
    os.close(go)
    while begun:
        night, status = os.wait()
        told = {"exit_code": os.waitstatus_to_exitcode(status), "out": "", "err": begun.pop(night).read_text("utf-8")}
        print(json.dumps(told | {"seconds": time.monotonic() - began}), flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    main(int(sys.argv[1]), Asked(**json.loads(sys.argv[2])))
