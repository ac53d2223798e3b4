"""Chords that succeed."""
from __future__ import annotations

from celery import chain, chord, group

from .. import journal
from ..tasks import add, collect_ids, count, echo, identity, ids, retry_once, tsum
from .registry import outcome, patience, workflow


@workflow()
def simple_chord():
    return chord([add.s(i, i) for i in range(10)], tsum.s())()


@workflow()
def chord_order():
    return chord((identity.si(i) for i in range(10)), identity.s())()


@workflow()
def empty_chord():
    return chord([], tsum.s())()


@workflow()
def chord_with_retried_member():
    return chord([retry_once.s(), identity.si(5)], identity.s())()


@workflow()
def chord_with_delayed_member():
    return chord([identity.s(1).set(countdown=1), identity.s(2)], identity.s())()


@workflow()
def chord_link_runs_after_body():
    key = journal.new_key()
    joined = chord([add.s(1, 1)], tsum.s())
    joined.link(echo.si("linked", key))
    return {**outcome(joined()), "echoed": journal.settled(key, 1)}


@workflow()
def chord_with_immutable_body():
    return chord([add.s(1, 1), add.s(2, 2)], identity.si("done"))()


@workflow()
def chord_then_tasks():
    return (chord([add.s(1, 1), add.s(2, 2)], tsum.s()) | add.s(1) | add.s(2))()


@workflow()
def chord_then_group():
    return (chord([add.s(1, 1), add.s(2, 2)], tsum.s()) | group(add.s(1), add.s(2)))()


@workflow()
def group_then_group():
    return (group(add.s(1, 1), add.s(2, 2)) | group(tsum.s(), tsum.s()))()


@workflow()
def group_then_group_then_task():
    return (group(add.s(1, 1), add.s(2, 2)) | group(tsum.s(), tsum.s()) | tsum.s())()


@workflow()
def nested_group_chain():
    inner = chain(add.si(1, 200), group(add.si(1, 1000), add.si(1, 2000)))
    return chain(add.si(1, 0), group(add.si(1, 100), inner), add.si(1, 10))()


@workflow()
def nested_chord_group():
    return chord((group(identity.s(42), identity.s(42)),), identity.s())()


@workflow()
def parallel_chords():
    def one():
        return chord(group(add.s(1, 2), add.s(3, 4)), tsum.s())

    return group(one(), one())()


@workflow()
def chord_of_chords():
    inner = [chord([add.s(i, 1), add.s(i, 2)], tsum.s()) for i in range(3)]
    return chord(inner, tsum.s())()


@workflow()
def chord_body_is_chord():
    return chord([add.s(1, 1), add.s(2, 2)], chord([tsum.s(), tsum.s()], tsum.s()))()


@workflow()
def chord_body_is_chain():
    return chord([add.s(1, 1), add.s(2, 2)], chain(tsum.s(), add.s(1), add.s(2)))()


@workflow()
def chord_body_is_group():
    return chord([add.s(1, 1), add.s(2, 2)], group(tsum.s(), identity.s()))()


@workflow()
def chain_chord_chain_chord():
    inner = chord([identity.si(4), identity.si(5)], identity.si(6))
    outer = chord([identity.si(2), chain(identity.si(3), inner)], identity.si(7))
    return chain(identity.si(1), outer)()


@workflow()
def chord_in_chain_with_args():
    joined = chord([identity.s(), identity.s()], identity.s())
    return chain(joined, identity.s()).apply_async(args=(1,))


@workflow()
def chord_variants_in_group():
    body = identity.si("body_task")
    generator = (identity.si(i) for i in (5, 6))
    return group(
        group(identity.si(1), identity.si(2)) | body,
        chord(group(identity.si(3), identity.si(4)), body.clone()),
        chord(generator, body.clone()),
    )()


@workflow()
def chord_header_from_generator():
    return chord((add.s(i, 0) for i in range(9)), tsum.s())()


@workflow(heavy=True)
def large_header():
    result = (group(identity.si(i) for i in range(1000)) | tsum.s())()
    # To follow the parents would be a thousand reads in each look.
    return outcome(_lone(result), timeout=60)


@workflow(heavy=True)
def chain_to_large_header():
    result = (identity.si(1) | group(identity.s() for _ in range(1000)) | tsum.s())()
    return outcome(_lone(result), timeout=60)


def _lone(result):
    return type(result)(result.id, app=result.app)


def _parent_ids(result, root_id):
    """How ids, parents and roots hang together in C(ids(1), ids(2), chord(ids(3..49), collect_ids(50) | ids(51)))."""
    last_root, last_parent, last = result.get(timeout=patience, interval=0.2)
    callback, header = result.parent, result.parent.parent
    second, first = header.parent, header.parent.parent
    before, (callback_root, callback_parent, callback_value) = callback.get(timeout=1)
    roots = {root_id, last_root, callback_root, *(root for root, _, _ in before)}
    second_ids, first_ids = second.get(timeout=1), first.get(timeout=1)
    return {
        "values": [first_ids[2], second_ids[2], *(value for _, _, value in before), callback_value, last],
        "one_root": roots == {first.id} and second_ids[0] == first_ids[0] == first.id,
        "last_child_of_callback": last_parent == callback.id,
        "callback_child_of_header": callback_parent in {member.id for member in header.results},
        "header_children_of_second": {parent for _, parent, _ in before} == {second.id},
        "second_child_of_first": second_ids[1] == first.id,
        "first_child_of": first_ids[1],
    }


@workflow()
def chord_parent_ids():
    root = ids.si(1)
    root_id = root.freeze().id
    body = chain(collect_ids.s(50) | ids.si(51))
    return _parent_ids(chain(root, ids.si(2), chord(group(ids.si(i) for i in range(3, 50)), body))(), root_id)


@workflow()
def chord_parent_ids_with_operators():
    root = ids.si(1)
    root_id = root.freeze().id
    header = group(ids.si(i) for i in range(3, 50))
    return _parent_ids((root | ids.si(2) | header | collect_ids.s(50) | ids.si(51))(), root_id)


@workflow()
def chord_members_with_callbacks():
    key = journal.new_key()
    member = identity.si(7)
    member.link(count.si(key))
    told = outcome(chord([member.clone() for _ in range(5)], tsum.s())())
    return {**told, "callbacks": len(journal.settled(key, 5))}
