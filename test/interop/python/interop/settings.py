"""The Celery app, made from environment variables that the tests set."""
from __future__ import annotations

import os
from urllib.parse import urlsplit

from celery import Celery


def make_app(name: str = "interop") -> Celery:
    """An app whose queues and table are those of the Tallo app of that name, at the endpoint that INTEROP_ENDPOINT names."""
    endpoint = os.environ["INTEROP_ENDPOINT"]
    where = urlsplit(endpoint)
    queues = os.environ.get("INTEROP_QUEUES", "default,python,encoded").split(",")
    app = Celery(name)
    app.conf.update(
        broker_url=f"sqs://test:test@{where.hostname}:{where.port}",
        broker_transport_options={
            "is_secure": False,
            "region": "us-east-1",
            "wait_time_seconds": 2,
            "polling_interval": 0,
            # With these, no name such as `sqs.us-east-1.localhost` has to resolve.
            "predefined_queues": {queue: {"url": f"{endpoint}/000000000000/{name}-{queue}"} for queue in queues},
        },
        result_backend=f"dynamodb://@us-east-1/{name}-tasks",
        dynamodb_endpoint_url=endpoint,
        # One backend for all threads: boto3 does not like its clients to be made in several at once.
        result_backend_thread_safe=True,
        result_extended=True,
        task_default_queue=os.environ.get("INTEROP_QUEUE", "default"),
        # A machine that is busy reads hundreds of results more slowly than in 3 s.
        result_chord_join_timeout=30,
        worker_enable_remote_control=False,
        worker_redirect_stdouts=False,
    )
    # Threads other than this one look for it.
    app.set_default()
    return app


app = make_app()
