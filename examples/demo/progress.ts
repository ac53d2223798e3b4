import { createLogUpdate } from 'log-update';

/** One line that fills up. */
interface Bar {
  set(done: number, note?: string): void;
}

/** Bars below each other; where the output is no terminal, a plain line when a bar has filled another part. */
export interface Progress {
  /** `lines`: how many plain lines this bar may cost. @default 1 */
  bar(label: string, total: number, lines?: number): Bar;
  stop(): void;
}

interface Line {
  readonly label: string;
  readonly total: number;
  done: number;
  note: string;
}

const barWidth = 28;
const frameMs = 80;

export function showProgress(output: NodeJS.WriteStream = process.stdout): Progress {
  return output.isTTY ? bars(output) : plainLines(output);
}

function bars(output: NodeJS.WriteStream): Progress {
  const lines: Line[] = [];
  const update = createLogUpdate(output);
  const draw = () => update(lines.map(drawn).join('\n'));
  const drawing = setInterval(draw, frameMs);
  return {
    bar(label, total) {
      const line: Line = { label, total, done: 0, note: '' };
      lines.push(line);
      return { set: (done, note = '') => void Object.assign(line, { done, note }) };
    },
    stop() {
      clearInterval(drawing);
      draw();
      update.done();
    },
  };
}

function plainLines(output: NodeJS.WriteStream): Progress {
  return {
    bar(label, total, lines = 1) {
      let told = 0;
      return {
        set(done, note = '') {
          const part = Math.floor((done / total) * lines);
          if (part <= told) return;
          told = part;
          output.write(`${label}: ${done} of ${total}${note && `, ${note}`}\n`);
        },
      };
    },
    stop: () => undefined,
  };
}

function drawn({ label, total, done, note }: Line): string {
  const full = Math.round((done / total) * barWidth);
  const bar = '█'.repeat(full) + '░'.repeat(barWidth - full);
  return `${label.padEnd(20)} ${bar} ${String(done).padStart(5)}/${total}  ${note}`;
}
