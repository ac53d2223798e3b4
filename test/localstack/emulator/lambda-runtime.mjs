// What Lambda's own Node.js runtime does, in short: loads the handler once, and calls it with one event after the other.
// Invocations come as lines of standard input; answers go to a pipe of their own, since functions log to standard output.
import { createWriteStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const { LAMBDA_TASK_ROOT: root, _HANDLER: handlerName, TALLO_ANSWERS_FD: answersFd } = process.env;
const answers = createWriteStream('', { fd: Number(answersFd) });

async function loadHandler() {
  const dot = handlerName.lastIndexOf('.');
  const stem = join(root, handlerName.slice(0, dot));
  const path = ['.mjs', '.js', '.cjs'].map((ending) => stem + ending).find(existsSync);
  if (!path) throw new Error(`Cannot find module '${stem}'`);
  return (await import(pathToFileURL(path)))[handlerName.slice(dot + 1)];
}

function contextOf(invocation) {
  const deadline = Date.now() + invocation.timeout * 1000;
  return {
    awsRequestId: invocation['invoke-id'],
    invokedFunctionArn: invocation['invoked-function-arn'],
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

const failure = ({ name, message, stack }) => ({
  errorType: name,
  errorMessage: message,
  trace: String(stack).split('\n'),
});

const loading = loadHandler();
loading.catch(() => undefined);

for await (const line of createInterface({ input: process.stdin })) {
  const invocation = JSON.parse(line);
  const answer = await loading
    .then((handler) => handler(JSON.parse(invocation.payload), contextOf(invocation)))
    .then(
      (result) => ({ isError: false, payload: JSON.stringify(result ?? null) }),
      (error) => ({ isError: true, payload: JSON.stringify(failure(error)) }),
    );
  answers.write(`${JSON.stringify(answer)}\n`);
}
// The emulator is gone.
process.exit();
