"""The fixture tasks. `app.ts` has the same under the same names."""
from __future__ import annotations

import datetime
import decimal
import time
import uuid

from celery import Task

from . import journal
from .settings import app


class ExpectedException(Exception):
    """What tasks raise that are meant to fail."""


def task(**options):
    """Defines a task under its function's name, in a name space that both languages can write."""

    def define(function):
        return app.task(name=f"interop.{function.__name__}", **options)(function)

    return define


@task()
def identity(value):
    return value


@task()
def add(x, y, z=None):
    return x + y + z if z else x + y


@task()
def mul(x, y):
    return x * y


@task()
def tsum(numbers):
    return sum(numbers)


@task()
def xsum(numbers):
    return sum(sum(number) if isinstance(number, (list, tuple)) else number for number in numbers)


@task()
def delayed(value, seconds):
    time.sleep(seconds)
    return value


@task()
def fail(*args):
    raise ExpectedException("Task expected to fail", *args)


@task()
def raise_error(*_):
    raise ValueError("deliberate error")


@task(bind=True)
def ids(self: Task, i):
    return [self.request.root_id, self.request.parent_id, i]


@task(bind=True)
def collect_ids(self: Task, before, i):
    return [before, [self.request.root_id, self.request.parent_id, i]]


@task()
def echo(message, key):
    journal.write(key, message)
    return message


@task()
def count(key):
    journal.write(key, "counted")


@task()
def errback_old_style(failed_id):
    journal.write(failed_id, "old style")


@task()
def errback_new_style(request, exc, traceback):
    journal.write(request.id, f"{type(exc).__name__} with traceback: {traceback is not None}")


@task(bind=True, max_retries=1)
def retry_once(self: Task, *_):
    if self.request.retries:
        return self.request.retries
    # Any less, and the retry may end while this run has not stored RETRY yet, which then stays.
    raise self.retry(countdown=0.5)


@task(bind=True, max_retries=3)
def retry(self: Task, value=None):
    """Fails for ever, or until the fourth attempt if there is a value to return then."""
    if value is not None and self.request.retries == 3:
        return value
    raise self.retry(countdown=0.5, exc=ExpectedException("Task expected to fail"))


@task(bind=True)
def return_request(self: Task, *_):
    request = self.request
    return {
        "retries": request.retries,
        "priority": request.delivery_info.get("priority"),
        "headers": request.headers,
        "timelimit": request.timelimit,
        "root_id": request.root_id,
        "parent_id": request.parent_id,
        "argsrepr": request.argsrepr,
        "ignore_result": request.ignore_result,
        "eta": request.eta is not None,
    }


@task(bind=True)
def return_priority(self: Task, *_):
    return f"Priority: {self.request.delivery_info['priority']}"


@task(bind=True)
def return_stamps(self: Task, *_):
    return [sorted(self.request.stamped_headers or []), self.request.stamps]


@task(bind=True)
def echo_stamps(self: Task, key):
    journal.write(key, ",".join(sorted(self.request.stamped_headers or [])))


@task()
def describe(value):
    return repr(value)


@task()
def sample(kind):
    """A value of a kind that JSON does not have."""
    return {
        "datetime": datetime.datetime(2026, 11, 20, 18, 13, 6, 984000, tzinfo=datetime.timezone.utc),
        "date": datetime.date(2026, 11, 20),
        "time": datetime.time(18, 13, 6),
        "decimal": decimal.Decimal("12.50"),
        "uuid": uuid.UUID("11111111-2222-4333-8444-555555555555"),
        "bytes": b"hello",
        "binary": b"\xff\xfe",
        "nan": float("nan"),
        "infinity": float("inf"),
        "unicode": "ma\u00f1ana \U0001f33f \u2028 \ufffe",
        "tuple": (1, (2, 3)),
        "nested": {"list": [1, {"deep": None}], "\u00e9": True},
        "nothing": None,
    }[kind]


@task(bind=True)
def progress(self: Task, key):
    """Tells of its progress and goes on when somebody has seen it."""
    self.update_state(state="PROGRESS", meta={"step": 1, "of": 2})
    journal.settled(key, 1, grace=0)
    return "done"
