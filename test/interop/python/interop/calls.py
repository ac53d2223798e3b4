"""Plain calls: what the tests of values, options and endings ask for."""
from __future__ import annotations

import datetime
import time
import traceback
from typing import Any

from celery.result import AsyncResult

from .settings import app
from .workflows.registry import as_json, failure, patience


def answer_call(request: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"called": _answer(request)}
    except Exception:  # noqa: BLE001  the reader wants to know
        return {"called": {"crash": traceback.format_exc()}}


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    if "look" in request:
        result = AsyncResult(request["look"], app=app)
        return {"state": result.state, "info": result.info}
    if "forget" in request:
        AsyncResult(request["forget"], app=app).forget()
        return {}
    if "result" in request:
        return ending(AsyncResult(request["result"], app=app))
    begin = time.monotonic()
    told = ending(send(request))
    return {**told, "seconds": time.monotonic() - begin}


def send(request: dict[str, Any]) -> AsyncResult:
    """Calls a task by its name."""
    options = dict(request.get("options") or {})
    if options.get("expires") == "past":
        options["expires"] = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)
    # Not the task's own method: that would check the arguments by the function in Python.
    return app.send_task(request["call"], request.get("args") or [], request.get("kwargs") or {}, **options)


def ending(result: AsyncResult) -> dict[str, Any]:
    """All that a result says when it has come to its end."""
    try:
        value = result.get(timeout=patience, interval=0.1)
        # The text says which type Python made of it; the value itself may be none that JSON knows.
        told = {"value": value, "repr": repr(value)}
    except Exception as error:  # noqa: BLE001  it is the outcome
        module = type(error).__module__
        told = {**as_json(failure(error)), "module": module, "message": str(error)}
    return {"id": result.id, **told, **facts(result)}


def facts(result: AsyncResult) -> dict[str, Any]:
    return {
        "state": result.state,
        "asked": [result.ready(), result.successful(), result.failed()],
        "name": result.name,
        "retries": result.retries,
        "queue": result.queue,
        "hasTraceback": bool(result.traceback),
        "hasDate": isinstance(result.date_done, datetime.datetime),
        "children": [child.id for child in result.children or []],
    }
