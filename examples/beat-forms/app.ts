// Scenario A11, beat in all its forms, in Mendoza: every 30 seconds, daily at 02:00, Mondays at 09:00, hourly at minute 0, monthly on
// day 1 at 00:00, on weekdays only, and every 6 hours; with positional and keyword arguments.
//
// Each run writes a line into a diary: which entry it is of, what slot, and when it began.
//
// To see two weeks of it in some seconds: node --conditions=tallo-source examples/beat-forms/run.ts
import { Tallo } from 'tallo';
import * as z from 'zod';
import { timeOf } from '../time-of.ts';
import { write } from './diary.ts';
import { allForms, type Form, forms, timezone } from './forms.ts';

/** An app that runs those of the forms. */
export function beatForms(wanted: readonly Form[] = allForms): Tallo {
  const app = new Tallo('beat-forms', { timezone, queues: { default: { timeLimit: '10m' } } });

  const note = app.task(
    'diary.note',
    { bind: true, args: z.tuple([z.string()]), kwargs: z.object({ mood: z.string(), stars: z.int() }) },
    async (self, entry, words) => {
      const at = (await timeOf(app)).getTime();
      // Beat gives each call its slot as its ETA.
      write({ entry, slot: self.request.eta ?? at, at, words });
      self.log.info(entry);
    },
  );

  for (const form of wanted) {
    const schedule = forms[form];
    // At a day per second every slot counts as missed, and every one is to be seen.
    const entry = {
      task: note,
      args: [form],
      kwargs: { mood: 'cheerful', stars: 5 },
      missed: 'all',
    } as const;
    app.beat({ [form]: { ...entry, schedule } });
  }
  return app;
}
