import { buffer } from 'node:stream/consumers';
import PdfDocument from 'pdfkit';
import { asDay, type Period, type PeriodKind } from '../store/periods.ts';
import { asMoney, type ProductSales } from '../store/sales.ts';

export interface Report {
  readonly kind: PeriodKind;
  readonly period: Period;
  readonly timezone: string;
  readonly sales: readonly ProductSales[];
}

/** The report on paper: as many pages as it needs. */
export async function makePdf({ kind, period, timezone, sales }: Report): Promise<Buffer> {
  const lastDay = asDay(new Date(period.to.getTime() - 1), timezone);
  const title = `Sales, ${kind}: ${asDay(period.from, timezone)} to ${lastDay}`;
  const document = new PdfDocument({ size: 'A4', margin: 56, info: { Title: title, Author: 'The store' } });
  document.font('Helvetica-Bold').fontSize(18).text(title).moveDown();
  document.fontSize(11).font('Helvetica');
  document.table({
    columnStyles: ['*', 80, 100],
    data: [
      ['Product', 'Units', 'Revenue'],
      ...sales.map(({ product, units, cents }) => [product, String(units), asMoney(cents)]),
    ],
  });
  const total = sales.reduce((sum, { cents }) => sum + cents, 0);
  document
    .moveDown()
    .font('Helvetica-Bold')
    .text(`Total: ${asMoney(total)}`);
  document.end();
  return buffer(document);
}
