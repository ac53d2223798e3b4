// What is deployed before the tests begin.
import { App, Stack } from 'aws-cdk-lib';
import { TaskRunner } from 'tallo/infra';
import { account, region } from '../cdk.ts';
import { app as bad } from './bad.ts';
import { app as badOnServer } from './bad-on-server.ts';
import { app as conformance } from './conformance.ts';
import { app as onServer } from './on-server.ts';
import { app as ticking } from './ticking.ts';

const stack = new Stack(new App(), 'Tasks', { env: { account, region } });

for (const app of [bad, badOnServer, conformance, onServer, ticking]) {
  new TaskRunner(stack, app.name, { app, entry: `test/localstack/apps/${app.name}.ts` });
}
