import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { type BundlingOptions, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { expect, test } from 'vitest';
import { bundlingOf } from '../../infra/functions/bundling.ts';

const bundling = (wanted: BundlingOptions) =>
  bundlingOf('examples/app.ts', { architecture: Architecture.ARM_64, wanted });

test('a module may require, whatever else stands at its head', () => {
  const { format, banner } = bundling({ banner: '/* ours */' });

  expect(format).toBe(OutputFormat.ESM);
  expect(banner).toMatch(/^import.*const require=.*;\/\* ours \*\/$/);
});

test('a file of CommonJS has no import at its head', () => {
  expect(bundling({ format: OutputFormat.CJS })).toMatchObject({ format: OutputFormat.CJS, banner: '' });
});
