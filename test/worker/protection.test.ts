import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { Protection } from '../../local/process/protection.ts';
import { VirtualClock } from '../local/event-source/virtual-clock.ts';
import { stubborn } from './apps/studio.ts';
import { givenStudio } from './studio.ts';

const minute = 60_000;

type Answer = (body: unknown) => readonly [status: number, body: unknown];

const granted: Answer = (body) => [200, { protection: { ...Object(body), TaskArn: 'arn:aws:ecs:task/1' } }];

/** The agent of an ECS container, as far as it protects tasks. */
async function startAgent() {
  const requests: { readonly line: string; readonly body: unknown }[] = [];
  const state: { answer: Answer } = { answer: granted };
  const server = createServer(async (request, response) => {
    const body = await json(request);
    requests.push({ line: `${request.method} ${request.url} ${request.headers['content-type']}`, body });
    const [status, answer] = state.answer(body);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    server.emit('answered');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const untilAsked = async (count: number) => {
    while (requests.length < count) await once(server, 'answered');
  };
  const { port } = server.address() as AddressInfo;
  return { requests, state, untilAsked, uri: `http://127.0.0.1:${port}/api/7` };
}

/** A protection on a clock that stands still. */
async function protection() {
  const agent = await startAgent();
  const clock = new VirtualClock();
  const warnings: unknown[] = [];
  const guard = new Protection({
    agent: agent.uri,
    clock,
    log: { warn: (message, fields) => warnings.push([message, String(fields?.error)]) },
  });
  /** The answer is read when the next timer is set. */
  const untilKnown = async (count: number) => {
    await agent.untilAsked(count);
    while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
  };
  const states = () => agent.requests.map(({ body }) => body);
  return { agent, clock, guard, warnings, untilKnown, states };
}

const on = { ProtectionEnabled: true, ExpiresInMinutes: 60 };
const off = { ProtectionEnabled: false };

test('asks for protection while tasks run, and takes it back when none has for a while', async () => {
  const { agent, clock, guard, untilKnown, states } = await protection();

  guard.begin();
  await untilKnown(1);
  await clock.advance(20 * minute);
  guard.end();
  await clock.advance(9_999);
  const whileBusy = states();
  await clock.advance(1);
  await agent.untilAsked(2);

  expect(whileBusy).toEqual([on]);
  expect(states()).toEqual([on, off]);
  expect(agent.requests[0]?.line).toBe('PUT /api/7/task-protection/v1/state application/json');
});

test('does not ask for each task', async () => {
  const { clock, guard, untilKnown, states } = await protection();

  guard.begin();
  await untilKnown(1);
  for (let task = 0; task < 100; task += 1) {
    guard.begin();
    guard.end();
    guard.end();
    await clock.advance(5_000);
    guard.begin();
    await clock.advance(5_000);
  }

  // Sixteen minutes are over.
  expect(states()).toEqual([on]);
});

test('asks again before the protection runs out', async () => {
  const { agent, clock, guard, untilKnown, states } = await protection();
  guard.begin();
  await untilKnown(1);

  await clock.advance(30 * minute - 1);
  const early = states();
  await clock.advance(1);
  await agent.untilAsked(2);

  expect(early).toEqual([on]);
  expect(states()).toEqual([on, on]);
});

test.each([
  ['an error', [400, { error: { Code: 'InvalidParameterException' } }], 'InvalidParameterException'],
  ['a failure', [200, { failure: { Reason: 'DEPLOYMENT_BLOCKED' } }], 'DEPLOYMENT_BLOCKED'],
  ['something else', [200, 'hello'], 'hello'],
] as const)('tells of %s and asks again later', async (_what, answer, found) => {
  const { agent, clock, guard, warnings, untilKnown, states } = await protection();
  agent.state.answer = () => answer;

  guard.begin();
  await untilKnown(1);
  agent.state.answer = granted;
  await clock.advance(30_000);
  await agent.untilAsked(2);

  expect(states()).toEqual([on, on]);
  expect(warnings).toEqual([
    ['The protection of this ECS task from scale-in could not be changed.', expect.stringContaining(found)],
  ]);
});

test('does not ask a refusing agent for each task', async () => {
  const { agent, clock, guard, warnings, untilKnown, states } = await protection();
  agent.state.answer = () => [400, {}];
  guard.begin();
  await untilKnown(1);

  for (let task = 0; task < 50; task += 1) {
    guard.end();
    guard.begin();
    await clock.advance(500);
  }
  guard.end();
  const asked = states();
  await clock.advance(5_000);
  guard.begin();
  await untilKnown(2);

  expect(asked).toEqual([on]);
  expect(states()).toEqual([on, on]);
  expect(warnings).toHaveLength(2);
});

test('asks for nothing after it was closed', async () => {
  const { clock, guard, untilKnown, states } = await protection();
  guard.begin();
  await untilKnown(1);

  guard.close();
  guard.end();
  guard.begin();
  await clock.advance(60 * minute);

  expect(states()).toEqual([on]);
});

test('tallo worker is protected while it works, and works also where the agent refuses', async () => {
  const agent = await startAgent();
  agent.state.answer = () => [500, {}];
  const studio = await givenStudio({}, { ECS_AGENT_URI: agent.uri });
  const worker = await studio.startWorker();
  const before = agent.requests.length;

  const result = await stubborn.delay('a');
  await agent.untilAsked(1);
  studio.openGate();
  const value = await result.get({ timeout: '20s' });
  worker.signal('SIGTERM');

  expect(await worker.ended).toBe(0);
  expect(before).toBe(0);
  expect(value).toBe('a');
  expect(agent.requests.map(({ body }) => body)).toEqual([on]);
  expect(worker.stderr()).toContain('The protection of this ECS task from scale-in could not be changed');
});
