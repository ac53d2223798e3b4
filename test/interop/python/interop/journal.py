"""What tasks did besides returning a value: a file of lines for each key, in the folder that INTEROP_JOURNAL names."""
from __future__ import annotations

import os
import time
import uuid
from pathlib import Path


def _file(key: str) -> Path:
    return Path(os.environ["INTEROP_JOURNAL"]) / key


def new_key() -> str:
    return uuid.uuid4().hex


def write(key: str, line: str) -> None:
    """Appends a line. A write that short is atomic, so that tasks of several processes may share a key."""
    with _file(key).open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def read(key: str) -> list[str]:
    file = _file(key)
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def settled(key: str, at_least: int, timeout: float = 10.0, grace: float = 0.6) -> list[str]:
    """The lines once there are that many, and after a moment more in which others could come that should not."""
    deadline = time.monotonic() + timeout
    while len(read(key)) < at_least and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(grace)
    return read(key)
