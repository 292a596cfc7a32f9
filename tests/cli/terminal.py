"""A terminal for tests: runs tobkit on a pseudo-terminal, answers its questions, and hands back what was seen."""

import os
import pty
import select
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ENTER = "\r"
CTRL_C = "\x03"
CTRL_D = "\x04"


def talk(
    arguments: Sequence[str], cwd: Path, answers: Sequence[str] = (), *, env: dict[str, str] | None = None
) -> tuple[int, str]:
    """Run tobkit on a terminal; each answer is typed once something new has been shown. Exit status and screen."""
    process, terminal = pty.fork()
    if process == 0:  # in the child
        os.chdir(cwd)
        os.execve(
            sys.executable,
            [sys.executable, "-m", "tobkit", *arguments],
            {"PATH": os.environ["PATH"], "TERM": "xterm", "LANG": "C.UTF-8", "HOME": str(cwd), **(env or {})},
        )
    seen = b""
    pending = list(answers)
    deadline = time.monotonic() + 30
    quiet_since, prompted = time.monotonic(), False
    while time.monotonic() < deadline:
        ready, _, _ = select.select([terminal], [], [], 0.02)
        if ready:
            try:
                data = os.read(terminal, 65536)
            except OSError:  # the other end has gone
                break
            if not data:
                break
            seen += data
            quiet_since, prompted = time.monotonic(), True
        elif pending and prompted and time.monotonic() - quiet_since > 0.05 and is_question(seen):
            os.write(terminal, pending.pop(0).encode())
            prompted = False
    else:
        os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), seen.decode("utf-8", "replace").replace("\r\n", "\n")


def is_question(seen: bytes) -> bool:
    """Whether what was shown last waits for an answer."""
    return seen.decode("utf-8", "replace").rstrip(" ").endswith((":", "："))
