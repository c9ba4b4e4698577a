import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Answers, chunks, sentAnswers } from '../../../tools/cost/components.ts';
import { ENCODINGS } from '../../../tools/cost/measured.ts';
import { readCostOptions } from '../../../tools/cost/options.ts';
import { PRICE_NAMES, PRICES, pricesWith } from '../../../tools/cost/prices.ts';
import { costReport, reportText } from '../../../tools/cost/report.ts';
import { likelyBatch } from '../../../tools/cost/workload.ts';

const report = (...options: string[]) => {
  const { workload, prices } = readCostOptions(['--events-per-day', '5e6', ...options]);
  return costReport(workload, pricesWith(prices));
};
const quantity = (name: string, ...options: string[]): number =>
  report(...options).components.find((component) => component.name === name)?.quantity ?? 0;

describe('what the service costs', () => {
  test('is the sum of its components, each a quantity at its price', () => {
    const { components, total, perMillionEvents } = report('--queries-per-day', '1440');
    for (const { price, quantity: bought, dollars } of components) {
      const { dollars: each, per } = PRICES[price];
      expect(dollars).toBeCloseTo((bought * each) / per, 6);
    }
    expect(total).toBeCloseTo(
      components.reduce((sum, { dollars }) => sum + dollars, 0),
      6,
    );
    expect(perMillionEvents).toBeCloseTo(total / 150, 6);
  });

  test('has the canary if it runs, more with more runs', () => {
    const costs = (...options: string[]): number => report('--batch', '10', ...options).total;
    expect(quantity('canary: invocations')).toBe(0);
    expect(quantity('canary: invocations', '--canary-minutes', '1')).toBe(30 * 1440);
    expect(quantity('canary: invocations', '--canary-minutes', '5')).toBe(30 * 288);
    const [none, hourly, often] = [costs(), costs('--canary-minutes', '60'), costs('--canary-minutes', '1')];
    expect(hourly).toBeGreaterThan(none);
    expect(often).toBeGreaterThan(hourly);
  });

  test('is more with more events or queries', () => {
    const count = fc.integer({ min: 1, max: 500_000_000 });
    fc.assert(
      fc.property(count, count, fc.constantFrom(...ENCODINGS), (events, queries, encoding) => {
        const total = (eventsPerDay: number, queriesPerDay: number): number => {
          const options = [`--events-per-day=${eventsPerDay}`, `--queries-per-day=${queriesPerDay}`];
          // with one size of batches, because fuller batches make an event cheaper
          return report(...options, `--encoding=${encoding}`, '--batch=10').total;
        };
        const least = total(events, queries);
        expect(total(events * 2, queries)).toBeGreaterThan(least);
        expect(total(events, queries * 2)).toBeGreaterThan(least);
      }),
      { numRuns: 50 },
    );
  });

  test('has a third more for announcing: each log is another event on the bus', () => {
    expect(quantity('bus: announcements')).toBe(0);
    expect(quantity('bus: announcements', '--announcements')).toBe(150e6);
    const more = report('--announcements').total / report().total;
    expect(more).toBeGreaterThan(1.3);
    expect(more).toBeLessThan(1.5);
  });

  test('has the delivery and its announcements with a custom service', () => {
    expect(quantity('bus: announcements', '--custom-service')).toBe(150e6);
    expect(quantity('delivery: reads', '--custom-service')).toBe(150e6);
    expect(quantity('delivery: records', '--custom-service')).toBe(150e6);
    expect(quantity('delivery queue', '--custom-service')).toBeGreaterThan(150e6);
    expect(quantity('delivery queue')).toBe(0);
  });

  test('takes another price for one of them', () => {
    const doubled = report('--price', `busEvent=${PRICES.busEvent.dollars * 2}`);
    expect(doubled.total - report().total).toBeCloseTo(150, 6);
  });
});

describe('an answer', () => {
  const billed = (answers: Answers) =>
    Object.fromEntries(sentAnswers('it', answers).map(({ price, quantity: bought }) => [price, bought]));

  test('is a request of API Gateway for each started 10 MB of its stream', () => {
    for (const [bytes, requests] of [
      [0, 1],
      [10_000_000, 1],
      [10_000_001, 2],
      [114_000_000, 12],
    ] as const)
      expect(billed({ count: 3, bytes })).toHaveProperty('apiRequest', 3 * requests);
  });

  test("is free of charge in Lambda's stream up to 6 MB", () => {
    expect(billed({ count: 3, bytes: 6_000_000 })).toHaveProperty('streamedGb', 0);
    expect(billed({ count: 2, bytes: 1_006_000_000 })).toHaveProperty('streamedGb', 2);
  });

  test('of the feed has each log once, of overlapping windows several times', () => {
    const windows = quantity('windows: data sent', '--queries-per-day', '1440', '--encoding', 'identity');
    const feed = quantity('feed: data sent', '--feed-polls-per-day', '1440', '--encoding', 'identity');
    expect(windows).toBeCloseTo((3 * 150e6 * 1806) / 1e9, 3);
    expect(feed).toBeCloseTo((150e6 * 1890) / 1e9, 3);
  });
});

describe('an event', () => {
  test('is billed by started 64 KB', () => {
    expect([1, 65_536, 65_537, 1_048_576].map(chunks)).toEqual([1, 1, 2, 16]);
    expect(quantity('bus: events', '--event-bytes', '70000')).toBe(300e6);
  });

  test('comes in fuller batches at a higher rate', () => {
    expect(likelyBatch(0)).toBe(1);
    expect(likelyBatch(45)).toBe(10);
    expect(likelyBatch(1e6)).toBe(100);
    const writes = (hours: string): number => quantity('table: writes', '--hours-per-day', hours);
    expect(writes('24')).toBeGreaterThan(writes('8'));
    expect(writes('1')).toBeCloseTo(150e6 * 1.23, 0);
  });
});

describe('the command line', () => {
  test.each([
    [[], '--events-per-day is needed'],
    [['--events-per-day', 'many'], '--events-per-day is "many"'],
    [['--events-per-day', '0'], 'a number from 1'],
    [['--events-per-day', '1', '--batch', '101'], 'a number from 1 to 100'],
    [['--events-per-day', '1', '--encoding', 'lzma'], 'zstd, brotli, gzip, identity'],
    [['--events-per-day', '1', '--price', 'bus=1'], 'busEvent'],
    [['--events-per-day', '1', '--price', 'busEvent='], 'NAME=DOLLARS'],
    [['--surprise'], 'surprise'],
  ])('%j is refused, with what is accepted', (options, message) => {
    expect(() => readCostOptions(options)).toThrow(message);
  });
});

describe('the printed report', () => {
  const printed = reportText(report('--queries-per-day', '1440'));

  test('has each component with its price, and the page of each price', () => {
    for (const { name, price } of report('--queries-per-day', '1440').components) {
      const line = printed.split('\n').find((each) => each.startsWith(`${name} `));
      expect(line).toContain(`$${PRICES[price].dollars} / `);
      expect(line).toContain(PRICES[price].unit);
      expect(printed).toContain(PRICES[price].source);
    }
  });

  test('compares with what else could be built', () => {
    for (const { name } of report().alternatives) expect(printed).toContain(name);
    for (const name of ['maps', 'Lambda invocation', 'Firehose', 'SIEM']) expect(printed).toContain(name);
  });
});

test('every price has a page and a unit', () => {
  for (const name of PRICE_NAMES) {
    expect(URL.canParse(PRICES[name].source)).toBe(true);
    expect(PRICES[name].dollars / PRICES[name].per).toBeGreaterThan(0);
  }
});
