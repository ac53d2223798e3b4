import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Architecture } from 'aws-cdk-lib/aws-lambda';
import { type BundlingOptions, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { userApp } from '../../functions/entry/entries.ts';
import { ConfigurationError } from '../../sdk/errors/index.ts';

/** Packages of CommonJS that are bundled may still call `require` of Node's own modules. */
const requireInModules =
  "import{createRequire as talloRequire}from'node:module';const require=talloRequire(import.meta.url);";

/**
 * How a function is bundled: one minified file of the user's app, the engine and what they import. Names of classes are kept, because the
 * names of errors travel.
 *
 * @see https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_lambda_nodejs-readme.html
 */
export function bundlingOf(
  appFile: string,
  { architecture, wanted }: { readonly architecture: Architecture; readonly wanted: BundlingOptions },
): BundlingOptions {
  const { environment, esbuildArgs, format = OutputFormat.ESM, banner = '', ...others } = wanted;
  return {
    format,
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    keepNames: true,
    sourceMap: true,
    sourcesContent: false,
    banner: format === OutputFormat.ESM ? `${requireInModules}${banner}` : banner,
    // Lambda's own SDK would be another version than the one that was tested.
    externalModules: [],
    ...others,
    environment: { ...platformOf(architecture), ...environment },
    esbuildArgs: { '--alias': [`${userApp}=${resolve(appFile)}`], ...conditions(), ...esbuildArgs },
  };
}

/** Native packages (`nodeModules`) are installed for the function's machine, not for this one. */
function platformOf({ name }: Architecture): Readonly<Record<string, string>> {
  const cpu = name === 'arm64' ? 'arm64' : 'x64';
  return { npm_config_os: 'linux', npm_config_cpu: cpu, npm_config_libc: 'glibc' };
}

/** In this repository the package is bundled from its sources. */
function conditions(): Readonly<Record<string, string>> {
  return import.meta.url.endsWith('.ts') ? { '--conditions': 'tallo-source' } : {};
}

/** @throws ConfigurationError if the file is not there, which esbuild would tell less clearly. */
export function checkedFile(option: 'entry' | 'consumerEntry', file: string): string {
  const path = resolve(file);
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path;
  throw new ConfigurationError(
    `Expected ${option} to be a file, got '${file}': there is none at ${path}. A relative path begins where cdk was started.`,
  );
}
