import { inject } from 'vitest';
import { region } from './cdk.ts';
import { forgetForeign } from './plain-environment.ts';

forgetForeign();

// All that the tests say of where they are, as a user would.
process.env.AWS_ENDPOINT_URL = inject('localstack');
process.env.AWS_ACCESS_KEY_ID = 'test';
process.env.AWS_SECRET_ACCESS_KEY = 'test';
process.env.AWS_REGION = region;
