"""A Celery worker that says when it is ready and ends when its parent does: `python -m interop.worker queue...`"""
from __future__ import annotations

import os
import signal
import sys
import threading
import warnings

import boto3
from celery.platforms import SecurityWarning
from celery.signals import worker_ready

from . import replacing, tasks  # noqa: F401  defines the tasks
from .settings import app


def end_with_parent() -> None:
    """Standard input closes when the process that started this one is gone, however it went."""
    # Not `sys.stdin`: children that are forked meanwhile would inherit its lock, and wait for it.
    while os.read(0, 1):
        pass
    # The children too: this process leads a group of its own.
    os.killpg(os.getpid(), signal.SIGKILL)


@worker_ready.connect
def announce(**_) -> None:
    print("ready", flush=True)


if __name__ == "__main__":
    # It may run as root in a container.
    warnings.simplefilter("ignore", SecurityWarning)
    # Loads what the children would load each for itself.
    for service in ("sqs", "dynamodb"):
        boto3.Session().client(service, region_name="us-east-1")
    threading.Thread(target=end_with_parent, daemon=True).start()
    alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    # Not threads: they share the flag that allows a chord's join to wait, and now and then one chord fails for it.
    pool = ["--pool", "prefork", "--concurrency", "4"]
    app.worker_main(["--quiet", "worker", "--loglevel", "WARNING", "-Q", ",".join(sys.argv[1:]), *pool, *alone])
