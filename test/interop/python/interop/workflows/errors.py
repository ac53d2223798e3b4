"""Callbacks, errbacks, and chords that fail."""
from __future__ import annotations

import datetime
import warnings

from celery import chain, chord, group
from celery.utils import uuid

from .. import journal
from ..replacing import fail_replaced
from ..settings import app, make_app
from ..tasks import add, count, echo, errback_old_style, fail, identity, mul, retry, retry_once, tsum
from .registry import alone, chord_failure, members, outcome, with_echo, workflow

# Celery says of every errback on a chord that a later version may do more.
warnings.filterwarnings("ignore", message=".*task_allow_error_cb_on_chord_header.*")

_forgotten = "Celery 5.6 forgets the id of the body's last task, which stays PENDING; only its parents tell of the failure."


def _inner(raised):
    """What is wanted of a chord inside another workflow whose body is made of several tasks."""
    return {
        "target": {"last": {"error": "ChordError", "args": [raised]}, "get_raises": True},
        "note": _forgotten,
    }


_expected = "ExpectedException('Task expected to fail')"

past = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)


@workflow()
def link_runs_with_result():
    key = journal.new_key()
    result = add.apply_async((2, 3), link=mul.s(10))
    told = outcome(result)
    (child,) = result.children
    return {**told, "callback": outcome(child), "key": journal.read(key)}


@workflow()
def two_links():
    key = journal.new_key()
    told = outcome(add.apply_async((2, 3), link=[echo.si("one", key), echo.si("two", key)]))
    return {**told, "echoed": sorted(journal.settled(key, 2))}


@workflow()
def link_is_a_chain():
    key = journal.new_key()
    told = outcome(add.apply_async((2, 3), link=chain(mul.s(10), echo.si("end", key))))
    return {**told, "echoed": journal.settled(key, 1)}


@workflow()
def link_is_a_group():
    key = journal.new_key()
    told = outcome(add.apply_async((2, 3), link=group(echo.si("one", key), echo.si("two", key))))
    return {**told, "echoed": sorted(journal.settled(key, 2))}


@workflow()
def link_after_retry():
    key = journal.new_key()
    told = outcome(retry_once.apply_async((), link=echo.si("linked", key)))
    return {**told, "echoed": journal.settled(key, 1)}


@workflow()
def link_of_failed_task_does_not_run():
    key = journal.new_key()
    told = outcome(fail.apply_async(("test",), link=echo.si("linked", key)))
    return {**told, "echoed": journal.settled(key, 0)}


@workflow()
def errback_gets_the_failed_id():
    result = fail.apply_async(("test",), link_error=errback_old_style.s())
    return {**outcome(result), "errbacks": len(journal.settled(result.id, 1))}


@workflow()
def errback_that_retries():
    return fail.apply_async(("test",), link_error=retry_once.s())


@workflow()
def errback_runs_once_after_all_retries():
    key = journal.new_key()
    told = outcome(retry.apply_async((), link_error=count.si(key)))
    return {**told, "errbacks": len(journal.settled(key, 1))}


@workflow()
def errback_of_expired_task_does_not_run():
    key = journal.new_key()
    told = outcome(add.apply_async((1, 1), expires=past, link_error=count.si(key)))
    return {**told, "errbacks": len(journal.settled(key, 0))}


@workflow()
def errback_of_wrong_arguments():
    key = journal.new_key()
    result = app.send_task("interop.ids", (), link_error=count.si(key))
    return {"error": alone(result)["error"], "errbacks": len(journal.settled(key, 1))}


@workflow()
def chord_with_expired_member():
    body = tsum.s()
    body.link_error(errback_old_style.s())
    result = chord([add.s(1, 1), add.s(2, 2).set(expires=past)], body)()
    told = alone(result)
    return {"body": told, "member": members(result.parent)[1], "errbacks": len(journal.settled(result.id, 1))}


@workflow()
def chord_with_failing_member():
    body = tsum.s()
    body.link_error(errback_old_style.s())
    result = chord([fail.s(), add.s(1, 1), add.s(2, 2)], body)()
    told = alone(result)
    return {"body": told, "members": members(result.parent), "errbacks": len(journal.settled(result.id, 1))}


@workflow()
def chord_get_raises_what_a_member_raised():
    result = chord([fail.s(), add.s(1, 1)], tsum.s())()
    alone(result)
    (first, _) = result.parent.results
    return outcome(first)


@workflow()
def chord_with_failing_body():
    return chord((identity.si(42),), fail.s())()


@workflow()
def chord_fails_with_group_as_body():
    result = chord([fail.s(), add.s(1, 1)], group(identity.s(), tsum.s()))()
    return {"body": members(result)}


@workflow(**_inner("ExpectedException('Task expected to fail', 2)"))
def chord_fails_in_chain():
    result = (add.s(1, 1) | group(add.s(1), fail.s()) | tsum.s() | add.s(1))()
    return chord_failure(result)


@workflow(**_inner(_expected))
def chord_error_nested_chain():
    result = chain(chain(group(add.si(1, 1), fail.si()), identity.s()), identity.s())()
    return chord_failure(result)


@workflow(**_inner(_expected))
def chain_last_id_with_failing_member():
    result = chain(
        identity.si("start"), group(identity.si("a"), fail.si()), identity.si("break"), identity.si("end")
    )()
    return chord_failure(result)


def _children():
    """What fails, by name."""
    return {
        "simple": fail.si(),
        "chain": chain(identity.si(42), fail.si(), identity.si(42)),
        "chain_tail": chain(identity.si(42), fail.si()),
        "group": group(identity.si(42), fail.si()),
    }


def _told(result):
    return {"members": members(result)} if hasattr(result, "results") else alone(result)


def _failing_header(kind):
    def run():
        joined, lines = with_echo(chord((_children()[kind],), identity.s()), 1, errback=True)
        return {"body": _told(joined()), "echoed": lines()}

    return run


def _failing_body(kind):
    def run():
        joined, lines = with_echo(chord((identity.si(42),), _children()[kind]), 1, errback=True)
        return {"body": _told(joined()), "echoed": lines()}

    return run


for _kind in _children():
    workflow(f"errback_of_chord_with_{_kind}_failing_in_header")(_failing_header(_kind))
    workflow(f"errback_of_chord_with_{_kind}_failing_in_body")(_failing_body(_kind))


def _many():
    return group(*[identity.si(42)] * 24, *[fail.s()] * 42)


@workflow()
def errback_of_chord_with_many_failing_in_header():
    key = journal.new_key()
    joined = chord(_many(), identity.s())
    joined.link_error(count.si(key))
    told = alone(joined())
    return {"body": told, "errbacks": len(journal.settled(key, 1))}


@workflow()
def errback_of_chord_with_many_failing_in_body():
    key = journal.new_key()
    joined = chord((identity.si(42),), group(*[identity.si(42)] * 24, *[fail.si()] * 42))
    joined.link_error(count.si(key))
    told = outcome(joined())
    return {**told, "errbacks": len(journal.settled(key, 42))}


@workflow()
def errback_of_chord_gets_body_id():
    joined = chord((identity.si(42),), fail.s())
    joined.link_error(errback_old_style.s())
    result = joined()
    told = alone(result)
    return {**told, "errbacks": len(journal.settled(result.id, 1))}


@workflow()
def errback_of_chord_with_failing_chain_gets_body_id():
    joined = chord((chain(identity.si(42), fail.si(), identity.si(42)),), identity.s())
    joined.link_error(errback_old_style.s())
    result = joined()
    told = alone(result)
    return {**told, "errbacks": len(journal.settled(result.id, 1))}


@workflow()
def errback_of_chord_gets_the_id_of_each_failed_body_member():
    failing = [uuid() for _ in range(10)]
    joined = chord((identity.si(42),), group(identity.si(42), *(fail.si().set(task_id=id) for id in failing)))
    joined.link_error(errback_old_style.s())
    told = outcome(joined())
    return {**told, "errbacks": [len(journal.settled(id, 1, grace=0.1)) for id in failing]}


@workflow()
def nested_chord_header_link_error():
    key = journal.new_key()
    inner = chord([identity.si("t1"), fail.si()], identity.si("t2"))
    outer = chord(group(identity.si("t3"), inner), echo.si("body", key))
    outer.link_error(echo.si("error", key))
    result = outer()
    return {"get_raises": chord_failure(result)["get_raises"], "echoed": journal.settled(key, 1)}


@workflow()
def errbacks_on_chord_header_when_allowed():
    """With `task_allow_error_cb_on_chord_header`: one for each failed member and one for the body."""
    allowing = make_app()
    allowing.conf.task_allow_error_cb_on_chord_header = True
    app.set_default()
    key = journal.new_key()
    joined = chord([identity.si(1), fail.si(), fail.si()], identity.s(), app=allowing)
    joined.link_error(echo.si("error", key))
    told = alone(joined())
    return {"body": told["error"], "echoed": journal.settled(key, 3)}


_bodies = {
    "task": lambda: add.si(9, 7),
    "chain": lambda: chain(add.si(9, 7), add.si(5, 7)),
    "group": lambda: group(add.si(9, 7), add.si(5, 7)),
    "chord": lambda: chord(group(add.si(1, 1), add.si(2, 2)), add.si(10, 10)),
}


def _propagating(kind):
    def run():
        result = chain(group(add.si(15, 7), fail.si()), _bodies[kind]())()
        return {"members": members(result)} if hasattr(result, "results") else chord_failure(result)

    return run


for _kind in _bodies:
    workflow(f"chord_error_reaches_a_{_kind}_as_body", **(_inner(_expected) if _kind == "chord" else {}))(_propagating(_kind))


@workflow()
def fails_replaced_in_group():
    both = group(fail_replaced.si(), identity.si(42))
    key = journal.new_key()
    both.tasks[0].link_error(count.si(key))
    told = outcome(both())
    return {**told, "errbacks": len(journal.settled(key, 1))}
