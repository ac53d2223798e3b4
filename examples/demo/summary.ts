import type { Traffic } from 'tallo/local';
import { requestRows } from './requests.ts';
import { table } from './table.ts';
import type { Timed, Work } from './work.ts';

/** What a person wants to see at the end. */
export function summary(work: Work, traffic: Pick<Traffic, 'byAction'>): string {
  const tasks = taskRows(work);
  const calls = tasks.reduce((sum, [, count]) => sum + count, 0);
  return [
    table(['Task', 'Calls', 'States', 'Retries', 'Wall time'], tasks),
    table(
      [`AWS requests for ${calls.toLocaleString('en')} tasks`, 'Requests', 'Per task'],
      [...requestRows(traffic.byAction(), calls)],
    ),
  ].join('\n\n');
}

type TaskRow = readonly [task: string, calls: number, states: string, retries: number, wallTime: string];

function taskRows({ photos, campaign, cleanUp }: Work): readonly TaskRow[] {
  const { total, sent, failed, retries } = campaign.value;
  const edited = photos.value.filter(({ successful }) => successful).length;
  const refused = photos.value.length - edited;
  const editRetries = photos.value.reduce((sum, status) => sum + status.retries, 0);
  return [
    ['images.edit', photos.value.length, states(edited, refused), editRetries, wallTime(photos)],
    ['campaign.send', total, states(sent, failed), retries, wallTime(campaign)],
    ['images.clean-up', 1, states(1, 0), 0, wallTime(cleanUp)],
  ];
}

function states(succeeded: number, failed: number): string {
  return `${succeeded.toLocaleString('en')} SUCCESS${failed > 0 ? `, ${failed} FAILURE` : ''}`;
}

function wallTime({ seconds }: Timed<unknown>): string {
  return `${seconds.toFixed(1)} s`;
}
