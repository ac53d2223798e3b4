"""Tasks that replace themselves, alone and inside other workflows."""
from __future__ import annotations

from celery import chain, chord, group

from .. import journal
from ..replacing import (
    add_chord_to_chord,
    add_replaced,
    add_to_all,
    add_to_all_to_chord,
    replace_nesting,
    replace_with_chain,
    replace_with_chain_which_raises,
    replace_with_chord,
    replace_with_empty_chain,
    second_order_replace1,
)
from ..tasks import add, count, echo, fail, identity, tsum
from .registry import alone, outcome, patience, workflow


@workflow()
def task_replaced_with_task():
    return add_replaced.delay(2, 3)


@workflow()
def task_replaced_with_chain():
    return replace_with_chain.delay(42)


@workflow()
def task_replaced_with_group():
    return add_to_all.delay([1, 2, 3], 10)


@workflow()
def task_replaced_with_chord():
    return replace_with_chord.delay([1, 2, 3])


@workflow()
def task_replaced_with_empty_chain():
    return {"error": alone(replace_with_empty_chain.delay(42))["error"]}


@workflow()
def replacements_are_counted():
    return {"nesting": [outcome(replace_nesting.delay(depth))["value"] for depth in (0, 1, 2)]}


@workflow()
def second_order_replace():
    key = journal.new_key()
    told = outcome(second_order_replace1.delay(key))
    return {**told, "log": journal.settled(key, 5)}


@workflow()
def chain_replaced_with_chain_and_callback():
    key = journal.new_key()
    steps = chain(identity.s("Hello "), replace_with_chain.s("internal", key), add.s("world"))
    return {**outcome(steps()), "echoed": journal.settled(key, 1)}


@workflow()
def chain_replaced_with_raising_chain_and_errback():
    key = journal.new_key()
    steps = chain(identity.s("Hello "), replace_with_chain_which_raises.s("internal", key), add.s(" will not be seen"))
    return {**outcome(steps()), "echoed": journal.settled(key, 1)}


@workflow()
def chain_with_errback_replaced_with_chain_with_errback():
    key = journal.new_key()
    steps = chain(identity.s("Hello "), replace_with_chain_which_raises.s("internal", key), add.s(" will not be seen"))
    steps.link_error(echo.si("outer", key))
    return {**outcome(steps()), "echoed": sorted(journal.settled(key, 2))}


@workflow()
def chain_with_errback_child_replaced():
    key = journal.new_key()
    steps = chain(add_replaced.si(42, 1337), fail.s())
    steps.link_error(count.si(key))
    return {**outcome(steps()), "errbacks": len(journal.settled(key, 1))}


@workflow()
def chain_child_with_callback_replaced():
    key = journal.new_key()
    child = add_replaced.si(42, 1337)
    child.link(count.si(key))
    return {**outcome(chain(child, identity.s())()), "callbacks": len(journal.settled(key, 1))}


@workflow()
def chain_child_replaced_first():
    return chain(replace_with_chain.si(42), identity.s())()


@workflow()
def chain_child_replaced_middle():
    return chain(identity.s(42), replace_with_chain.s(), identity.s())()


@workflow()
def chain_child_replaced_last():
    return chain(identity.s(42), replace_with_chain.s())()


@workflow()
def group_with_callback_child_replaced():
    key = journal.new_key()
    both = group(add_replaced.si(42, 1337), identity.si(31337))
    both.link(count.s(key))
    return {**outcome(both()), "callbacks": len(journal.settled(key, 1))}


@workflow()
def group_with_errback_child_replaced():
    key = journal.new_key()
    both = group(add_replaced.si(42, 1337), fail.s())
    both.link_error(count.si(key))
    return {**outcome(both()), "errbacks": len(journal.settled(key, 1))}


@workflow()
def group_child_replaced():
    return {
        "first": outcome(group(replace_with_chain.si(42), identity.s(1337))()),
        "last": outcome(group(identity.s(42), replace_with_chain.s(1337))()),
    }


@workflow()
def replace_with_group_preserves_order():
    return group([add_to_all.s([2, 1], 1), add_to_all.s([4, 3], 1)] * 10)()


@workflow()
def group_chain():
    return (add.s(2, 2) | group(add.s(i) for i in range(4)) | add_to_all.s(8))()


@workflow()
def group_chain_with_kwargs():
    return (add.s(2, 2) | group(add.s(i) for i in range(4)) | add_to_all.s(8)).apply_async(kwargs={"z": 1})


@workflow()
def single_task_header():
    return {
        "chord": outcome(chord([add.s(2, 5)], add_to_all.s(9))()),
        "group": outcome((group([add.s(2, 5)]) | add_to_all.s(9))()),
    }


@workflow()
def nested_chord():
    def two(first, second):
        return [chord(first, add.s([5])), chord(second, add.s([10]))]

    def upgraded():
        return [group([add.s(1, 2), add.s(3, 4)]) | add.s([5]), group([add.s(6, 7)]) | add.s([10])]

    header = two([add.s(1, 2), add.s(3, 4)], [add.s(6, 7)])
    return {
        "chords": outcome(chord(header, add_to_all.s(["A"]))()),
        "groups": outcome((group(upgraded()) | add_to_all.s(["A"]))()),
    }


@workflow()
def chord_header_task_replaced():
    return {
        "lone": outcome(chord(replace_with_chain.si(42), identity.s())()),
        "first": outcome(chord((replace_with_chain.si(42), identity.s(1337)), identity.s())()),
        "middle": outcome(
            chord((identity.s(42), replace_with_chain.s(1337), identity.s(31337)), identity.s())()
        ),
        "last": outcome(chord((identity.s(42), replace_with_chain.s(1337)), identity.s())()),
    }


@workflow()
def chord_body_replaced():
    return {
        "task": outcome(chord(identity.s(42), replace_with_chain.s())()),
        "first": outcome(chord(identity.s(42), chain(replace_with_chain.s(), identity.s()))()),
        "middle": outcome(chord(identity.s(42), chain(identity.s(), replace_with_chain.s(), identity.s()))()),
        "last": outcome(chord(identity.s(42), chain(identity.s(), replace_with_chain.s()))()),
    }


@workflow()
def chord_member_replaced_with_chord():
    return chord([replace_with_chord.s([1, 2]), identity.s(3)], tsum.s())()


_redis_only = "Only with Redis, in Celery, and only in chords that Tallo starts, here: the others say so."


@workflow(note=_redis_only)
def add_to_chord():
    return _refused((group([add_to_all_to_chord.s([1, 2, 3], 4)]) | identity.s())())


@workflow(note=_redis_only)
def add_chord_to_running_chord():
    return _refused((group([add_chord_to_chord.s([1, 2, 3], 4)]) | identity.s())())


def _refused(result):
    told = alone(result)
    return {"error": told.get("error")}
