import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FOLLOWER_KINDS, follower, missingOf } from '../end-to-end/feed-day/follower.ts';

/** The programs of docs/feed/ after a restart (docs/feed.md#how-to-follow-it); test/end-to-end/feed-day.test.ts runs them all day. */

let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    const headers = { 'Feed-Cursor': 'next', 'Number-Of-Results': '0' };
    response.writeHead(200, headers);
    const isLines = request.headers.accept?.includes('ndjson');
    response.end(isLines ? '' : '{"events":[],"cursor":"next","has_more":false}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feed-followers-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe.for(FOLLOWER_KINDS)('$name', (kind) => {
  test.skipIf(missingOf(kind).length > 0)(
    'cuts off what it had not saved, also where the next answer is empty',
    async () => {
      const [output, state] = [join(folder, 'logs.ndjson'), join(folder, 'state')];
      await writeFile(output, '{"a":1}\n{"b":2}\n{"half');
      await writeFile(state, '8\ncursor\n');
      const { run, failures } = follower(kind, url, 'a key', folder);
      await run();
      expect(failures).toEqual([]);
      expect(await readFile(output, 'utf8')).toBe('{"a":1}\n');
      expect(await readFile(state, 'utf8')).toBe('8\nnext\n');
    },
  );
});
