import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bus } from '../../../../local/emulator/events/bus.ts';
import { eventBridge } from '../../../../local/emulator/events/endpoint.ts';
import { MAX_ENTRIES_BYTES, SAFE_DETAIL_BYTES } from '../../../../local/emulator/events/limits.ts';
import { queueTarget } from '../../../../local/emulator/events/targets.ts';
import { awsEndpoint } from '../../../../local/emulator/http/aws-endpoint.ts';
import { listen } from '../../../../local/emulator/http/http-server.ts';
import { sparingly } from '../../../../local/emulator/sparingly.ts';
import { sqs } from '../../../../local/emulator/sqs/endpoint.ts';
import { openJournal } from '../../../../local/emulator/sqs/journal.ts';
import { messageMoveOperations } from '../../../../local/emulator/sqs/message-move-operations.ts';
import { type Queue, queue } from '../../../../local/emulator/sqs/queue.ts';
import { type Disk, disk } from '../../fixtures/disk.ts';
import { keptLog } from '../../fixtures/log.ts';

/** A bus with one rule, its target and its dead-letter queue, each kept on a disk of its own. */
async function startBus() {
  const folder = await mkdtemp(join(tmpdir(), 'put-events-'));
  const log = keptLog();
  const lost: number[] = [];
  const large: number[] = [];
  const open = async (name: string): Promise<{ made: Queue; on: Disk }> => {
    const on = disk();
    const { journal, kept } = await openJournal(join(folder, `${name}.sqlite`), on.open);
    const options = {
      name,
      arn: `arn:aws:sqs:us-east-1:000000000000:${name}`,
      url: `http://127.0.0.1/000000000000/${name}`,
      visibilityTimeout: 60_000,
      retention: 3_600_000,
      delay: 0,
      maximumMessageSize: 1024 * 1024,
      journal,
    };
    return { made: queue(options, kept), on };
  };
  const target = await open('target');
  const deadLetters = await open('dead');
  const rule = {
    arn: 'arn:rule',
    matches: () => true,
    targets: [{ ...queueTarget(target.made), deadLetters: deadLetters.made }],
  };
  const watch = {
    onLost: (bytes: number) => void lost.push(bytes),
    onLargeDetail: (bytes: number) => void large.push(bytes),
  };
  const queues = [target.made, deadLetters.made];
  const { url, serve, close } = await listen(0);
  serve(
    awsEndpoint(
      [
        eventBridge({
          buses: new Map([['bus', bus([rule], watch)]]),
          accountId: '000000000000',
          region: 'us-east-1',
          onUnknownBus: () => {},
          onFailure: (name, error) => log.warn(`${name}: ${(error as Error).message}`),
        }),
        sqs(
          new Map(queues.map((each) => [each.options.name, each])),
          '000000000000',
          messageMoveOperations(queues),
        ),
      ],
      log,
    ),
  );
  onTestFinished(async () => {
    await close();
    for (const each of queues) await each.close();
    await rm(folder, { recursive: true });
  });

  const send = async (operation: string, input: object) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'X-Amz-Target': operation, 'Content-Type': 'application/x-amz-json-1.1' },
      body: JSON.stringify(input),
    });
    return { status: response.status, body: await response.json() };
  };
  const put = (...entries: object[]) =>
    send('AWSEvents.PutEvents', {
      Entries: entries.map((entry) => ({
        EventBusName: 'bus',
        Source: 's',
        DetailType: 't',
        Detail: '{}',
        ...entry,
      })),
    });
  const codes = async (...entries: object[]) => {
    const { status, body } = await put(...entries);
    expect(status).toBe(200);
    const { Entries, FailedEntryCount } = body as {
      Entries: { ErrorCode?: string }[];
      FailedEntryCount: number;
    };
    const found = Entries.map(({ ErrorCode }) => ErrorCode);
    expect(FailedEntryCount).toBe(found.filter((code) => code !== undefined).length);
    return found;
  };
  const inTarget = () => target.made.counts().visible;
  const inDeadLetters = () => deadLetters.made.counts().visible;
  return { put, codes, send, target, deadLetters, inTarget, inDeadLetters, log, lost, large };
}

describe('every entry is judged before any is published', () => {
  const deep = (levels: number) => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;

  test.each([
    ['a Detail 12,000 levels deep', { Detail: deep(12_000) }, 'MalformedDetail'],
    ['a Detail 1,001 levels deep', { Detail: deep(1001) }, 'MalformedDetail'],
    ['objects 100,000 levels deep', { Detail: '{"a":'.repeat(1e5) + 1 + '}'.repeat(1e5) }, 'MalformedDetail'],
    ['a Detail that is no JSON', { Detail: '{' }, 'MalformedDetail'],
    ['a Time beyond all dates', { Time: 1e15 }, 'InvalidArgument'],
    ['a Time before all dates', { Time: -1e15 }, 'InvalidArgument'],
    ['no Source', { Source: '' }, 'InvalidArgument'],
  ])('%s is refused, and its neighbours are published once', async (_, entry, code) => {
    const { codes, inTarget, log } = await startBus();
    expect(await codes({}, entry, {})).toEqual([undefined, code, undefined]);
    expect(inTarget()).toBe(2);
    expect(log.warnings).toEqual([]);
  });

  test('1,000 levels are taken', async () => {
    const { codes } = await startBus();
    expect(await codes({ Detail: deep(1000) })).toEqual([undefined]);
  });

  test.each([
    ['a Time that is text', { Time: 'yesterday' }],
    ['a Detail that is no text', { Detail: {} }],
    ['an empty name of a bus', { EventBusName: '' }],
    ['Resources that are no list', { Resources: 'arn' }],
  ])('%s refuses the request, and nothing is published', async (_, entry) => {
    const { put, inTarget } = await startBus();
    expect((await put({}, entry, {})).status).toBe(400);
    expect(inTarget()).toBe(0);
  });

  test('a time of any year is written whole', async () => {
    const { codes, target } = await startBus();
    await codes({ Time: -62_198_755_200 }, { Time: -1.5 }, { Time: 253_402_300_800 });
    const messages = await target.made.receive(10, 0);
    expect(messages.map(({ body }) => JSON.parse(body).time).sort()).toEqual([
      '+010000-01-01T00:00:00Z',
      '-000001-01-01T00:00:00Z',
      '1969-12-31T23:59:58Z',
    ]);
  });
});

describe('while the disk is full', () => {
  test('what the target cannot keep goes to the dead-letter queue, and is accepted', async () => {
    const { codes, target, inTarget, inDeadLetters } = await startBus();
    target.on.full = true;
    expect(await codes({})).toEqual([undefined]);
    expect([inTarget(), inDeadLetters()]).toEqual([0, 1]);
  });

  test('what neither can keep is refused as InternalFailure and named at the terminal, and taken when there is space again', async () => {
    const { codes, target, deadLetters, inTarget, log, lost } = await startBus();
    target.on.full = true;
    deadLetters.on.full = true;
    expect(await codes({}, { Source: '' })).toEqual(['InternalFailure', 'InvalidArgument']);
    expect(log.warnings).toEqual(['bus: ENOSPC: no space left on device, write']);
    target.on.full = false;
    expect(await codes({}, {})).toEqual([undefined, undefined]);
    expect(inTarget()).toBe(2);
    expect(lost).toEqual([]);
  });

  test('SendMessage answers 500, and works when there is space again', async () => {
    const { send, target, inTarget, log } = await startBus();
    const QueueUrl = target.made.options.url;
    target.on.full = true;
    expect(await send('AmazonSQS.SendMessage', { QueueUrl, MessageBody: 'secret' })).toMatchObject({
      status: 500,
      body: { __type: 'InternalFailure' },
    });
    expect(log.warnings[0]).toBe('AmazonSQS.SendMessage failed: Error ENOSPC');
    target.on.full = false;
    expect((await send('AmazonSQS.SendMessage', { QueueUrl, MessageBody: 'x' })).status).toBe(200);
    expect(inTarget()).toBe(1);
  });
});

describe('a large event', () => {
  const detailOf = (bytes: number): string => `{"a":"${'x'.repeat(bytes - 8)}"}`;

  test('above EventBridge’s limit refuses the request', async () => {
    const { put, codes, inTarget } = await startBus();
    // Source and DetailType take a byte each.
    expect((await put({ Detail: detailOf(MAX_ENTRIES_BYTES - 1) })).status).toBe(400);
    expect(inTarget()).toBe(0);
    expect(await codes({ Detail: detailOf(MAX_ENTRIES_BYTES - 2) })).toEqual([undefined]);
  });

  test('up to the safe size of a Detail reaches the queue without a word', async () => {
    const { codes, inTarget, lost, large } = await startBus();
    await codes({
      Detail: detailOf(SAFE_DETAIL_BYTES),
      Source: 's'.repeat(256),
      DetailType: 't'.repeat(128),
    });
    expect([inTarget(), lost, large]).toEqual([1, [], []]);
  });

  test('above the safe size is warned about, also where it arrives', async () => {
    const { codes, inTarget, lost, large } = await startBus();
    await codes({ Detail: detailOf(SAFE_DETAIL_BYTES + 1) });
    expect([inTarget(), lost, large]).toEqual([1, [], [SAFE_DETAIL_BYTES + 1]]);
  });

  test('that no queue can hold with its envelope is accepted, as by EventBridge, and reported as lost, with its size', async () => {
    const { codes, inTarget, inDeadLetters, lost } = await startBus();
    expect(await codes({ Detail: detailOf(1_048_420) })).toEqual([undefined]);
    expect([inTarget(), inDeadLetters()]).toEqual([0, 0]);
    expect(lost).toEqual([expect.any(Number)]);
    expect(lost[0]).toBeGreaterThan(1024 * 1024);
  });

  test('counts the attributes of a message, as SQS does: a dead letter may be too large where its event alone is not', async () => {
    const { deadLetters } = await startBus();
    const attributes = { NAME: { DataType: 'String', StringValue: 'x'.repeat(100) } };
    const body = 'x'.repeat(1024 * 1024 - 110);
    const message = { id: 'i', body, attributes, sentAt: 0 };
    await expect(deadLetters.made.send([{ ...message, body: `${body}x` }])).rejects.toThrow('1048577 bytes');
    await deadLetters.made.send([message]);
  });
});

test('a line that may come often is said at once, and then once in a while with how often it came', () => {
  const said: string[] = [];
  let now = 0;
  const say = sparingly(
    (line) => said.push(line),
    1000,
    () => now,
  );
  for (now of [0, 1, 999, 1000, 1500, 2500]) say('x');
  expect(said).toEqual(['x', 'x (and 2 more before it)', 'x (and 1 more before it)']);
});
