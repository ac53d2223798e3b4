"""Starts LocalStack without Docker, until it is told to stop or the process that started it is gone."""

import os
import shutil
import signal
import sys
import threading

import dynamodb_from_maven
import node_lambda


class Lock:
    """LocalStack writes `Lock | None`, for which threading.Lock must be a class, as it is since Python 3.13."""

    def __new__(cls):
        return threading._allocate_lock()


def stop_with_parent() -> None:
    """Our standard input is a pipe that the parent never writes to: it ends when the parent does, however that ended."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    if sys.version_info < (3, 13):
        threading.Lock = Lock
    node_lambda.install()
    dynamodb_from_maven.install()
    # After those two: LocalStack's modules take the names that they find.
    from localstack.runtime.main import main as run_localstack

    threading.Thread(target=stop_with_parent, daemon=True).start()
    try:
        run_localstack()
    finally:
        shutil.rmtree(os.environ["FILESYSTEM_ROOT"], ignore_errors=True)


if __name__ == "__main__":
    main()
