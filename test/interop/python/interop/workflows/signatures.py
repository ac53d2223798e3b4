"""Signatures that travel as values, and stamps."""
from __future__ import annotations

from celery import chain, chord, group
from celery.canvas import StampingVisitor

from .. import journal
from ..replacing import rebuild_signature, return_nested_signature
from ..tasks import add, echo_stamps, identity, mul, return_stamps, xsum
from .registry import outcome, workflow


def _rebuilding(outer, inner):
    return lambda: chain(return_nested_signature.s(outer, inner), rebuild_signature.s())()


for _outer in ("chain", "group", "chord"):
    for _inner in ("chain", "group", "chord"):
        workflow(f"rebuild_nested_{_outer}_{_inner}")(_rebuilding(_outer, _inner))


class Monitoring(StampingVisitor):
    """Puts the same stamp on every signature."""

    def on_signature(self, sig, **headers):
        return {"monitoring_id": "m-1"}


@workflow()
def stamping_example():
    first = group(identity.s(i) for i in range(1, 4)) | xsum.s()
    both = chain(first, chord(group(mul.s(10) for _ in range(3)), xsum.s()))
    both.stamp(Monitoring())
    return both()


@workflow()
def stamps_reach_the_task():
    sig = return_stamps.s()
    sig.stamp(Monitoring(), tenant="acme")
    return sig.delay()


@workflow()
def stamps_reach_every_step():
    steps = chain(add.s(1, 1), identity.s(), return_stamps.s())
    steps.stamp(Monitoring())
    return steps()


@workflow()
def stamps_reach_header_and_body():
    joined = chord([return_stamps.s(), return_stamps.s()], identity.s())
    joined.stamp(Monitoring())
    return joined()


@workflow()
def stamps_reach_callbacks():
    key = journal.new_key()
    sig = add.s(1, 1)
    sig.link(echo_stamps.si(key))
    sig.stamp(Monitoring())
    return {**outcome(sig.delay()), "stamped": journal.settled(key, 1)}
