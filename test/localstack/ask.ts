import { inject } from 'vitest';
import { region } from './cdk.ts';

/** One request of an API whose client we do not have. LocalStack reads the service from the signature, and does not check it. */
export async function ask(
  service: string,
  path: string,
  form?: Readonly<Record<string, string>>,
): Promise<Response> {
  const credential = `test/20260101/${region}/${service}/aws4_request`;
  const answer = await fetch(new URL(path, inject('localstack')), {
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0` },
    ...(form && { method: 'POST', body: new URLSearchParams(form) }),
  });
  return answer;
}
