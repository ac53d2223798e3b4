"""Messages that arrive twice, as SQS may deliver them."""
from __future__ import annotations

import contextlib
import threading

from celery import chain, chord, group
from kombu.transport import SQS

from ..tasks import add, identity, tsum
from .registry import outcome, workflow

_sending = threading.local()
_put = SQS.Channel._put


def _put_often(self, queue, message, **options):
    for _ in range(getattr(_sending, "times", 1)):
        _put(self, queue, message, **options)


SQS.Channel._put = _put_often


@contextlib.contextmanager
def twice():
    """Whatever this thread sends meanwhile is sent two times."""
    _sending.times = 2
    try:
        yield
    finally:
        _sending.times = 1


_note = "Celery counts every delivery of a member: the chord may be full too early, and fails then."


@workflow(target={"value": 90}, note=_note)
def chord_of_duplicated_messages():
    with twice():
        result = chord([add.s(i, i) for i in range(10)], tsum.s())()
    return outcome(result, timeout=10)


@workflow(target={"value": [3, 4]}, note=_note)
def chain_of_duplicated_messages():
    with twice():
        result = chain(identity.s(2), group(add.s(1), add.s(2)), identity.s())()
    return outcome(result, timeout=10)
