import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WindowFormat } from '../../../../functions/http/answer-formats/answer-format.ts';
import { JSON_PAGES } from '../../../../functions/http/answer-formats/json-pages.ts';
import { inLogFormat } from '../../../../functions/http/answer-formats/window-format.ts';
import { WINDOW_LINES } from '../../../../functions/http/answer-formats/window-lines.ts';
import { budget } from '../../../../functions/http/budget/budget.ts';
import { leastCost } from '../../../../functions/http/budget/cost.ts';
import { estimateCost } from '../../../../functions/http/budget/estimate-cost.ts';
import { writeLogs } from '../../../../functions/http/write-body.ts';
import { EVENT_ACTIONS } from '../../../../shared/event/actions.ts';
import { encodeDocument } from '../../../../shared/log/document-codec.ts';
import type { OtherFormat } from '../../../../shared/log/formats/log-format.ts';
import type { Collection } from '../../../../shared/store/collect-window.ts';
import { logKey } from '../../../../shared/store/log-key.ts';
import type { StoredLog } from '../../../../shared/store/log-list.ts';
import { anyCreatedAt, anyEventId, anySecurityLog } from '../../../fixtures/any-security-log.ts';
import { logWithAction } from '../../../fixtures/full-log.ts';

const FORMATS: OtherFormat[] = [
  { name: 'ecs' },
  { name: 'ocsf', version: '1.1.0' },
  { name: 'ocsf', version: '1.8.0' },
];
const USER = { name: 'x'.repeat(128) };

/** The longest id, in bytes and as JSON, among others. */
const ids = fc.oneof(anyEventId, fc.constant('\u0001'.repeat(128)));

const storedLogs = fc.array(
  fc
    .record({ log: anySecurityLog, id: ids, createdAt: anyCreatedAt })
    .map(({ log, id, createdAt }): StoredLog & { json: string } => {
      // The version is the one field that ECS leaves out.
      const json = JSON.stringify({ ...log, ecs: { version: '8.11.0' } });
      const { sortKey } = logKey('player', Date.parse(log['@timestamp']), id);
      return { sortKey, json, document: encodeDocument(json), createdAt };
    }),
  { minLength: 1, maxLength: 20 },
);

const collectionOf = (logs: readonly (StoredLog & { json: string })[]): Collection => ({
  results: logs.length,
  documentBytes: logs.reduce((sum, { json }) => sum + Buffer.byteLength(json), 0),
  encodedBytes: logs.reduce((sum, { document }) => sum + document.length, 0),
  read: logs.length,
  readUntil: undefined,
  inOrder: () => logs,
});

/** The bytes of the body, as they are sent. */
const bodyOf = async (logs: readonly StoredLog[], format: WindowFormat) =>
  (await buffer(writeLogs(logs.length, logs, format, 'identity'))).length;

describe.each(FORMATS)('logs in $name $version', (logFormat) => {
  const formats = [JSON_PAGES, WINDOW_LINES].map((framing) => inLogFormat(framing, logFormat, USER));

  test('take no less than as they are stored, and no more than their format says', async () => {
    await fc.assert(
      fc.asyncProperty(storedLogs, fc.constantFrom(...formats), async (logs, format) => {
        const { results, documentBytes } = collectionOf(logs);
        const stored = format.bodyLength(results, documentBytes);
        const sent = await bodyOf(logs, format);
        expect(sent).toBeGreaterThan(stored * leastCost('identity').sentBytes);
        expect(sent).toBeLessThan(stored * format.mostCost.sentBytes);
      }),
    );
  });

  test('take no more than that if they are the shortest ones, with the longest ids', async () => {
    for (const action of EVENT_ACTIONS) {
      const json = JSON.stringify(logWithAction(action));
      const { sortKey } = logKey('player', 0, '\u0001'.repeat(128));
      const log = { sortKey, document: encodeDocument(json), createdAt: 0 };
      for (const format of formats)
        expect(await bodyOf([log], format)).toBeLessThan(json.length * format.mostCost.sentBytes);
    }
  });

  test('that are sent as they are cost exactly what they take', async () => {
    await fc.assert(
      fc.asyncProperty(storedLogs, fc.constantFrom(...formats), async (logs, format) => {
        const collection = collectionOf(logs);
        const { kind, sentBytes } = await estimateCost(collection, format, 'identity');
        const stored = format.bodyLength(collection.results, collection.documentBytes);
        expect(kind).toBe('exact');
        expect(sentBytes * stored).toBeCloseTo(await bodyOf(logs, format), 3);
      }),
      { numRuns: 20 },
    );
  });

  test('cost no more than a sample of other sizes says: of long logs for short ones, and the other way round', async () => {
    const ofLength = (length: number): StoredLog & { json: string } => {
      const json = JSON.stringify({
        ecs: { version: '8.11.0' },
        '@timestamp': '2026-11-21T09:00:00.123Z',
        event: { action: 'OPENED' },
        url: { full: `https://forms.example/${'p'.repeat(length)}` },
        label: { app_type: 'player' },
      });
      return { sortKey: '000000000000000#id', json, document: encodeDocument(json), createdAt: 0 };
    };
    for (const format of formats)
      for (const [sampled, other] of [
        [10, 4000],
        [4000, 10],
      ] as const) {
        const sample = { ...collectionOf(Array(50).fill(ofLength(sampled))), readUntil: 1 };
        const { kind, sentBytes, perLog } = await estimateCost(sample, format, 'identity');
        expect(kind).toBe('estimated');
        const logs = Array(50).fill(ofLength(other));
        const { results, documentBytes } = collectionOf(logs);
        const said = Math.max(
          format.bodyLength(results, documentBytes) * sentBytes,
          results * (perLog?.sentBytes ?? 0),
        );
        expect(said).toBeGreaterThan(0.99 * (await bodyOf(logs, format)));
      }
  });
});

test('a cost by the log counts where it is the larger one', () => {
  const { fits } = budget({ deadline: 1_000, memoryBytes: 1e9, now: () => 0, format: WINDOW_LINES });
  const totals = { results: 1_000, documentBytes: 1_000, encodedBytes: 0 };
  const cost = { kind: 'exact', sentBytes: 1, workMs: 0 } as const;
  expect(fits(totals, { ...cost, perLog: { sentBytes: 6_000, workMs: 0 } })).toBe(true);
  expect(fits(totals, { ...cost, perLog: { sentBytes: 6_001, workMs: 0 } })).toBe(false);
});
