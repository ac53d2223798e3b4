"""Starts LocalStack without Docker, until it is told to stop or the process that started it is gone."""

import os
import signal
import sys
import threading

import node_lambda
import dynamodb_from_maven


def stop_with_parent() -> None:
    """Our standard input is a pipe that the parent never writes to: it ends when the parent does, however that ended."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    node_lambda.install()
    dynamodb_from_maven.install()
    # After those two: LocalStack's modules take the names that they find.
    from localstack.runtime.main import main as run_localstack

    threading.Thread(target=stop_with_parent, daemon=True).start()
    run_localstack()


if __name__ == "__main__":
    main()
