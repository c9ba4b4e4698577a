import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Announcement, busPublisher, type OpenPublisher } from '../../../functions/ingest/publisher.ts';

/** An EventBridge that refuses entries of the detail type `refuse` and requests that hold `fail`. */
describe('announcing on the bus', () => {
  const requests: Array<Array<{ Detail: string; DetailType: string; Source: string; EventBusName: string }>> =
    [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const { Entries } = JSON.parse(Buffer.concat(chunks).toString());
      requests.push(Entries);
      const names: string[] = Entries.map((entry: { DetailType: string }) => entry.DetailType);
      if (names.includes('fail')) return response.writeHead(500).end('{}');
      const results = names.map((name) =>
        name === 'refuse' ? { ErrorCode: 'ThrottlingException' } : { EventId: 'id' },
      );
      return response.end(
        JSON.stringify({
          Entries: results,
          FailedEntryCount: results.filter((r) => 'ErrorCode' in r).length,
        }),
      );
    });
  });
  let client: EventBridgeClient;
  let open: OpenPublisher;
  const { signal } = new AbortController();
  const announce = (announcements: Announcement[], until = signal): Promise<unknown[]> => {
    const bus = open(until);
    const taken = announcements.map((announcement) => bus.publish(announcement));
    bus.flush();
    return Promise.all(taken);
  };
  const saying = (detailType: string, detail = '{}') => ({ detailType, detail });

  beforeEach(async () => {
    requests.length = 0;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    client = new EventBridgeClient({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    });
    open = busPublisher(client, 'the-bus');
  });
  afterEach(() => {
    client.destroy();
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });

  test('says nothing when there is nothing to say', async () => {
    expect(await announce([], signal)).toEqual([]);
    expect(requests).toEqual([]);
  });

  test('names the service as the source, and the bus', async () => {
    await announce([saying('Security Event Rejected', '{"a":1}')]);
    expect(requests).toEqual([
      [
        {
          Source: 'security-logs',
          DetailType: 'Security Event Rejected',
          Detail: '{"a":1}',
          EventBusName: 'the-bus',
        },
      ],
    ]);
  });

  test('goes in full batches of ten', async () => {
    const results = await announce(Array.from({ length: 23 }, () => saying('x')));
    expect(requests.map((entries) => entries.length).sort((a, b) => b - a)).toEqual([10, 10, 3]);
    expect(results).toEqual(new Array(23).fill(undefined));
  });

  test('keeps a request below 1 MB', async () => {
    const large = JSON.stringify({ text: 'x'.repeat(400_000) });
    await announce([saying('x', large), saying('x', large), saying('x', large)]);
    expect(requests.map((entries) => entries.length).sort()).toEqual([1, 2]);
  });

  test('tells of each entry whether the bus took it', async () => {
    const results = await announce([saying('x'), saying('refuse'), saying('y')]);
    expect(results).toEqual([undefined, expect.any(Error), undefined]);
    expect(String(results[1])).toContain('ThrottlingException');
  });

  test('a request that failed is the failure of its entries alone', async () => {
    const results = await announce([...Array.from({ length: 10 }, () => saying('x')), saying('fail')]);
    expect(results.slice(0, 10)).toEqual(new Array(10).fill(undefined));
    expect(results[10]).toBeInstanceOf(Error);
  });

  test('sends a batch as soon as it is full, and the rest when it is told to', async () => {
    const bus = open(signal);
    const taken = Array.from({ length: 13 }, () => bus.publish(saying('x')));
    expect(await Promise.all(taken.slice(0, 10))).toEqual(new Array(10).fill(undefined));
    expect(requests.map((entries) => entries.length)).toEqual([10]);
    bus.flush();
    await Promise.all(taken);
    expect(requests.map((entries) => entries.length)).toEqual([10, 3]);
  });

  test('gives up when its time is over, even if nothing answers', async () => {
    const never = { send: () => new Promise(() => {}) } as unknown as EventBridgeClient;
    const time = new AbortController();
    const bus = busPublisher(never, 'the-bus')(time.signal);
    const taken = bus.publish(saying('x'));
    bus.flush();
    time.abort(new Error('too late'));
    expect(await taken).toEqual(new Error('too late'));
    const [late] = await announce([saying('x')], time.signal);
    expect(late).toEqual(new Error('too late'));
    expect(requests).toEqual([]);
  });
});
