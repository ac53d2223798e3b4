"""Groups, sets of results, map, starmap and chunks."""
from __future__ import annotations

from celery import chain, chord, group
from celery.result import GroupResult, ResultSet, result_from_tuple

from .. import journal
from ..settings import app
from ..replacing import build_chain_inside_task, chain_add, start_group
from ..tasks import add, count, fail, identity, ids, mul, raise_error, tsum
from .registry import members, outcome, patience, with_echo, workflow


@workflow()
def result_set():
    return ResultSet([add.delay(1, 1), add.delay(2, 2)])


@workflow()
def result_set_via_add():
    results = ResultSet([])
    results.add(add.delay(1, 1))
    results.add(add.delay(2, 2))
    return results


@workflow()
def simple_group():
    return group(add.s(i, i) for i in range(10))()


@workflow()
def empty_group():
    return group([])()


@workflow()
def group_of_one():
    return group(add.s(1, 1))()


@workflow()
def group_called_with_arguments():
    return group(add.s(1), add.s(2))(10)


@workflow()
def group_lone():
    return group(identity.s(42), identity.s(42))()


@workflow()
def nested_group():
    return group(add.si(1, 10), group(add.si(1, 100), group(add.si(1, 1000), add.si(1, 2000))))()


@workflow()
def nested_group_group():
    return group(group(identity.s(42), identity.s(42)))()


@workflow()
def nested_group_chord_chain():
    return group(chord((chain(identity.si(1337) for _ in range(42)),), identity.s()))()


@workflow()
def nested_group_chord_group():
    return group(chord((group(identity.si(1337) for _ in range(42)),), identity.s()))()


@workflow()
def nested_group_chord_mixed():
    answer = identity.si(42)
    inner = chord((answer,) * 42, identity.si(1337))
    header = (answer, chain((answer,) * 42), group((answer,) * 42), inner)
    return group(chord(header, identity.s()))()


@workflow()
def group_chord_body_chain():
    return group(chord(identity.si(42), chain((identity.s(),))))()


@workflow()
def group_of_chain_and_task():
    return group(chain(add.s(1, 1), add.s(1)), add.s(5, 5))()


@workflow()
def group_of_chain_with_group():
    return group(chain(add.s(1, 1), group(add.s(1), add.s(2))), add.s(5, 5))()


@workflow()
def group_parent_ids():
    result = (ids.si(1) | ids.si(2) | group(ids.si(i) for i in range(2, 50)))()
    values = result.get(timeout=patience, interval=0.2)
    return {
        "values": [value for _, _, value in values],
        "roots": all(root == result.parent.parent.id for root, _, _ in values),
        "parents": all(parent == result.parent.id for _, parent, _ in values),
    }


@workflow()
def group_members_are_their_own_roots():
    result = group(ids.si(i) for i in range(3))()
    values = result.get(timeout=patience, interval=0.2)
    roots = [root == member.id for (root, _, _), member in zip(values, result.results)]
    return {"own": roots, "parents": [parent for _, parent, _ in values]}


@workflow()
def group_with_failing_member():
    result = group(add.s(1, 1), raise_error.s(), add.s(2, 2), fail.s())()
    told = members(result)
    kept = result.get(propagate=False, timeout=patience)
    return {
        "members": told,
        "get": outcome(result),
        "kept": [repr(value) if isinstance(value, Exception) else value for value in kept],
        "completed": result.completed_count(),
        "asked": [result.ready(), result.successful(), result.failed(), result.waiting()],
    }


@workflow()
def group_link_runs_with_first_member():
    key = journal.new_key()
    both = group(add.s(1, 1), add.s(2, 2))
    both.link(count.s(key))
    told = outcome(both())
    return {**told, "callbacks": len(journal.settled(key, 1))}


@workflow()
def group_children_with_callbacks():
    key = journal.new_key()
    child = identity.si(1337)
    child.link(count.si(key))
    told = outcome(group(child.clone() for _ in range(42))())
    return {**told, "callbacks": len(journal.settled(key, 42))}


@workflow()
def errback_group_fail_first():
    both, lines = with_echo(group(fail.s(), identity.si(42)), 1, errback=True)
    return {**outcome(both()), "echoed": lines()}


@workflow()
def errback_group_fail_last():
    both, lines = with_echo(group(identity.si(42), fail.s()), 1, errback=True)
    return {**outcome(both()), "echoed": lines()}


@workflow()
def errback_group_fail_multiple():
    key = journal.new_key()
    many = group(*[identity.si(42)] * 24, *[fail.s()] * 42)
    many.link_error(count.si(key))
    return {**outcome(many()), "errbacks": len(journal.settled(key, 42))}


@workflow()
def map_runs_one_task():
    return tsum.map([[1, 2], [3]]).delay()


@workflow()
def starmap_runs_one_task():
    return mul.starmap([(2, 3), (4, 5)]).delay()


@workflow()
def chunks_are_a_group():
    return add.chunks(zip(range(5), range(5)), 2)()


@workflow()
def chunks_in_chord():
    return chord(add.chunks(zip(range(4), range(4)), 2).group(), identity.s())()


@workflow()
def saved_group_is_restored():
    result = group(add.s(1, 1), add.s(2, 2))()
    result.save()
    return GroupResult.restore(result.id, app=app)


@workflow()
def task_returns_group():
    parent = start_group.delay(3)
    group_result = result_from_tuple(parent.get(timeout=patience), app=app)
    return {**outcome(group_result), "children": [type(child).__name__ for child in parent.children]}


@workflow()
def chain_started_inside_task():
    parent = build_chain_inside_task.delay()
    return outcome(result_from_tuple(parent.get(timeout=patience), app=app))


@workflow()
def calls_inside_task_are_its_children():
    parent = chain_add.delay(4, 8)
    parent.get(timeout=patience)
    (child,) = parent.children
    return {"child": outcome(child), "grandchildren": [outcome(result) for result in child.children]}
