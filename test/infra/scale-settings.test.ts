import { describe, expect, test } from 'vitest';
import { readSettings } from '../../shared/settings/schema.ts';
import { named, synthesize } from './synthesize.ts';

const tableOf = (settings: object) => synthesize(settings).all('AWS::DynamoDB::Table')[0]?.properties;
/** Of the event source with the large batches: that of the ingest queue. */
const scalingOf = (settings: object) =>
  synthesize(settings)
    .all('AWS::Lambda::EventSourceMapping')
    .filter(({ properties }) => properties.BatchSize === 100)
    .map(({ properties }) => properties.ScalingConfig);

describe('the warm throughput of the table', () => {
  test('is left to DynamoDB by default', () => {
    expect(tableOf({})).not.toHaveProperty('WarmThroughput');
    expect(tableOf({ table: {} })).not.toHaveProperty('WarmThroughput');
  });

  test('is what the settings say, of writes, of reads, or of both', () => {
    for (const [warmThroughput, expected] of [
      [{ writeUnitsPerSecond: 20_000 }, { WriteUnitsPerSecond: 20_000 }],
      [{ readUnitsPerSecond: 30_000 }, { ReadUnitsPerSecond: 30_000 }],
      [
        { writeUnitsPerSecond: 4000, readUnitsPerSecond: 12_000 },
        { WriteUnitsPerSecond: 4000, ReadUnitsPerSecond: 12_000 },
      ],
    ])
      expect(tableOf({ table: { warmThroughput } }).WarmThroughput).toEqual(expected);
  });

  test.each([
    [{ writeUnitsPerSecond: 3999 }, 'table.warmThroughput.writeUnitsPerSecond is 3999'],
    [{ readUnitsPerSecond: 11_999 }, 'table.warmThroughput.readUnitsPerSecond is 11999'],
    [{ writeUnitsPerSecond: 5000.5 }, 'a whole number from 4000'],
    [{}, '"writeUnitsPerSecond"'],
    [{ writes: 5000 }, 'unknown "writes"'],
  ])('%j is refused: no table has less, and it cannot be lowered', (warmThroughput, words) => {
    expect(() => readSettings({ table: { warmThroughput } })).toThrow(words);
  });
});

describe('the maximum throughput of the table', () => {
  test('is the quota of the account by default', () => {
    expect(tableOf({})).not.toHaveProperty('OnDemandThroughput');
  });

  test('is what the settings say, of writes, of reads, or of both', () => {
    for (const [maximumThroughput, expected] of [
      [{ writeUnitsPerSecond: 2000 }, { MaxWriteRequestUnits: 2000 }],
      [{ readUnitsPerSecond: 3000 }, { MaxReadRequestUnits: 3000 }],
      [
        { writeUnitsPerSecond: 200, readUnitsPerSecond: 10_000_000 },
        { MaxWriteRequestUnits: 200, MaxReadRequestUnits: 10_000_000 },
      ],
    ])
      expect(tableOf({ table: { maximumThroughput } }).OnDemandThroughput).toEqual(expected);
  });

  test('may be what the table is prepared for, and leaves its alarms as they are', () => {
    const units = { writeUnitsPerSecond: 20_000, readUnitsPerSecond: 30_000 };
    const limited = synthesize({ table: { warmThroughput: units, maximumThroughput: units } });
    expect(limited.all('AWS::DynamoDB::Table')[0]?.properties).toMatchObject({
      WarmThroughput: { WriteUnitsPerSecond: 20_000, ReadUnitsPerSecond: 30_000 },
      OnDemandThroughput: { MaxWriteRequestUnits: 20_000, MaxReadRequestUnits: 30_000 },
    });
    const alarm = 'AWS::CloudWatch::Alarm';
    expect(limited.all(alarm)).toEqual(synthesize({}).all(alarm));
  });

  test.each([
    [{ maximumThroughput: {} }, '"writeUnitsPerSecond"'],
    [{ maximumThroughput: { writeUnitsPerSecond: 199 } }, 'a whole number from 200'],
    [{ maximumThroughput: { readUnitsPerSecond: 99 } }, 'a whole number from 100'],
    [{ maximumThroughput: { reads: 5000 } }, 'unknown "reads"'],
    [
      { warmThroughput: { writeUnitsPerSecond: 5000 }, maximumThroughput: { writeUnitsPerSecond: 4999 } },
      'table.maximumThroughput.writeUnitsPerSecond is 4999; accepted: at least table.warmThroughput.writeUnitsPerSecond',
    ],
    [
      { warmThroughput: { readUnitsPerSecond: 20_000 }, maximumThroughput: { readUnitsPerSecond: 19_999 } },
      'table.maximumThroughput.readUnitsPerSecond is 19999; accepted: at least table.warmThroughput.readUnitsPerSecond',
    ],
  ])('%j is refused', (table, words) => {
    expect(() => readSettings({ table })).toThrow(words);
  });
});

describe('the concurrency of ingest', () => {
  test('is 50 by default, and what the settings say', () => {
    expect(scalingOf({})).toEqual([{ MaximumConcurrency: 50 }]);
    expect(scalingOf({ ingest: {} })).toEqual([{ MaximumConcurrency: 50 }]);
    expect(scalingOf({ ingest: { concurrency: 200 } })).toEqual([{ MaximumConcurrency: 200 }]);
  });

  test.each([1, 1001, 2.5, '50'])('%j is refused: Lambda takes 2 to 1000', (concurrency) => {
    expect(() => readSettings({ ingest: { concurrency } })).toThrow(
      'accepted: a whole number from 2 to 1000',
    );
  });
});

describe('the archive of events', () => {
  test('is not there by default, because it keeps personal data for longer', () => {
    expect(synthesize().all('AWS::Events::Archive')).toEqual([]);
  });

  test('keeps what ingest gets of the bus, for so many days', () => {
    const { all } = synthesize({ eventArchive: { days: 7 }, events: ['OPENED'] });
    const [bus] = all('AWS::Events::EventBus');
    expect(all('AWS::Events::Archive').map(({ properties }) => properties)).toEqual([
      expect.objectContaining({
        SourceArn: { 'Fn::GetAtt': [bus?.id, 'Arn'] },
        RetentionDays: 7,
        EventPattern: named(all('AWS::Events::Rule'), 'Ingest').properties.EventPattern,
      }),
    ]);
  });

  test.each([{}, { days: 0 }, { days: 3651 }])('%j is refused', (eventArchive) => {
    expect(() => readSettings({ eventArchive })).toThrow('eventArchive.days');
  });
});
