// Installs Python's Celery for `npm run test:interop`.
import { installPython } from './python-venv.mjs';

installPython({
  what: "Python's Celery",
  folder: 'tallo-python',
  requirements: 'test/interop/python/requirements.txt',
  atLeast: '3.9',
  imports: 'import boto3, celery, kombu.transport.SQS, pycurl',
  // PyPI has no wheel of pycurl for some machines.
  debianPackages: ['python3-venv', 'python3-dev', 'gcc', 'libcurl4-openssl-dev', 'libssl-dev'],
});
