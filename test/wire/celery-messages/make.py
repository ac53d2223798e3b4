"""Writes messages as real Celery puts them on SQS, for the tests of the wire.

    python -m venv venv && venv/bin/pip install celery==5.6.3 kombu==5.6.2 brotli zstandard && venv/bin/python make.py

Celery publishes to kombu's in-memory transport, which shares the message form with the SQS one: SQS adds base64 around the
JSON unless it is told not to (`sqs_base64_encoding`).
"""
import base64
import datetime
import decimal
import json
import pathlib
import uuid

from celery import Celery
from kombu.transport import memory
from kombu.utils.json import dumps, loads

messages = []


def put(self, queue, message, **_):
    messages.append(message)


memory.Channel._put = put
memory.Channel._put_fanout = lambda *_, **__: None

app = Celery("golden", broker="memory://", backend="cache+memory://")
app.conf.task_default_queue = "celery"


@app.task(name="math.add")
def add(x, y, z=None):
    return x + y


@app.task(name="text.fail")
def fail(*args):
    raise ValueError(*args)


def last(name, encoded=False):
    text = dumps(messages[-1])
    if encoded:
        text = base64.b64encode(text.encode()).decode()
    (here / f"{name}.txt").write_text(text + "\n")


here = pathlib.Path(__file__).parent
fixed = {"task_id": "11111111-2222-4333-8444-555555555555"}

add.apply_async((2, 3), **fixed)
last("delay")
last("delay-base64", encoded=True)

add.apply_async((2,), {"y": 3}, headers={"x-tenant": "acme"}, priority=7, time_limit=30, soft_time_limit=20, **fixed)
last("options")

when = datetime.datetime(2099, 1, 1, 12, 30, tzinfo=datetime.timezone.utc)
add.apply_async((2, 3), eta=when, expires=when + datetime.timedelta(days=1), **fixed)
last("eta-expires")

values = [
    datetime.datetime(2026, 11, 20, 18, 13, 6, 984592, tzinfo=datetime.timezone.utc),
    datetime.date(2026, 11, 20),
    datetime.time(18, 13, 6),
    decimal.Decimal("12.50"),
    uuid.UUID("11111111-2222-4333-8444-555555555555"),
    b"hello",
    b"\xff\xfe",
    "ma\u00f1ana \U0001F33F",
]
add.apply_async((values, []), **fixed)
last("values")

floats = [float("nan"), float("inf"), float("-inf"), 1.5, 1e-07, "NaN", {"a": [float("nan")]}]
add.apply_async((floats, []), **fixed)
last("floats")

east = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
instants = [
    datetime.datetime(2026, 11, 20, 18, 13, 6),
    datetime.datetime(2026, 11, 20, 18, 13, 6, 7, tzinfo=east),
    datetime.datetime(1, 1, 1, tzinfo=datetime.timezone.utc),
    datetime.datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=datetime.timezone.utc),
]
add.apply_async((instants, []), **fixed)
last("instants")

# What our side wrote, read by kombu and written again.
add.apply_async((loads((here / "ours.txt").read_text()), []), **fixed)
last("ours-returned")

(add.s(1, 2) | add.s(3)).apply_async(**fixed)
last("chain")

add.apply_async((1, 2), link=add.s(5), link_error=fail.s(), ignore_result=True, **fixed)
last("links")

for name in ("zlib", "brotli", "zstd", "bzip2", "lzma"):
    add.apply_async((2, 3), compression=name, **fixed)
    last(f"compressed-{name}")
