import { jsonLogger, type Logger } from 'tallo';

export interface Narration {
  readonly now: () => number;
  readonly timezone?: string;
}

/** Tells people what tasks log: a line each, with the time that the app's clock shows. */
export function narrate({ now, timezone = 'UTC' }: Narration): Logger {
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    weekday: 'short',
    day: '2-digit',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const tell = (line: string) => {
    const {
      level: _level,
      time: _time,
      message,
      task = '',
      taskId: _id,
      attempt,
      ...facts
    } = JSON.parse(line);
    if (message === 'task success') return;
    const again = attempt > 0 ? ` (attempt ${attempt + 1})` : '';
    console.log(`${time.format(now())}  ${task.padEnd(18)} ${message}${again} ${shown(facts)}`.trimEnd());
  };
  return jsonLogger({ level: 'info', write: tell });
}

function shown(facts: Readonly<Record<string, unknown>>): string {
  return Object.entries(facts)
    .filter(([name]) => name !== 'seconds')
    .map(([name, fact]) => `${name}=${typeof fact === 'string' ? fact : JSON.stringify(fact)}`)
    .join(' ');
}
