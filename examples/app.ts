// The one app: its queues, where calls go, and its tasks. The demo, `npm run dev` and a deployment all read this page.
import { Tallo } from 'tallo';
import * as z from 'zod';
import { isTemporaryRefusal } from './campaign/mailer.ts';
import { recipient } from './campaign/recipients.ts';
import { send } from './campaign/send.ts';
import { cleanUp, cleanUpArguments } from './images/clean-up.ts';
import { edit, editArguments } from './images/edit.ts';

export const app = new Tallo('demo', {
  queues: {
    default: {},
    images: { timeLimit: '1m', memoryMiB: 1_769 },
    emails: { timeLimit: '30s', concurrency: 10 },
  },
  routes: { 'images.*': 'images', 'campaign.*': 'emails' },
});

/** Applies a list of operations to a photograph, and tells after each how far it is. */
export const editImage = app.task('images.edit', { bind: true, args: editArguments }, edit);

/** Removes old files from a folder. */
export const cleanUpImages = app.task('images.clean-up', { bind: true, args: cleanUpArguments }, cleanUp);

/** Sends one letter of the campaign; a server that says "later" is asked again, three times at most. */
export const sendLetter = app.task(
  'campaign.send',
  {
    bind: true,
    args: z.tuple([recipient]),
    autoretryFor: [isTemporaryRefusal],
    maxRetries: 3,
    retryBackoff: true,
    retryBackoffMax: '2s',
  },
  send,
);
