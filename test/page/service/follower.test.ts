import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { LogEngine } from '../../../page/engine/log-engine.ts';
import { withoutStorage } from '../../../page/service/feed.ts';
import { Follower } from '../../../page/worker/follower.ts';
import type { TailState } from '../../../page/worker/protocol.ts';
import { START } from '../any-log.ts';

const windowLine = (n: number): string =>
  JSON.stringify({ '@timestamp': new Date(START + n).toISOString(), event: { action: 'OPENED' } });
const feedLine = (n: number, id: string): string =>
  JSON.stringify({
    '@timestamp': new Date(START + n).toISOString(),
    event: { id, created: '2026-11-21T09:00:01.000Z', action: 'OPENED' },
  });

/** Serves answers of the feed: those that are left, then none. */
async function serveFeed(answers: readonly (readonly string[])[]) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const lines = answers[asked.length - 1] ?? [];
    response.setHeader('Feed-Cursor', `c${asked.length}`);
    response.setHeader('Number-Of-Results', String(lines.length));
    if (asked.length < answers.length) response.setHeader('Link', '<next>; rel="next"');
    response.end(lines.map((line) => `${line}\n`).join(''));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { asked, service: { windowsUrl: '', feedUrl: `http://127.0.0.1:${port}/feed`, key: 'k' } };
}

/** A follower whose waits end when the test does. */
function follow(engine: LogEngine) {
  const states: TailState[] = [];
  const follower = new Follower({
    engine,
    seen: new Map(),
    mostRows: 10,
    onState: (state) => states.push(state),
    onLogs: () => {},
    wait: (_, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  });
  return { follower, states };
}

const linesOf = (engine: LogEngine): string[] =>
  Array.from({ length: engine.table.length }, (_, row) => engine.table.lineOf(row));

describe('following', () => {
  test('adds what is new, and nothing that the windows had', async () => {
    const engine = new LogEngine();
    engine.append(windowLine(1));
    const { asked, service } = await serveFeed([
      [feedLine(1, 'a'), feedLine(1, 'b')],
      [feedLine(2, 'c'), feedLine(2, 'd')],
    ]);
    const { follower } = follow(engine);
    const following = follower.follow('c0', service);
    await vi.waitFor(() => expect(engine.table.length).toBe(4));
    follower.stop();
    expect(await following).toBe('c2');
    expect(linesOf(engine)).toEqual([1, 1, 2, 2].map(windowLine));
    expect(asked.slice(0, 2)).toEqual(['/feed?cursor=c0', '/feed?cursor=c1']);
  });

  test('holds new logs back, says how many wait, and loses none of them when it is stopped', async () => {
    const engine = new LogEngine();
    const { service } = await serveFeed([[feedLine(1, 'a')], [feedLine(2, 'b')]]);
    const { follower, states } = follow(engine);
    follower.hold(true);
    const following = follower.follow('c0', service);
    await vi.waitFor(() => expect(states.at(-1)?.waiting).toBe(2));
    expect(engine.table.length).toBe(0);
    follower.stop();
    await following;
    expect(linesOf(engine)).toEqual([1, 2].map(windowLine));
    expect(states.at(-1)).toMatchObject({ isOn: false, waiting: 0 });
  });

  test('takes no more than there is room for', async () => {
    const engine = new LogEngine();
    const { service } = await serveFeed([Array.from({ length: 12 }, (_, n) => feedLine(n, String(n)))]);
    const { follower } = follow(engine);
    const following = follower.follow('c0', service);
    await vi.waitFor(() => expect(engine.table.length).toBe(10));
    follower.stop();
    await following;
    expect(engine.table.length).toBe(10);
  });

  test('ends with a sentence of the API where asking again is of no use', async () => {
    const server = createServer((_, response) => {
      response.writeHead(401, { 'Content-Type': 'application/json' });
      response.end('{"error":{"code":"unauthorized","message":"no"}}');
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const { follower, states } = follow(new LogEngine());
    await follower.follow('c0', { windowsUrl: '', feedUrl: `http://127.0.0.1:${port}/`, key: 'k' });
    expect(states.at(-1)).toMatchObject({ isOn: false, failure: { status: 401, code: 'unauthorized' } });
  });
});

test('a log of the feed becomes one of a window: without its id and the time of storing', () => {
  expect(withoutStorage(feedLine(5, 'x'))).toEqual({ line: windowLine(5), time: START + 5 });
});
