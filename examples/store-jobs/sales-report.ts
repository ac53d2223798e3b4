import type { TaskContext } from 'tallo';
import { mailer } from '../campaign/mailer.ts';
import { asDay, lastPeriod } from '../store/periods.ts';
import { asMoney, salesOf } from '../store/sales.ts';
import { toCsv } from './csv.ts';

export interface Moment {
  readonly now: Date;
  readonly timezone: string;
}

/** Mails what was sold yesterday, as a table in CSV. */
export async function mailSalesReport(self: TaskContext, { now, timezone }: Moment): Promise<string> {
  const period = lastPeriod('daily', now, timezone);
  const day = asDay(period.from, timezone);
  const sales = salesOf(period);
  const total = asMoney(sales.reduce((sum, { cents }) => sum + cents, 0));
  const lines = sales.map(({ product, units, cents }) => [product, units, asMoney(cents)]);
  const { response } = await mailer().sendMail({
    from: 'The store <store@tallo.example>',
    to: 'manager@tallo.example',
    subject: `Sales of ${day}: ${total}`,
    text: `Attached: ${sales.length} products, ${total} in all.\n`,
    attachments: [
      { filename: `sales-${day}.csv`, content: toCsv([['product', 'units', 'revenue'], ...lines]) },
    ],
    messageId: `<${self.request.id}@tallo.example>`,
  });
  self.log.info('sales report sent', { day, total, response });
  return day;
}
