// Deployed, changed and deleted by a test.
import { App, Stack } from 'aws-cdk-lib';
import { TaskRunner } from 'tallo/infra';
import { account, region } from '../cdk.ts';
import { app } from './changing.ts';

const stack = new Stack(new App(), 'Changing', { env: { account, region } });
new TaskRunner(stack, 'Tasks', { app, entry: 'test/localstack/apps/changing.ts' });
