"""Fixture tasks that make workflows: they replace themselves, start others, or return signatures."""
from __future__ import annotations

from celery import Task, chain, chord, group
from celery.canvas import Signature

from . import journal
from .tasks import add, echo, fail, identity, raise_error, task, tsum


@task(bind=True)
def add_replaced(self: Task, x, y):
    raise self.replace(add.s(x, y))


@task(bind=True)
def fail_replaced(self: Task, *args):
    raise self.replace(fail.si(*args))


@task(bind=True)
def add_to_all(self: Task, numbers, value):
    raise self.replace(group(add.s(number, value) for number in numbers))


@task(bind=True)
def replace_with_chain(self: Task, value, message=None, key=None):
    inner = chain(identity.s(value), identity.s())
    if message:
        inner.link(echo.si(message, key))
    raise self.replace(inner)


@task(bind=True)
def replace_with_chain_which_raises(self: Task, value, message=None, key=None):
    inner = chain(identity.s(value), raise_error.s())
    if message:
        inner.link_error(echo.si(message, key))
    raise self.replace(inner)


@task(bind=True)
def replace_with_empty_chain(self: Task, *_):
    raise self.replace(chain())


@task(bind=True)
def replace_with_chord(self: Task, numbers):
    raise self.replace(chord([add.s(number, 1) for number in numbers], tsum.s()))


@task(bind=True)
def replace_with_queue(self: Task, value, queue):
    raise self.replace(identity.s(value).set(queue=queue))


@task(bind=True)
def replace_nesting(self: Task, depth):
    """Replaces itself that many times and returns what Celery counts of it."""
    if depth:
        raise self.replace(replace_nesting.s(depth - 1))
    return self.request.replaced_task_nesting


@task(bind=True)
def second_order_replace1(self: Task, key, state=False):
    if state:
        journal.write(key, "Out A")
        return
    journal.write(key, "In A")
    raise self.replace(chain(second_order_replace2.s(key), second_order_replace1.si(key, True)))


@task(bind=True)
def second_order_replace2(self: Task, key, state=False):
    if state:
        journal.write(key, "Out B")
        return
    journal.write(key, "In B")
    raise self.replace(chain(echo.s("In/Out C", key), second_order_replace2.si(key, True)))


@task()
def build_chain_inside_task():
    return (add.s(1, 1) | add.s(2) | group(add.s(3), add.s(4)) | add.si(5, 5))()


@task()
def start_group(n):
    """Returns the handle of a group that it starts."""
    return group(add.s(i, i) for i in range(n))()


@task()
def chain_add(x, y):
    (add.s(x, x) | add.s(y))()


makers = {
    "chain": lambda inner: chain(identity.si(1), inner),
    "group": lambda inner: group(identity.si(1), inner),
    "chord": lambda inner: chord([identity.si(1), inner], identity.s()),
}


@task()
def return_nested_signature(outer, inner):
    innermost = makers[inner](identity.si(2))
    return makers[outer](innermost)


@task()
def rebuild_signature(data):
    """Fails unless every signature inside is one again."""

    def walk(node):
        for child in [*getattr(node, "tasks", []), *([node.body] if isinstance(node, chord) else [])]:
            if not isinstance(child, Signature):
                raise TypeError(f"expected a signature, got {child!r}")
            walk(child)

    walk(Signature.from_dict(data))


@task(bind=True)
def add_to_all_to_chord(self: Task, numbers, value):
    for number in numbers:
        self.add_to_chord(add.s(number, value))
    return 0


@task(bind=True)
def add_chord_to_chord(self: Task, numbers, value):
    self.add_to_chord(chord([add.s(number, value) for number in numbers], tsum.s()))
    return 0
