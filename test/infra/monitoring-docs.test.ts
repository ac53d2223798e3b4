import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { deployed, everything } from './stacks.ts';

const page = readFileSync(new URL('../../docs/deploy.md', import.meta.url), 'utf8');

/** The anchors of the page's headings. */
const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
  heading
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-'),
);

test('whoever is paged finds the section that the alarm names', () => {
  const { template } = deployed({ ...everything(), stack: { env: { region: 'eu-west-1' } } });
  const alarms = Object.values(template().findResources('AWS::CloudWatch::Alarm'));
  const named = alarms.flatMap(({ Properties }) => [
    ...String(Properties.AlarmDescription).matchAll(/docs\/deploy\.md#([\w-]+)/g),
  ]);
  const sections = [...new Set(named.map(([, section]) => section))];

  // Those that Application Auto Scaling uses have no description.
  expect(sections.length).toBeGreaterThan(9);
  expect(sections.filter((section) => !anchors.includes(section ?? ''))).toEqual([]);
});
