// What `cdk.json` starts: deploys the app of this repository, as you may deploy yours. Its context (`-c name=value`):
//   entry          the file that exports the app
//   nodeModules    packages with native code, which are installed instead of bundled
//   stage          one of several deployments in the same account and region
//   region         where to; by default where the AWS profile is
//   standbyRegion  a second region, which takes over when the first one fails
//   removal        `destroy`: a stage that leaves nothing behind when its stack is deleted
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { App, RemovalPolicy } from 'aws-cdk-lib';
import { appOf } from '../functions/entry/app-of.ts';
import { readContext } from './app/context.ts';
import { deploy } from './app/deploy.ts';
import { usualRemovalPolicy } from './shared.ts';

const cdk = new App();
const { entry, removal, ...settings } = readContext((name) => cdk.node.tryGetContext(name));
const app = appOf(await import(pathToFileURL(resolve(entry)).href), { what: entry });
deploy(cdk, {
  ...settings,
  app,
  entry,
  removalPolicy: removal === 'destroy' ? RemovalPolicy.DESTROY : usualRemovalPolicy,
});
