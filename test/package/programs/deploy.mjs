// What a stranger's CDK app does: it synthesises, and what would be uploaded answers.
import { readdirSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { TaskRunner } from 'tallo/infra';
import { app } from './tasks.mjs';

const cdk = new App({ outdir: 'cdk.out' });
const stack = new Stack(cdk, 'Stranger');
new TaskRunner(stack, 'Tasks', { app, entry: 'tasks.mjs' });
cdk.synth();

process.env.AWS_REGION = 'us-east-1';
for (const asset of readdirSync('cdk.out').filter((name) => name.startsWith('asset.'))) {
  const { handler } = await import(new URL(`cdk.out/${asset}/index.mjs`, import.meta.url));
  const answer = await handler({ Records: [] }, {}).catch((error) => error.message);
  console.log(JSON.stringify(answer));
}
process.exit();
