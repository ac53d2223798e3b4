"""Celery with AWS's extended client for SQS, by which its large messages go to a bucket: `python -m interop.large bucket`

    {"id": 1, "call": "measure", "text": "x", "times": 1000000}    sends a call, and answers with the task's id
    {"id": 2, "receive": "http://.../queue"}                       receives a message, and answers with what it holds
"""
from __future__ import annotations

import os
import sys

# Both must happen before anybody makes a client.
os.environ["AWS_ENDPOINT_URL"] = os.environ["INTEROP_ENDPOINT"]
os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
import sqs_extended_client  # noqa: E402, F401  takes the place of boto3's Session

import boto3  # noqa: E402
from kombu.transport import SQS  # noqa: E402
from kombu.utils.json import dumps, loads  # noqa: E402

from .settings import make_app  # noqa: E402

bucket = sys.argv[1]
make_client = SQS.Channel.new_sqs_client


def with_bucket(*args, **kwargs):
    client = make_client(*args, **kwargs)
    client.large_payload_support = bucket
    return client


SQS.Channel.new_sqs_client = with_bucket
app = make_app("large")


def answer_to(request: dict) -> dict:
    if "call" in request:
        return {"taskId": app.send_task(request["call"], [request["text"] * request["times"]]).id}
    received = boto3.Session().client("sqs").receive_message(QueueUrl=request["receive"], WaitTimeSeconds=5)
    message = loads(received["Messages"][0]["Body"])
    [[text], *_] = loads(message["body"])
    return {"headers": message["headers"], "length": len(text), "end": text[-2:]}


if __name__ == "__main__":
    print("ready", flush=True)
    for line in sys.stdin:
        request = loads(line)
        print(dumps({"id": request["id"], **answer_to(request)}), flush=True)
