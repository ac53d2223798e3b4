import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './credentials.ts';
import { RegionError } from './missing-errors.ts';

/**
 * The region that requests go to: `AWS_REGION`, else that of the profile in AWS's configuration files.
 *
 * @throws RegionError if none is set.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html
 */
export async function findRegion(environment: Environment = process.env): Promise<string> {
  const region = environment.AWS_REGION || (await profileRegion(environment));
  if (region) return region;
  const unread = environment.AWS_DEFAULT_REGION ? ' AWS_DEFAULT_REGION is not read: use AWS_REGION.' : '';
  throw new RegionError(
    `Expected to know the region, found none. Set AWS_ENDPOINT_URL, as 'tallo dev' prints it, or for AWS itself, and any endpoint that is not on this machine, AWS_REGION, or AWS_PROFILE to a profile with a region.${unread}`,
  );
}

async function profileRegion(environment: Environment): Promise<string | undefined> {
  const profile = environment.AWS_PROFILE || 'default';
  const folder = join(homedir(), '.aws');
  const files = [
    // Where the two files differ, the credentials file counts, as in the SDK for JavaScript.
    [environment.AWS_SHARED_CREDENTIALS_FILE || join(folder, 'credentials'), [profile]],
    [environment.AWS_CONFIG_FILE || join(folder, 'config'), [`profile ${profile}`, profile]],
  ] as const;
  for (const [path, sections] of files) {
    const text = await readFile(path, 'utf8').catch(() => '');
    const region = setting('region', text, sections);
    if (region) return region;
  }
  return undefined;
}

/** A setting of the first of the sections that has it. */
function setting(name: string, text: string, sections: readonly string[]): string | undefined {
  let section = '';
  const found = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    section = /^\s*\[\s*(.+?)\s*\]/.exec(line)?.[1]?.replace(/\s+/g, ' ').replaceAll(/["']/g, '') ?? section;
    const [, key, value] = /^([^\s#;[=]+)\s*=\s*(.*?)(\s+[#;].*)?$/.exec(line) ?? [];
    if (key?.toLowerCase() === name && value) found.set(section, value.trim());
  }
  return sections.map((wanted) => found.get(wanted)).find((value) => value !== undefined);
}
