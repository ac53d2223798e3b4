"""Runs Lambda functions of Node.js as plain processes of this machine: LocalStack itself knows only Docker."""

import json
import os
import queue
import subprocess
import threading

here = os.path.dirname(os.path.abspath(__file__))
runtime = os.path.join(here, "lambda-runtime.mjs")


def install() -> None:
    from localstack import config
    from localstack.services.lambda_.invocation import runtime_executor
    from localstack.services.lambda_.invocation.lambda_models import InvocationResult

    class NodeExecutor(runtime_executor.RuntimeExecutor):
        """One execution environment: a process that answers one invocation after the other, started anew when it has died."""

        def __init__(self, id, function_version):
            super().__init__(id, function_version)
            self.env = {}
            self.process = None
            self.logs = []
            self.stopped = False

        def start(self, env_vars):
            self.env = {name: str(value) for name, value in env_vars.items()}
            self._start_process()

        def stop(self):
            self.stopped = True
            if self.process:
                self.process.kill()
                self.process.wait()

        def invoke(self, payload):
            if self.process.poll() is not None:
                self._start_process()
            request_id = payload["invoke-id"]
            timeout = self.function_version.config.timeout
            self.logs.clear()
            answer = self._ask({**payload, "timeout": timeout}, timeout)
            logs = "".join([f"START RequestId: {request_id}\n", *self.logs, f"END RequestId: {request_id}\n"])
            return InvocationResult(request_id, answer["payload"].encode(), answer["isError"], logs)

        def _ask(self, invocation, timeout):
            try:
                self.process.stdin.write(json.dumps(invocation) + "\n")
                self.process.stdin.flush()
                answer = self.answers.get(timeout=timeout)
            except (BrokenPipeError, OSError):
                answer = None
            except queue.Empty:
                self.process.kill()
                self.process.wait()
                return _error("Sandbox.Timedout", f"Task timed out after {timeout:.2f} seconds")
            if answer is None:
                status = self.process.wait()
                return _error("Runtime.ExitError", f"Runtime exited with error: exit status {status}")
            return json.loads(answer)

        def _start_process(self):
            code = str(self.function_version.config.code.get_unzipped_code_location())
            reading, writing = os.pipe()
            env = {**self.env, "PATH": os.environ["PATH"], "LAMBDA_TASK_ROOT": code, "TALLO_ANSWERS_FD": str(writing)}
            self.process = subprocess.Popen(
                [os.environ["TALLO_NODE"], "--enable-source-maps", runtime],
                cwd=code,
                env=env,
                pass_fds=[writing],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            os.close(writing)
            self.answers = queue.Queue()
            threading.Thread(target=_pump, args=(os.fdopen(reading), self.answers.put), daemon=True).start()
            threading.Thread(target=_pump, args=(self.process.stdout, self._log), daemon=True).start()

        def _log(self, line):
            if line is not None:
                self.logs.append(line)

        def get_logs(self):
            return "".join(self.logs)

        def get_address(self):
            return "127.0.0.1"

        def get_endpoint_from_executor(self):
            return "127.0.0.1"

        def get_runtime_endpoint(self):
            return f"http://127.0.0.1:{config.GATEWAY_LISTEN[0].port}"

        @classmethod
        def prepare_version(cls, function_version):
            function_version.config.code.prepare_for_execution()

        @classmethod
        def cleanup_version(cls, function_version):
            pass

    runtime_executor.get_runtime_executor = lambda: NodeExecutor


def _pump(lines, put) -> None:
    """Hands on each line, and None at the end."""
    with lines:
        for line in lines:
            put(line)
    put(None)


def _error(kind: str, message: str) -> dict:
    return {"isError": True, "payload": json.dumps({"errorType": kind, "errorMessage": message})}
