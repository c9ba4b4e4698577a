import { type Alternative, alternatives } from './alternatives.ts';
import type { Component } from './components.ts';
import type { PriceName, Prices } from './prices.ts';
import { serviceComponents } from './service.ts';
import type { Workload } from './workload.ts';

/** What a workload costs, to be shown. */
export interface CostReport {
  readonly workload: Workload;
  readonly components: readonly Priced[];
  /** Dollars, for all days. */
  readonly total: number;
  readonly perMillionEvents: number;
  readonly alternatives: readonly (Pick<Alternative, 'name' | 'lacks'> & { readonly total: number })[];
  /** The prices that were used, by name. */
  readonly prices: Partial<Prices>;
}

export interface Priced extends Component {
  readonly dollars: number;
}

export function costReport(workload: Workload, prices: Prices): CostReport {
  const priced = (components: readonly Component[]): Priced[] =>
    components.map((component) => {
      const { dollars, per } = prices[component.price];
      return { ...component, dollars: (component.quantity * dollars) / per };
    });
  const components = priced(serviceComponents(workload));
  const total = sum(components);
  return {
    workload,
    components,
    total,
    perMillionEvents: total / ((workload.eventsPerDay * workload.days) / 1e6),
    alternatives: alternatives(workload).map(({ name, lacks, components }) => ({
      name,
      lacks,
      total: sum(priced(components)),
    })),
    prices: pricesOf(
      components.map(({ price }) => price),
      prices,
    ),
  };
}

const sum = (components: readonly Priced[]): number =>
  components.reduce((total, { dollars }) => total + dollars, 0);

const pricesOf = (names: readonly PriceName[], prices: Prices): Partial<Prices> =>
  Object.fromEntries([...new Set(names)].map((name) => [name, prices[name]]));

/** As text, for people. */
export function reportText({ workload, components, total, ...report }: CostReport): string {
  const { eventsPerDay, queriesPerDay, feedPollsPerDay, batch, days } = workload;
  const rows = components.map(({ name, price, quantity, dollars }) => {
    const of = report.prices[price];
    return [name, count(quantity), of === undefined ? '' : priceText(of), money(dollars)];
  });
  const sources = [...new Set(Object.values(report.prices).map(({ source }) => source))];
  return [
    `${count(eventsPerDay)} events, ${count(queriesPerDay)} window queries and ${count(feedPollsPerDay)} polls of the feed a day, for ${days} days, batches of ${count(batch)}`,
    '',
    table([['component', 'quantity', 'price', 'dollars'], ...rows], [1, 3]),
    '',
    table(
      [
        ['total', money(total)],
        ['for a million events', money(report.perMillionEvents)],
      ],
      [1],
    ),
    '',
    table(
      [
        ['instead', 'dollars', 'lacks'],
        ...report.alternatives.map((each) => [each.name, money(each.total), each.lacks]),
      ],
      [1],
    ),
    '',
    'Prices: list prices of us-east-1 without free tiers; --price NAME=DOLLARS sets another one. Sources:',
    ...sources.map((source) => `  ${source}`),
    '',
  ].join('\n');
}

const priceText = ({ dollars, per, unit }: Prices[PriceName]): string =>
  `$${dollars} / ${per === 1 ? '' : `${count(per)} `}${unit}`;

const money = (dollars: number): string =>
  dollars.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** Three digits that count, or a whole number. */
const count = (value: number): string =>
  value >= 100
    ? Math.round(value).toLocaleString('en-US')
    : value.toLocaleString('en-US', { maximumSignificantDigits: 3 });

function table(rows: readonly (readonly string[])[], right: readonly number[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (right.includes(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
