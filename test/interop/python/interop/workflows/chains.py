"""Chains, and chains that become chords."""
from __future__ import annotations

import datetime
import time

from celery import chain, chord, group

from .. import journal
from ..tasks import add, count, echo, fail, identity, retry_once, return_priority, sample, tsum
from .registry import alone, failure, outcome, patience, workflow

past = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)


@workflow()
def simple_chain():
    return (add.s(4, 4) | add.s(8) | add.s(16))()


@workflow()
def single_chain():
    return chain(add.s(3, 4))()


@workflow()
def empty_chain():
    return chain()()


@workflow()
def chain_of_chain_single_task():
    return chain([chain(identity.s(42))]).apply_async()


@workflow()
def chain_of_twenty():
    return chain(add.s(0, 1), *[add.s(1)] * 19)()


@workflow()
def chain_with_immutable_step():
    return (add.s(1, 1) | add.si(10, 10) | add.s(5))()


@workflow()
def chain_called_with_arguments():
    return chain(add.s(1), add.s(2)).apply_async((10,), {"z": 100})


@workflow()
def partial_called_with_arguments():
    return add.s(2).apply_async((3,), {"z": 4})


@workflow()
def chain_results_of_every_step():
    last = (add.s(1, 1) | add.s(2) | add.s(3))()
    last.get(timeout=patience, interval=0.2)
    return {"values": [result.get(timeout=1) for result in (last.parent.parent, last.parent, last)]}


@workflow()
def chain_with_retried_step():
    return (add.s(1, 1) | retry_once.s() | add.s(10))()


@workflow()
def chain_with_later_step_delayed():
    begin = time.monotonic()
    told = outcome((add.s(1, 1) | add.s(2).set(countdown=2) | add.s(3))())
    return {**told, "waited": time.monotonic() - begin >= 2}


@workflow()
def chain_with_priorities():
    return (return_priority.s().set(priority=3) | return_priority.s().set(priority=5))()


@workflow()
def chain_with_values():
    return (sample.s("datetime") | identity.s() | identity.s())()


@workflow()
def chain_fails_in_the_middle():
    last = (add.s(1, 1) | fail.s() | add.s(3) | add.s(4))()
    steps = [last.parent.parent.parent, last.parent.parent, last.parent, last]
    return {"steps": [alone(step) for step in reversed(steps)][::-1]}


@workflow(
    target={"error": "TaskRevokedError", "args": ["expired"], "states": ["SUCCESS", "REVOKED", "REVOKED"]},
    note="Celery leaves the steps after a revoked one PENDING for ever.",
)
def chain_with_expired_step():
    last = chain(add.s(1, 1), add.s(2).set(expires=past), add.s(3))()
    told = outcome(last)
    # A worker may write what becomes of the third step a moment after what became of the second.
    time.sleep(2)
    return {**told, "states": [last.parent.parent.state, last.parent.state, last.state]}


@workflow()
def group_results_in_chain():
    return group(add.s(1, 2) | group(add.s(1), add.s(2)))()


@workflow()
def chain_inside_group_receives_args():
    return (add.s(5, 6) | group(add.s(1) | add.s(2), add.s(3)))()


@workflow()
def group_result_not_has_cache():
    return group(identity.si(1), identity.si(2), chain(identity.si(5), group(identity.si(3), identity.si(4))))()


@workflow()
def chain_error_handler_with_eta():
    eta = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=2)
    told = outcome(chain(group(add.s(1, 2), add.s(3, 4)), tsum.s()).on_error(echo.si("", "x")).apply_async(eta=eta))
    return {**told, "after_eta": datetime.datetime.now(datetime.timezone.utc) >= eta}


@workflow()
def task_group_chord():
    return (add.si(1, 0) | group(add.s(1), add.s(1)) | group(tsum.s(), tsum.s()) | tsum.s())()


def _pair(x):
    return group(add.s(x), add.s(x))


@workflow()
def chords_as_groups_then_task():
    return (add.si(1, 0) | _pair(1) | tsum.s() | add.s(1) | _pair(1) | tsum.s())()


@workflow()
def chain_of_explicit_chords():
    def three(first, second, third):
        return chain(chord(first, tsum.s()), chord(_pair(second), tsum.s()), chord(_pair(third), tsum.s()))

    return (three(group(add.si(1, 0), add.si(1, 0)), 1, 0) | three(_pair(10), 0, 1))()


def _chain_of_chords(number):
    def triple(x):
        return chord(group(add.s(x), add.s(x), add.s(x)), tsum.s())

    first = chord(group(add.si(1, 0), add.si(1, 0), add.si(1, 0)), tsum.s())
    return chain(first, *[triple(1) for _ in range(number - 2)], triple(0))()


@workflow()
def chain_of_four_chords():
    return _chain_of_chords(4)


@workflow(heavy=True)
def chain_of_nine_chords():
    return _chain_of_chords(9)


@workflow()
def group_tsum_task_group():
    return (group(add.s(1, 1), add.s(1, 1)) | tsum.s() | add.s(1) | _pair(1))()


@workflow()
def group_tsum_two_tasks_group():
    return (group(add.s(1, 1), add.s(1, 1)) | tsum.s() | add.s(1) | add.s(1) | _pair(1))()


@workflow()
def nested_chain_group_lone():
    return chain(group(identity.s(42), identity.s(42)))()


@workflow()
def nested_chain_group_mid():
    return chain(identity.s(42), group(identity.s(), identity.s()), identity.s())()


@workflow()
def chain_flattening_keeps_links():
    key, errors = journal.new_key(), journal.new_key()
    inner = chain(identity.s("a"), add.s("b"))
    inner.link(echo.si("linked", key))
    inner.link_error(echo.si("error", errors))
    told = outcome(chain(inner, add.s("c"))())
    return {**told, "echoed": journal.settled(key, 1), "errors": journal.read(errors)}


@workflow(heavy=True)
def chain_children_with_callbacks():
    key = journal.new_key()
    child = identity.si(1337)
    child.link(count.si(key))
    told = outcome(chain(child.clone() for _ in range(42))())
    return {**told, "callbacks": len(journal.settled(key, 42))}


@workflow()
def chain_children_with_errbacks():
    key = journal.new_key()
    child = fail.si()
    child.link_error(count.si(key))
    told = outcome(chain(child.clone() for _ in range(42))())
    return {**told, "errbacks": len(journal.settled(key, 1))}


@workflow()
def chain_errback_on_every_step():
    key = journal.new_key()
    steps = chain(add.s(1, 1), fail.s(), add.s(1))
    steps.link_error(count.si(key))
    told = outcome(steps())
    return {**told, "errbacks": len(journal.settled(key, 1))}


@workflow(
    target={"error": "ExpectedException", "args": ["Task expected to fail"]},
    note="Celery leaves the group's members PENDING for ever.",
)
def chain_fails_before_group():
    return outcome((fail.s() | group(add.s(1), add.s(2)))(), timeout=min(patience, 5))


@workflow(
    target={"error": "ExpectedException", "args": ["Task expected to fail", 2]},
    note="Celery leaves the group's members PENDING for ever.",
)
def error_propagates_to_group_at_the_end():
    return outcome((add.s(1, 1) | fail.s() | group(add.s(1), add.s(1)))(), timeout=min(patience, 5))


@workflow()
def error_propagates_from_group_at_the_end():
    return (add.s(1, 1) | add.s(1) | group(add.s(1), fail.s()))()


@workflow()
def chain_with_unknown_task():
    from ..settings import app

    told = outcome((add.s(1, 1) | app.signature("interop.no_such_task"))())
    return {"error": told["error"], "names_it": "interop.no_such_task" in told["args"][0]}


@workflow()
def group_without_members_in_chain():
    return {
        "first": outcome(chain(group([]), tsum.s())()),
        "middle": outcome((add.s(1, 1) | group([]) | tsum.si([1]))()),
    }


@workflow()
def group_of_one_in_chain():
    return {
        "lone": outcome(chain(group(add.s(1, 1)))()),
        "first": outcome((group(add.s(1, 1)) | tsum.s())()),
        "last": outcome((add.s(1, 1) | group(add.s(5)))()),
    }


def _logged(*lines):
    """Steps that leave a line each, and a function that tells all lines, sorted."""
    key = journal.new_key()
    return [echo.si(line, key) for line in lines], lambda: sorted(journal.settled(key, len(lines)))


@workflow()
def mixed_canvas_last_plain():
    (s1, s2, s3, s4, s5, s6, s7, s8, s9, done), lines = _logged(*"123456789", "Done")
    told = outcome(chain(group(s1, s2), group(s3, s4, s5), group(s6, s7, s8, s9), done)())
    return {**told, "echoed": lines()}


@workflow()
def mixed_canvas_last_group():
    (s1, s2, s3, s4, s5, s6, s7, s8, s9, done), lines = _logged(*"123456789", "Done")
    told = outcome(chain(group(s1, s2), group(s3, s4, s5), group(s6, s7, s8, s9), group(done))())
    return {**told, "echoed": lines()}


@workflow()
def upgraded_chords_starting_with_chord():
    (s1, s2, s3, s4, s5, s6, s7, s8, s9, done), lines = _logged(*"123456789", "Done")
    first = chord(group(s1, s2, s3), group(s4, s5, s6))
    told = outcome(chain(first, group(s7), group(s8), s9, done)())
    return {**told, "echoed": lines()}


@workflow()
def upgraded_chords_mixed():
    (s1, s2, s3, s4, s5, s6, s7, s8, s9, done), lines = _logged(*"123456789", "Done")
    first = chord(group(s1, s2, s3), group(s4, s5, s6))
    told = outcome(chain(first, s7, group(s8), s9, done)())
    return {**told, "echoed": lines()}


@workflow()
def upgrade_to_chord_inside_chains():
    key = journal.new_key()
    a, b = echo.si("a", key), echo.si("b", key)
    told = outcome(chain(group(a, a) | group(a, a), (a | b))())
    lines = journal.settled(key, 6)
    return {**told, "a": lines.count("a"), "b": lines.count("b")}


@workflow()
def link_to_group_is_refused():
    try:
        group(add.s(1, 1), add.s(2, 2)).apply_async(link=identity.s())
    except TypeError as error:
        return failure(error)
    return {"value": None}
