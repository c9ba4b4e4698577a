import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entryBytes } from '../../../shared/event/bus-limits.ts';
import { readSecurityEvent } from '../../../shared/event/security-event.ts';
import {
  type BusEntry,
  type PublishOptions,
  publishSecurityEvents,
  type SecurityEventDetail,
} from '../../../tools/publisher/publish-security-events.ts';

/** A bus that takes every entry, unless it is told which code an attempt of an entry fails with. */
function memoryBus(codeOf: (detail: Detail, attempt: number) => string | undefined = () => undefined) {
  const requests: BusEntry[][] = [];
  const taken: Detail[] = [];
  const attempts = new Map<string, Detail[]>();
  const putEvents: PublishOptions['putEvents'] = async (entries) => {
    requests.push(entries);
    const results = entries.map(({ Detail }) => {
      const detail: Detail = JSON.parse(Detail);
      const rid = detail.label?.rid ?? '';
      const tried = [...(attempts.get(rid) ?? []), detail];
      attempts.set(rid, tried);
      const ErrorCode = codeOf(detail, tried.length);
      if (ErrorCode !== undefined) return { ErrorCode, ErrorMessage: 'ordered by the test' };
      taken.push(detail);
      return { EventId: 'id' };
    });
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
  };
  return { putEvents, requests, taken, attempts };
}

type Detail = SecurityEventDetail & { event: { id: string }; '@timestamp': string };

const opened = (rid: string): SecurityEventDetail => ({ event: { action: 'OPENED' }, label: { rid } });
const named = (count: number): SecurityEventDetail[] =>
  Array.from({ length: count }, (_, i) => opened(String(i)));

describe('publishing', () => {
  test('gives each event an id and a time, and keeps those that it has', async () => {
    const bus = memoryBus();
    const at = new Date('2026-11-21T09:00:00.123Z');
    const events: SecurityEventDetail[] = [
      opened('a'),
      { ...opened('b'), '@timestamp': at, event: { action: 'OPENED', id: 'my-own-id' } },
      { ...opened('c'), '@timestamp': '2026-11-21T10:00:00+01:00' },
      { ...opened('d'), '@timestamp': 'yesterday' },
    ];
    const before = Date.now();
    expect(await publishSecurityEvents(events, bus)).toEqual({ published: 4, failed: [] });
    const [a, b, c, d] = bus.taken;
    expect(a?.event.id).toMatch(/^[0-9a-f-]{36}$/);
    expect([b?.event.id, b?.['@timestamp']]).toEqual(['my-own-id', at.toISOString()]);
    expect(c?.['@timestamp']).toBe('2026-11-21T10:00:00+01:00');
    for (const published of [a, d])
      expect(Date.parse(published?.['@timestamp'] ?? '')).toBeGreaterThanOrEqual(before);
    expect(new Set(bus.taken.map(({ event }) => event.id)).size).toBe(4);
  });

  test('names the bus and the source', async () => {
    const bus = memoryBus();
    await publishSecurityEvents([opened('a')], { ...bus, busName: 'other', source: 'easysend.builder' });
    expect(bus.requests[0]?.[0]).toMatchObject({ EventBusName: 'other', Source: 'easysend.builder' });
  });

  test('reports each event that cannot be published, and publishes the others', async () => {
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    const wrong = [
      { label: { rid: 'x' } },
      { event: { action: 'LOGIN' } },
      { event: { action: 'OPENED' }, url: { full: 'x'.repeat(1_000_000) } },
      circular,
      undefined,
    ] as unknown as SecurityEventDetail[];
    const bus = memoryBus();
    const { published, failed } = await publishSecurityEvents([...wrong, opened('a')], bus);
    expect(published).toBe(1);
    expect(failed.map(({ index, code }) => [index, code])).toEqual([
      [0, 'missing_action'],
      [1, 'unknown_action'],
      [2, 'too_large'],
      [3, 'not_json'],
      [4, 'not_json'],
    ]);
    expect(failed[0]?.message).toContain('event is missing; accepted');
    expect(bus.taken.map(({ label }) => label?.rid)).toEqual(['a']);
  });

  test('tries only what the bus refused for now, with the same id and time', async () => {
    const bus = memoryBus(({ label }, attempt) =>
      label?.rid === '3' && attempt < 3 ? 'ThrottlingException' : undefined,
    );
    expect(await publishSecurityEvents(named(5), bus)).toEqual({ published: 5, failed: [] });
    expect(bus.requests.map((entries) => entries.length)).toEqual([5, 1, 1]);
    const [first, ...later] = bus.attempts.get('3') ?? [];
    expect(later).toEqual([first, first]);
  });

  test('reports what the bus refuses for good after one attempt', async () => {
    const bus = memoryBus(({ label }) =>
      label?.rid === '1' ? 'NotAuthorizedForSourceException' : undefined,
    );
    const { published, failed } = await publishSecurityEvents(named(3), bus);
    expect([published, bus.requests.length]).toEqual([2, 1]);
    expect(failed).toEqual([
      {
        index: 1,
        event: bus.attempts.get('1')?.[0],
        code: 'NotAuthorizedForSourceException',
        message: 'ordered by the test',
      },
    ]);
  });

  test('reports what it had no more time for, ready to be published again', async () => {
    const bus = memoryBus((_, attempt) => (attempt < 4 ? 'InternalFailure' : undefined));
    const first = await publishSecurityEvents([opened('a')], { ...bus, patienceMs: 0 });
    expect([first.published, first.failed[0]?.code]).toEqual([0, 'InternalFailure']);
    const again = await publishSecurityEvents(
      first.failed.map(({ event }) => event),
      bus,
    );
    expect(again).toEqual({ published: 1, failed: [] });
    expect(new Set(bus.attempts.get('a')?.map((detail) => JSON.stringify(detail))).size).toBe(1);
  });

  test.each([
    ['a broken connection', Object.assign(new Error('reset'), { name: 'ECONNRESET' }), 2],
    ['throttling', { name: 'ThrottlingException', message: '', $metadata: { httpStatusCode: 400 } }, 2],
    ['a fault of the bus', { name: 'InternalException', message: '', $metadata: { httpStatusCode: 500 } }, 2],
    ['a denied request', { name: 'AccessDenied', message: 'no', $metadata: { httpStatusCode: 400 } }, 1],
    ['missing credentials', { name: 'CredentialsProviderError', message: 'none' }, 1],
  ])('after %s makes the attempts that help', async (_, error, expected) => {
    let attempts = 0;
    const bus = memoryBus();
    const putEvents: PublishOptions['putEvents'] = async (entries) => {
      attempts += 1;
      if (attempts === 1) throw error;
      return bus.putEvents?.(entries) ?? {};
    };
    const { failed } = await publishSecurityEvents([opened('a')], { putEvents });
    expect([attempts, failed.map(({ code }) => code)]).toEqual([
      expected,
      expected === 1 ? [error.name] : [],
    ]);
  });

  test('ends when it is told to', async () => {
    const abort = new AbortController();
    const bus = memoryBus(() => {
      abort.abort();
      return 'ThrottlingException';
    });
    const { failed } = await publishSecurityEvents(named(3), { ...bus, signal: abort.signal });
    expect([failed.length, bus.requests.length]).toEqual([3, 1]);
  });
});

describe('every event', () => {
  const event = fc.record(
    {
      action: fc.constantFrom('OPENED', 'COMPLETED', 'LOGIN', undefined),
      id: fc.option(fc.string(), { nil: undefined }),
      at: fc.option(fc.oneof(fc.date({ noInvalidDate: false }), fc.string()), { nil: undefined }),
      bytes: fc.integer({ min: 0, max: 400_000 }),
      fate: fc.constantFrom('taken', 'taken', 'later', 'refused'),
    },
    { noNullPrototype: true },
  );

  test('is on the bus once it is counted, or reported; batches keep the limits', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 40 }), async (specs) => {
        const events = specs.map(({ action, id, at, bytes, fate }, i) => ({
          event: { action, id },
          ...(at !== undefined && { '@timestamp': at }),
          url: { full: 'x'.repeat(bytes) },
          label: { rid: `${i}`, role: fate },
        })) as SecurityEventDetail[];
        const bus = memoryBus(({ label }, attempt) => {
          if (label?.role === 'refused') return 'MalformedDetail';
          return label?.role === 'later' && attempt === 1 ? 'InternalFailure' : undefined;
        });
        const { published, failed } = await publishSecurityEvents(events, bus);

        const rids = bus.taken.map(({ label }) => label?.rid);
        expect(new Set(rids).size).toBe(rids.length);
        expect(rids.length).toBe(published);
        const places = [...rids.map(Number), ...failed.map(({ index }) => index)];
        expect(places.toSorted((a, b) => a - b)).toEqual(events.map((_, i) => i));
        for (const entries of bus.requests) {
          expect(entries.length).toBeLessThanOrEqual(10);
          expect(entries.reduce((sum, entry) => sum + entryBytes(entry), 0)).toBeLessThanOrEqual(1_000_000);
        }
        // The service keeps the id and the time that were fixed.
        for (const detail of bus.taken) {
          const envelope = { id: 'envelope', source: 'easysend.player', time: '1970-01-01T00:00:00Z' };
          const json = JSON.stringify({ ...envelope, 'detail-type': 'Security Event', detail });
          const { id, corrections } = readSecurityEvent(json);
          expect(id).not.toBe('envelope');
          expect(corrections).toEqual({ unknownFields: 0, replacedTimestamps: 0, replacedAppTypes: 0 });
        }
      }),
      { numRuns: 30 },
    );
  });

  test('goes into the first batch that has a place for it, in order', async () => {
    const bus = memoryBus();
    await publishSecurityEvents(named(25), { ...bus, concurrency: 1 });
    expect(bus.requests.map((entries) => entries.length)).toEqual([10, 10, 5]);
    expect(bus.taken.map(({ label }) => label?.rid)).toEqual(named(25).map(({ label }) => label?.rid));
  });
});
