"""A client process: reads one JSON object per line, answers each with one line, many at a time.

    {"id": 1, "workflow": "simple_chain"}
    {"id": 2, "list": true}
    {"id": 3, "result": "<task id>"}      and so `look` and `forget`
    {"id": 4, "call": "interop.add", "args": [2, 3], "kwargs": {}, "options": {"countdown": 1}}
"""
from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from kombu.utils.json import dumps, loads

from . import replacing, tasks  # noqa: F401  defines the tasks
from .calls import answer_call
from .settings import app
from .workflows import run, workflows

#: As many workflows at a time: they mostly wait.
width = 24

_writing = threading.Lock()


def answer_to(request: dict) -> dict:
    if "workflow" in request:
        return {"outcome": run(request["workflow"])}
    if "list" in request:
        return {"workflows": [{"name": name, "target": w.target, "note": w.note, "heavy": w.heavy} for name, w in workflows.items()]}
    return answer_call(request)


def answer(request: dict) -> None:
    told = answer_to(request)
    with _writing:
        print(dumps({"id": request["id"], **told}), flush=True)


def serve() -> None:
    app.backend.client  # noqa: B018  made once, before there are threads
    print("ready", flush=True)
    with ThreadPoolExecutor(width) as pool:
        for line in sys.stdin:
            pool.submit(answer, loads(line))


if __name__ == "__main__":
    serve()
