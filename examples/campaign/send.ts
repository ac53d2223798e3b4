import type { TaskContext } from 'tallo';
import { mailer } from './mailer.ts';
import type { Recipient } from './recipients.ts';

/** Sends one letter and returns what the mail server said. */
export async function send(self: TaskContext, { name, email }: Recipient): Promise<string> {
  const { response } = await mailer().sendMail({
    from: 'The Stalk <news@tallo.example>',
    to: { name, address: email },
    subject: `${name}, our autumn catalogue is here`,
    text: `Dear ${name},\n\nthe new catalogue is waiting for you.\n\nYours, The Stalk\n`,
    // The task's id: should a message be delivered twice, whoever reads the letters can tell.
    messageId: `<${self.request.id}@tallo.example>`,
  });
  self.log.info('letter sent', { email, response });
  return response;
}
