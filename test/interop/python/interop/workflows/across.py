"""Workflows whose steps are served by two workers: queue `default` by one, queue `python` by the other."""
from __future__ import annotations

from celery import chain, chord, group

from .. import journal
from ..replacing import rebuild_signature, replace_with_queue, return_nested_signature
from ..tasks import add, count, echo, errback_old_style, fail, identity, ids, retry_once, tsum
from .registry import alone, members, outcome, patience, workflow

here, there = "default", "python"


def on(queue, sig):
    return sig.set(queue=queue)


@workflow()
def across_chain():
    return chain(on(here, add.s(1, 1)), on(there, add.s(2)), on(here, add.s(3)), on(there, add.s(4)))()


@workflow()
def across_chain_starting_there():
    return chain(on(there, add.s(1, 1)), on(here, add.s(2)), on(there, add.s(3)))()


@workflow()
def across_chain_fails_here():
    last = chain(on(there, add.s(1, 1)), on(here, fail.s()), on(there, add.s(3)))()
    return {"last": alone(last), "failed": alone(last.parent)}


@workflow()
def across_chain_fails_there():
    last = chain(on(here, add.s(1, 1)), on(there, fail.s()), on(here, add.s(3)))()
    return {"last": alone(last), "failed": alone(last.parent)}


@workflow()
def across_chain_with_retry():
    return chain(on(here, add.s(1, 1)), on(there, retry_once.s()), on(here, retry_once.s()), on(there, add.s(5)))()


def _alternating(number):
    return [on(here if i % 2 else there, add.s(i, i)) for i in range(number)]


@workflow()
def across_group():
    return group(_alternating(6))()


@workflow()
def across_chord_header():
    return chord(_alternating(20), on(here, tsum.s()))()


@workflow()
def across_chord_header_body_there():
    return chord(_alternating(20), on(there, tsum.s()))()


@workflow()
def across_chord_header_here_body_there():
    return chord([on(here, add.s(i, i)) for i in range(5)], on(there, tsum.s()))()


@workflow()
def across_chord_header_there_body_here():
    return chord([on(there, add.s(i, i)) for i in range(5)], on(here, tsum.s()))()


@workflow()
def across_chord_member_fails_here():
    result = chord([on(here, fail.s()), on(there, add.s(1, 1))], on(there, tsum.s()))()
    return {"body": alone(result), "members": members(result.parent)}


@workflow()
def across_chord_member_fails_there():
    result = chord([on(there, fail.s()), on(here, add.s(1, 1))], on(here, tsum.s()))()
    return {"body": alone(result), "members": members(result.parent)}


def _chord_after_task(first, rest):
    header = group(on(rest, add.s(i)) for i in range(4))
    return chain(on(first, add.s(1, 1)), header, on(rest, tsum.s()), on(first, add.s(1)))()


@workflow()
def across_chord_begun_here():
    return _chord_after_task(here, there)


@workflow()
def across_chord_begun_there():
    return _chord_after_task(there, here)


@workflow()
def across_two_chords():
    def stage(first, second):
        return group(on(first, add.s(1)), on(second, add.s(2)))

    return chain(
        on(here, identity.s(1)), stage(here, there), on(there, tsum.s()), stage(there, here), on(here, tsum.s())
    )()


@workflow()
def across_callback_there():
    key = journal.new_key()
    told = outcome(on(here, add.s(1, 1)).apply_async(link=on(there, echo.si("linked", key))))
    return {**told, "echoed": journal.settled(key, 1)}


@workflow()
def across_callback_here():
    key = journal.new_key()
    told = outcome(on(there, add.s(1, 1)).apply_async(link=on(here, echo.si("linked", key))))
    return {**told, "echoed": journal.settled(key, 1)}


@workflow()
def across_errback_there():
    result = on(here, fail.s()).apply_async(link_error=on(there, errback_old_style.s()))
    return {**outcome(result), "errbacks": len(journal.settled(result.id, 1))}


@workflow()
def across_errback_here():
    result = on(there, fail.s()).apply_async(link_error=on(here, errback_old_style.s()))
    return {**outcome(result), "errbacks": len(journal.settled(result.id, 1))}


@workflow()
def across_errback_of_chord():
    key = journal.new_key()
    joined = chord([on(there, fail.s()), on(here, add.s(1, 1))], on(here, tsum.s()))
    joined.link_error(on(there, count.si(key)))
    told = alone(joined())
    return {"body": told, "errbacks": len(journal.settled(key, 1))}


@workflow()
def across_replaced_task():
    steps = chain(on(here, replace_with_queue.s(40, there)), on(there, add.s(2)))
    back = chain(on(there, replace_with_queue.s(40, here)), on(here, add.s(2)))
    return {"here": outcome(steps()), "there": outcome(back())}


@workflow()
def across_signatures():
    def rebuilt(first, second):
        return chain(on(first, return_nested_signature.s("chord", "group")), on(second, rebuild_signature.s()))()

    return {"here": outcome(rebuilt(there, here)), "there": outcome(rebuilt(here, there))}


@workflow()
def across_ids():
    last = chain(on(here, ids.si(1)), on(there, ids.si(2)), on(here, ids.si(3)))()
    values = [
        result.get(timeout=patience, interval=0.2) for result in (last, last.parent, last.parent.parent)
    ]
    first = last.parent.parent.id
    return {
        "one_root": {root for root, _, _ in values} == {first},
        "parents": [parent for _, parent, _ in values] == [last.parent.id, first, None],
    }
