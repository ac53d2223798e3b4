import { mkdirSync, writeFileSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, FileSystem, Stack, Stage } from 'aws-cdk-lib';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import { bundlingOf } from '../functions/bundling.ts';
import type { Shared } from '../shared.ts';

/**
 * No step of it runs a program, so that it is built for Arm on any machine. Node gets the signals itself. What is declared as a volume keeps
 * the permissions of the image's folder when Fargate mounts one there: everybody may write.
 */
const dockerfile = `FROM public.ecr.aws/docker/library/node:24-slim
WORKDIR /app
COPY . .
VOLUME ["/tmp"]
USER node
ENTRYPOINT ["node", "--enable-source-maps", "index.mjs"]
`;

/** `tallo worker` with the user's app in it: the program, not what deploys it, so that it is named and never imported. */
const workerEntry = fileURLToPath(
  new URL(`../../cli/entry/worker${extname(import.meta.url)}`, import.meta.url),
);

/** The image that runs `tallo worker` for an app, built when it is deployed. Only then Docker is needed. */
export function workerImage(scope: Construct, shared: Shared): DockerImageAsset {
  const architecture = shared.functions.architecture ?? Architecture.ARM_64;
  const directory = Stack.of(scope).bundlingRequired
    ? bundled(scope, { shared, architecture })
    : folderOf(scope);
  writeFileSync(join(directory, 'Dockerfile'), dockerfile);
  return new DockerImageAsset(scope, 'Image', {
    directory,
    platform: architecture === Architecture.ARM_64 ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64,
  });
}

/**
 * Bundles the worker as functions are bundled, `nodeModules` and all. The CDK keeps its bundler to itself: only a function has it. This one
 * is in an app of its own, which nobody synthesises: all that is made of it is the folder with its code.
 */
function bundled(
  scope: Construct,
  { shared, architecture }: { readonly shared: Shared; readonly architecture: Architecture },
): string {
  const outdir = folderOf(scope);
  const app = new App({
    outdir,
    autoSynth: false,
    analyticsReporting: false,
    postCliContext: { 'aws:cdk:bundling-stacks': ['**'] },
  });
  const worker = new NodejsFunction(new Stack(app, 'Worker'), 'Worker', {
    entry: workerEntry,
    runtime: Runtime.NODEJS_24_X,
    architecture,
    // The Dockerfile names the file, and the program waits at its top level.
    bundling: bundlingOf(shared.appFile, {
      architecture,
      wanted: { ...shared.functions.bundling, format: OutputFormat.ESM },
    }),
  });
  const code = worker.node.findAll().find((child) => child instanceof Asset);
  return resolve(outdir, code?.assetPath ?? '.');
}

/** Beside the assets of the deployment. */
function folderOf(scope: Construct): string {
  const outdir = Stage.of(scope)?.assetOutdir ?? FileSystem.mkdtemp('tallo');
  const folder = resolve(outdir, `worker-${scope.node.addr}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}
