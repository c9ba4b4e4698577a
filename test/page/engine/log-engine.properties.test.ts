import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FACET_FIELDS } from '../../../page/engine/facets.ts';
import { LogEngine } from '../../../page/engine/log-engine.ts';
import { OUTCOME_OF } from '../../../shared/event/outcome.ts';
import { anyLogs, START, valuesOf } from '../any-log.ts';
import { anyQuery, matches, type NaiveTerm, writeQuery } from './naive-query.ts';

type Log = { '@timestamp': string; event: { action: keyof typeof OUTCOME_OF } };

const UNTIL = START + 60_000;
/** Of a facet. */
const MOST_VALUES = 12;

/** Some logs in the order of the API, newest first, and then some that come later. */
function engineOf(loaded: readonly Log[], later: readonly Log[], query: string): LogEngine {
  const engine = new LogEngine();
  engine.setQuery(query);
  for (const log of newestFirst(loaded)) engine.append(JSON.stringify(log));
  engine.overview(START, UNTIL);
  for (const log of later) engine.append(JSON.stringify(log));
  return engine;
}

/** Logs of the same time stay in their order. */
const newestFirst = (logs: readonly Log[]): Log[] =>
  logs.toSorted((a, b) =>
    a['@timestamp'] < b['@timestamp'] ? 1 : a['@timestamp'] > b['@timestamp'] ? -1 : 0,
  );

const shownLines = (engine: LogEngine): string[] =>
  Array.from(engine.shownRows(), (row) => engine.table.lineOf(row));

const fieldValue = (log: Log, field: string): string | undefined =>
  field === 'outcome' ? OUTCOME_OF[log.event.action] : valuesOf(log).get(field);

function countsOf(logs: readonly Log[], field: string) {
  const groups = Map.groupBy(logs, (log) => fieldValue(log, field));
  const absent = groups.get(undefined)?.length ?? 0;
  groups.delete(undefined);
  const values = [...groups].map(([value = '', having]) => ({ value, count: having.length }));
  return { absent, values: values.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)) };
}

const anyCase = { loaded: anyLogs, later: anyLogs, query: anyQuery };

test('the list has the logs that match, in the order of their time, however they came', () => {
  fc.assert(
    fc.property(fc.record(anyCase), ({ loaded, later, query }) => {
      const engine = engineOf(loaded, later, writeQuery(query));
      const all = newestFirst([...newestFirst(loaded), ...later]);
      const wanted = all.filter((log) => matches(query, log)).map((log) => JSON.stringify(log));
      expect(shownLines(engine)).toEqual(wanted);
      engine.setDirection('oldest');
      expect(shownLines(engine)).toEqual(wanted.toReversed());
      wanted.forEach((_, place) => {
        const row = engine.rowAt(place) ?? -1;
        expect(engine.placeOf(row)).toBe(place);
        expect(engine.rowOf(engine.table.times[row] ?? 0, engine.nthOf(row))).toBe(row);
      });
      expect(engine.rowAt(wanted.length)).toBeUndefined();
    }),
  );
});

test('a facet counts the logs that match, whatever is wanted of its own field', () => {
  fc.assert(
    fc.property(fc.record(anyCase), ({ loaded, later, query }) => {
      const { facets } = engineOf(loaded, later, writeQuery(query)).overview(START, UNTIL);
      expect(facets.map(({ field }) => field)).toEqual(FACET_FIELDS);
      for (const { field, values, distinct, absent } of facets) {
        const others: NaiveTerm[] = query.filter((term) => term.isExcluded || term.field !== field);
        const counted = countsOf(
          [...loaded, ...later].filter((log) => matches(others, log)),
          field,
        );
        expect({ values, absent }).toEqual({ ...counted, values: counted.values.slice(0, MOST_VALUES) });
        expect(distinct).toBe(counted.values.length);
      }
    }),
  );
});

test('the histogram has every log that matches, in the bar of its time and outcome', () => {
  fc.assert(
    fc.property(fc.record(anyCase), ({ loaded, later, query }) => {
      const { histogram, matched } = engineOf(loaded, later, writeQuery(query)).overview(START, UNTIL);
      const { start, length, bars } = histogram;
      const wanted = [...loaded, ...later].filter((log) => matches(query, log));
      const naive = bars.map((_, bar) =>
        ['success', 'failure', 'none'].map(
          (outcome) =>
            wanted.filter(
              (log) =>
                Math.floor((Date.parse(log['@timestamp']) - start) / length) === bar &&
                OUTCOME_OF[log.event.action] === outcome,
            ).length,
        ),
      );
      expect(bars).toEqual(naive);
      expect(matched).toBe(wanted.length);
    }),
  );
});

test('what was taken of a cut answer leaves no trace', () => {
  fc.assert(
    fc.property(fc.record(anyCase), ({ loaded, later, query }) => {
      const engine = engineOf(loaded, later, writeQuery(query));
      engine.overview(START, UNTIL);
      engine.truncate(loaded.length);
      const without = engineOf(loaded, [], writeQuery(query));
      expect(shownLines(engine)).toEqual(shownLines(without));
      expect(engine.overview(START, UNTIL)).toEqual(without.overview(START, UNTIL));
    }),
  );
});

test('a process has all its logs, its failures, and the failures before a success', () => {
  fc.assert(
    fc.property(fc.record(anyCase), ({ loaded, later, query }) => {
      const engine = engineOf(loaded, later, writeQuery(query));
      const all = newestFirst([...newestFirst(loaded), ...later]).reverse();
      const rids = new Set(
        all.filter((log) => matches(query, log)).map((log) => fieldValue(log, 'label.rid')),
      );
      rids.delete(undefined);
      const { total, processes } = engine.processes(100);
      expect(total).toBe(rids.size);
      expect(new Set(processes.map(({ rid }) => rid))).toEqual(rids);
      for (const process of processes) {
        const logs = all.filter((log) => fieldValue(log, 'label.rid') === process.rid);
        const outcomes = logs.map(
          (log) => ({ success: 's', failure: 'f', none: '' })[OUTCOME_OF[log.event.action]],
        );
        const runs = [...outcomes.join('').matchAll(/(f*)s/g)].map(([, failures = '']) => failures.length);
        expect(process).toEqual({
          rid: process.rid,
          events: logs.length,
          first: Date.parse(logs[0]?.['@timestamp'] ?? ''),
          last: Date.parse(logs.at(-1)?.['@timestamp'] ?? ''),
          failures: outcomes.filter((outcome) => outcome === 'f').length,
          failuresBeforeSuccess: Math.max(0, ...runs),
          lastAction: logs.at(-1)?.event.action,
        });
        expect(engine.story('label.rid', process.rid, 1000).map((row) => engine.table.lineOf(row))).toEqual(
          logs.map((log) => JSON.stringify(log)),
        );
      }
    }),
  );
});
