"""Workflows by name, and the words to tell what became of one."""
from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any, Callable, Optional

from celery.canvas import Signature
from celery.result import AsyncResult

from .. import journal
from ..settings import app

#: The longest wait for one result, seconds. The tests wait less for workflows that only real Celery can end.
patience = float(os.environ.get("INTEROP_PATIENCE", "20"))

Told = dict[str, Any]


@dataclass(frozen=True)
class Workflow:
    run: Callable[[], Any]
    #: What Tallo has to give where Celery cannot or does worse, and why.
    target: Optional[Told] = None
    note: Optional[str] = None
    #: So much work that others would wait too long beside it.
    heavy: bool = False


workflows: dict[str, Workflow] = {}


def workflow(name: Optional[str] = None, **facts: Any):
    """Registers a function that builds a workflow, calls it and tells what became of it, or returns its result."""

    def register(function: Callable[[], Any]) -> Callable[[], Any]:
        known_as = name or function.__name__
        if known_as in workflows:
            raise ValueError(f"two workflows are named {known_as}")
        workflows[known_as] = Workflow(function, **facts)
        return function

    return register


def run(name: str) -> Told:
    """Runs one workflow. Never raises: what goes wrong in building it is told too."""
    try:
        return as_json(told(workflows[name].run()))
    except Exception as error:  # noqa: BLE001  whatever it is, the reader wants to know
        return as_json({"crash": type(error).__name__, "args": list(error.args)})


def told(what: Any) -> Told:
    return what if isinstance(what, dict) else outcome(what)


def outcome(result: Any, timeout: Optional[float] = None) -> Told:
    """The value of a result, or the exception that `get` raises."""
    if result is None:
        return {"value": None}
    try:
        return {"value": result.get(timeout=timeout or patience, interval=0.2)}
    except Exception as error:  # noqa: BLE001  it is the outcome
        return failure(error)


def failure(error: BaseException) -> Told:
    return {"error": type(error).__name__, "args": list(error.args)}


def alone(result: Any, timeout: Optional[float] = None) -> Told:
    """The outcome that is stored under the result's own id. `get` of a chord may also raise what its header raised, whichever it sees first."""
    return outcome(AsyncResult(result.id, app=app), timeout)


def chord_failure(result: Any) -> Told:
    """How a chord's failure shows: under the body's own id, and whether `get` raises (one exception or the other, see above)."""
    stored = alone(result, timeout=min(patience, 5))
    raised = outcome(result)
    return {"last": stored, "get_raises": raised.get("error") in ("ChordError", "ExpectedException")}


def members(result: Any) -> list[Told]:
    """The outcome of each member of a group."""
    return [alone(member) for member in result.results]


def with_echo(sig: Signature, lines: int, errback: bool = False) -> tuple[Signature, Callable[[], list[str]]]:
    """Links a task to the workflow that leaves a line, and gives a function that waits for so many lines and tells them."""
    from ..tasks import echo

    key = journal.new_key()
    (sig.link_error if errback else sig.link)(echo.si("echo", key))
    return sig, lambda: journal.settled(key, lines)


def as_json(what: Any) -> Told:
    """Values as JSON has them, whatever an exception may have as arguments."""
    return json.loads(json.dumps(what, default=repr))
