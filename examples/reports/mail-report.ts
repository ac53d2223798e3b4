import { basename } from 'node:path';
import type { TaskContext } from 'tallo';
import { mailer } from '../campaign/mailer.ts';

/** Mails a finished report, and returns what the mail server said. */
export async function mailReport(self: TaskContext, file: string): Promise<string> {
  const { response } = await mailer().sendMail({
    from: 'The store <store@tallo.example>',
    to: 'board@tallo.example',
    subject: `Report: ${basename(file, '.pdf')}`,
    text: 'Attached is the report that you wait for.\n',
    attachments: [{ path: file, contentType: 'application/pdf' }],
    messageId: `<${self.request.id}@tallo.example>`,
  });
  self.log.info('report sent', { file, response });
  return response;
}
