import { writeCsv, writeNdjson } from '../engine/export.ts';
import { type Direction, LogEngine } from '../engine/log-engine.ts';
import { ask, ServiceError } from '../service/ask.ts';
import { askFeed } from '../service/feed.ts';
import { loadRange, type Range } from '../service/load-range.ts';
import { readLines } from '../service/read-lines.ts';
import { Follower } from './follower.ts';
import type { Calls, News, Progress, Service } from './protocol.ts';
import { rowView } from './row-view.ts';

/** More logs take too much memory, and a longer list than every browser can scroll. */
const MOST_ROWS = 600_000;
const MOST_PROCESSES = 200;
const MOST_STEPS = 1000;
const MOST_VALUES = 12;
/** The page hears of new rows no more often than this. Milliseconds. */
const NEWS_PAUSE = 150;

/**
 * The part of the page that has the logs: it asks the API, keeps what it answers, and finds what the page wants to
 * show.
 *
 * @param tell gives the page news
 * @param now epoch milliseconds
 */
export function logWorker(tell: (news: News) => void, now: () => number): Calls {
  let engine = new LogEngine();
  let query: { text: string; direction: Direction } = { text: '', direction: 'newest' };
  let range: Range = { from: 0, until: 1 };
  let service: Service | undefined;
  let cursor: string | undefined;
  let follower: Follower | undefined;
  let seen = new Map<string, number>();
  let isHeld = false;
  let loading = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const tellOverview = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const began = performance.now();
    const until = follower === undefined ? range.until : Math.max(range.until, now());
    const overview = engine.overview(range.from, until);
    tell({ kind: 'overview', overview, filterMilliseconds: performance.now() - began });
  };
  /** Soon, and not again and again: an overview of many rows takes a while. */
  const tellOverviewSoon = (): void => {
    timer ??= setTimeout(tellOverview, NEWS_PAUSE);
  };
  const wait = (milliseconds: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const waiting = setTimeout(resolve, milliseconds);
      signal.addEventListener('abort', () => {
        clearTimeout(waiting);
        reject(signal.reason);
      });
    });

  const stopFollowing = (): void => {
    follower?.stop();
    follower = undefined;
  };

  async function load(given: Service, wanted: Range): Promise<void> {
    loading.abort();
    stopFollowing();
    loading = new AbortController();
    const { signal } = loading;
    service = given;
    range = wanted;
    cursor = undefined;
    seen = new Map();
    engine = new LogEngine();
    engine.setQuery(query.text);
    engine.setDirection(query.direction);
    let progress: Progress = {
      ...{ rows: 0, bytes: 0, loadedFrom: range.until, range, isDone: false, isFull: false },
    };
    const tellProgress = (change: Partial<Progress>): void => {
      progress = { ...progress, ...change };
      tell({ kind: 'progress', progress });
    };
    tellOverview();
    tellProgress({});
    // The place in the feed comes first: what is stored while the windows are read is behind it.
    const { key } = given;
    try {
      cursor = (await askFeed(undefined, { url: new URL(given.feedUrl), key, signal })).cursor;
    } catch (error) {
      // Without the feed one can look, but not follow.
      if (!(error instanceof ServiceError) || error.status === 401) throw error;
    }
    const loadedFrom = await loadRange(range, {
      async readWindow(window) {
        const before = { length: engine.table.length, bytes: progress.bytes };
        let toldAt = performance.now();
        try {
          const response = await ask({ url: windowUrl(given.windowsUrl, window), key, signal });
          const results = await readLines(response, {
            signal,
            onLine(line) {
              engine.append(line);
              return engine.table.length < MOST_ROWS;
            },
            onBytes(count) {
              progress = { ...progress, bytes: progress.bytes + count };
              const time = performance.now();
              if (time - toldAt < NEWS_PAUSE) return;
              toldAt = time;
              tellProgress({ rows: engine.table.length });
              tellOverviewSoon();
            },
          });
          return { results, isFull: engine.table.length >= MOST_ROWS };
        } catch (error) {
          if (!signal.aborted) engine.truncate(before.length);
          progress = { ...progress, bytes: before.bytes };
          throw error;
        }
      },
      onLoaded(from) {
        tellProgress({ rows: engine.table.length, loadedFrom: from });
        tellOverviewSoon();
      },
      onObstacle: (obstacle) => tell({ kind: 'obstacle', obstacle }),
      wait: (milliseconds) => wait(milliseconds, signal),
    });
    engine.prepareSearch();
    tellProgress({ isDone: true, isFull: engine.table.length >= MOST_ROWS, loadedFrom });
    tellOverview();
  }

  async function follow(): Promise<void> {
    if (service === undefined || cursor === undefined || follower !== undefined) return;
    const own = new Follower({
      engine,
      seen,
      mostRows: MOST_ROWS,
      onLogs: tellOverviewSoon,
      onState: (tail) => tell({ kind: 'tail', tail }),
      wait,
    });
    follower = own;
    own.hold(isHeld);
    const place = await own.follow(cursor, service);
    if (follower === own) follower = undefined;
    cursor = place;
  }

  return {
    load,
    stop() {
      loading.abort();
      stopFollowing();
    },
    setQuery(text, direction) {
      query = { text, direction };
      engine.setQuery(text);
      engine.setDirection(direction);
      tellOverview();
    },
    rows(first, count) {
      const views = [];
      for (let place = first; place < first + count; place++) {
        const row = engine.rowAt(place);
        if (row === undefined) break;
        views.push(rowView(engine.table, row));
      }
      return views;
    },
    line: (row) => engine.table.lineOf(row),
    nthOf: (row) => engine.nthOf(row),
    rowOf: (time, nth) => engine.rowOf(time, nth),
    processes: () => engine.processes(MOST_PROCESSES),
    story: (field, value) => engine.story(field, value, MOST_STEPS).map((row) => rowView(engine.table, row)),
    values: (field, prefix) => engine.values(field, prefix, MOST_VALUES),
    exportAs(format) {
      const write = format === 'csv' ? writeCsv : writeNdjson;
      const type = format === 'csv' ? 'text/csv' : 'application/x-ndjson';
      return new Blob([...write(engine.table, engine.shownRows())], { type });
    },
    follow(isOn) {
      if (isOn) void follow();
      else stopFollowing();
    },
    hold(held) {
      isHeld = held;
      follower?.hold(held);
    },
  };
}

/** The address of a window, newest first. */
function windowUrl(windowsUrl: string, { from, until }: Range): URL {
  const url = new URL(windowsUrl);
  url.searchParams.set('start_time', new Date(from).toISOString());
  url.searchParams.set('end_time', new Date(until).toISOString());
  url.searchParams.set('order', 'desc');
  return url;
}
