import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalStackOptions } from '../../local/stack.ts';
import { type SynthesizedAssembly, synthesize } from '../../local/synthesize.ts';
import { EVENT_ACTIONS } from '../../shared/event-actions.ts';
import type { CustomService, Payload } from '../../shared/settings.ts';
import { type Received, type Receiver, startReceiver } from './receiver.ts';
import { between, type RunningStack, startRunningStack, withVariables } from './running-stack.ts';

const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:000000000000:function:to-siem';
const HEADER_SECRET = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:siem-token-AbCdEf';
const START = Date.UTC(2026, 10, 20, 9);

const AWS = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

let receiver: Receiver;
let assembly: SynthesizedAssembly;
beforeAll(async () => {
  receiver = await startReceiver();
  const folder = await mkdtemp(join(tmpdir(), 'settings-'));
  const settings = { delivery: { method: 'api-and-custom-service', service: httpsService() } };
  await writeFile(join(folder, 'settings.json'), JSON.stringify(settings));
  assembly = await synthesize({ settings: join(folder, 'settings.json') });
  await rm(folder, { recursive: true });
});
afterAll(async () => {
  await assembly.close();
  await receiver.close();
});

function httpsService(): CustomService {
  const headers = { Authorization: HEADER_SECRET };
  return { type: 'https', url: receiver.url, headers, allowedPrivateHosts: ['127.0.0.1'] };
}

/** A stack that delivers to a service; its first retry comes after a second at most. */
function startDelivering(
  service: CustomService,
  payload: Payload = 'text',
  options: Partial<LocalStackOptions> = {},
): Promise<RunningStack> {
  const DELIVERY = JSON.stringify({ method: 'api-and-custom-service', service, payload });
  return startRunningStack({
    assembly: assembly.folder,
    secrets: { [HEADER_SECRET]: 'Bearer of-the-test' },
    patchTemplate: withVariables({ DELIVERY, FIRST_RETRY_MS: '100' }),
    ...options,
  });
}

const samples = (name: string) =>
  EVENT_ACTIONS.map((action, i) => ({
    '@timestamp': new Date(START + i).toISOString(),
    event: { action, id: `${name}-${i}` },
    label: { rid: `${name}-${i}` },
  }));

const idsOf = (details: ReturnType<typeof samples>) => details.map(({ event }) => event.id).sort();

describe('a custom service by https', () => {
  let stack: RunningStack;
  beforeAll(async () => {
    stack = await startDelivering(httpsService());
  });
  afterAll(() => stack.close());

  const deadLetters = async (count: number) => {
    const sqs = new SQSClient({ endpoint: stack.awsUrl, ...AWS });
    const QueueUrl = stack.outputs['DeliveryDeadLetterQueueUrl'];
    const found: Array<{ id: string; reason: string | undefined }> = [];
    while (found.length < count) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          WaitTimeSeconds: 1,
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ['All'],
        }),
      );
      for (const { Body = '', MessageAttributes, ReceiptHandle } of Messages) {
        found.push({ id: JSON.parse(Body).detail.id, reason: MessageAttributes?.['Reason']?.StringValue });
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
    sqs.destroy();
    return found;
  };

  const secrets = () => new SecretsManagerClient({ endpoint: stack.awsUrl, ...AWS });
  const signingSecret = async () => {
    const command = new GetSecretValueCommand({ SecretId: stack.outputs['SigningSecretArn'] });
    return (await secrets().send(command)).SecretString ?? '';
  };
  const verify = async ({ body, headers }: Received) =>
    new Webhook(await signingSecret()).verify(body.toString(), { ...headers });

  test('gets each log that is stored, signed, just as the API shows it', async () => {
    const details = samples('text');
    receiver.answer((_, response) => response.writeHead(204).end());
    await stack.publishDetails(details);
    await receiver.until(details.length);
    const { logs } = await stack.askUntil(between(START, START + 1000), details.length);
    const delivered = [];
    for (const received of receiver.received) {
      expect(received.headers).toMatchObject({
        'content-type': 'application/json',
        authorization: 'Bearer of-the-test',
      });
      delivered.push(await verify(received));
    }
    const byText = (all: unknown[]) => all.map((each) => JSON.stringify(each)).sort();
    expect(byText(delivered)).toEqual(byText(logs));
    expect(receiver.received.map(({ headers }) => headers['webhook-id']).sort()).toEqual(idsOf(details));
  });

  test('that was tampered with on the way does not verify', async () => {
    receiver.answer((_, response) => response.writeHead(204).end());
    await stack.publishDetails(samples('tampered').slice(0, 1));
    await receiver.until(1);
    const [received] = receiver.received as [Received];
    await expect(verify({ ...received, body: Buffer.from('{}') })).rejects.toThrow();
  });

  test.each<[string, (response: Parameters<Parameters<Receiver['answer']>[0]>[1]) => void]>([
    ['500', (response) => response.writeHead(500).end()],
    ['503 with an endless body', (response) => endless(response.writeHead(503))],
    ['408', (response) => response.writeHead(408).end()],
    ['429 with Retry-After', (response) => response.writeHead(429, { 'retry-after': '1' }).end()],
    ['a reset', (response) => response.destroy()],
  ])('that answers %s and then 200 gets the log again, under the same id', async (name, fail) => {
    const [detail] = samples(`again-${name.replaceAll(' ', '-')}`);
    receiver.answer((_, response, n) => (n === 1 ? fail(response) : response.writeHead(200).end('{}')));
    await stack.publishDetails(detail ? [detail] : []);
    await receiver.until(2);
    const [first, second] = receiver.received as [Received, Received];
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
    expect(second.body).toEqual(first.body);
    if (name.startsWith('429')) expect(second.at - first.at).toBeGreaterThanOrEqual(1000);
  });

  test('that does not answer holds up no other log, and is given up after ten seconds for this time', async () => {
    const [slow, ...others] = samples('slow');
    receiver.answer(({ headers }, response, n) => {
      if (headers['webhook-id'] !== slow?.event.id || n > others.length + 1) response.writeHead(204).end();
    });
    await stack.publishDetails([slow ?? {}, ...others]);
    const since = Date.now();
    await receiver.until(others.length + 1);
    expect(Date.now() - since).toBeLessThan(9_000);
    await receiver.until(others.length + 2);
    expect(receiver.received.at(-1)?.headers['webhook-id']).toBe(slow?.event.id);
  });

  test('whose success has an endless body has the log', async () => {
    const [detail] = samples('endless');
    receiver.answer((_, response) => endless(response.writeHead(200)));
    await stack.publishDetails(detail ? [detail] : []);
    await receiver.until(1);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(receiver.received.length).toBe(1);
  });

  test('that answers 410, or redirects, loses the log to the dead-letter queue at once, with the reason', async () => {
    const elsewhere = await startReceiver();
    try {
      const [gone, redirected] = samples('given-up');
      if (!gone || !redirected) throw new Error('there are nine samples');
      receiver.answer(({ headers }, response) => {
        if (headers['webhook-id'] === gone.event.id) response.writeHead(410).end();
        else response.writeHead(307, { location: elsewhere.url }).end();
      });
      await stack.publishDetails([gone, redirected]);
      expect((await deadLetters(2)).sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
        { id: gone.event.id, reason: 'the service answered 410' },
        { id: redirected.event.id, reason: 'the service answered 307' },
      ]);
      expect([receiver.received.length, elsewhere.received.length]).toEqual([2, 0]);
    } finally {
      await elsewhere.close();
    }
  });

  test('gets nothing that was not stored: a forged announcement delivers nothing', async () => {
    receiver.answer((_, response) => response.writeHead(204).end());
    const key = { partitionKey: '1#player#0', sortKey: '001795251600000#forged' };
    const Detail = JSON.stringify({ id: 'forged', key, log: { event: { action: 'OPENED' } } });
    const [honest] = samples('honest');
    await stack.publish([{ Source: 'security-logs', DetailType: 'Security Log Stored', Detail }]);
    await stack.publishDetails(honest ? [honest] : []);
    await receiver.until(1);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([honest?.event.id]);
  });
});

/** Writes for ever, at the pace of the reader. */
function endless(response: {
  write(chunk: string): boolean;
  once(event: string, listener: () => void): unknown;
}): void {
  while (response.write('x'.repeat(10_000))) {
    // as long as it is taken
  }
  response.once('drain', () => endless(response));
}

test('during the rotation of the signing secret, requests verify with the old one and with the new one', async () => {
  const stack = await startDelivering(httpsService());
  try {
    const secrets = new SecretsManagerClient({ endpoint: stack.awsUrl, ...AWS });
    const SecretId = stack.outputs['SigningSecretArn'];
    const { SecretString: old = '' } = await secrets.send(new GetSecretValueCommand({ SecretId }));
    const renewed = Buffer.alloc(48, 7).toString('base64');
    await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: renewed }));
    receiver.answer((_, response) => response.writeHead(204).end());
    await stack.publishDetails(samples('rotated').slice(0, 1));
    await receiver.until(1);
    const [{ body, headers }] = receiver.received as [Received];
    for (const secret of [old, renewed]) {
      expect(new Webhook(secret).verify(body.toString(), { ...headers })).toMatchObject({
        label: { rid: 'rotated-0' },
      });
    }
  } finally {
    await stack.close();
  }
});

test('as files, the logs come in multipart requests', async () => {
  const stack = await startDelivering(httpsService(), 'file');
  try {
    const details = samples('file');
    receiver.answer((_, response) => response.writeHead(204).end());
    await stack.publishDetails(details);
    await receiver.until(details.length);
    for (const { headers, body } of receiver.received) {
      const contentType = headers['content-type'] ?? '';
      expect(contentType).toMatch(/^multipart\/form-data; boundary=/);
      const form = await new Response(new Uint8Array(body), {
        headers: { 'content-type': contentType },
      }).formData();
      const file = form.get('file') as File;
      expect([file.name, file.type]).toEqual([
        `security-log-${headers['webhook-id']}.json`,
        'application/json',
      ]);
      expect(JSON.parse(await file.text()).label.rid).toBe(headers['webhook-id']);
    }
  } finally {
    await stack.close();
  }
});

test('a private address that was not allowed by name is never connected to', async () => {
  const stack = await startDelivering({ type: 'https', url: receiver.url.replace('http:', 'https:') });
  try {
    receiver.answer((_, response) => response.writeHead(204).end());
    const sqs = new SQSClient({ endpoint: stack.awsUrl, ...AWS });
    await stack.publishDetails(samples('private').slice(0, 1));
    const receive = new ReceiveMessageCommand({
      QueueUrl: stack.outputs['DeliveryDeadLetterQueueUrl'],
      WaitTimeSeconds: 20,
      MessageAttributeNames: ['All'],
    });
    const { Messages = [] } = await sqs.send(receive);
    expect(Messages[0]?.MessageAttributes?.['Reason']?.StringValue).toContain('not a public address');
    expect(receiver.received).toEqual([]);
  } finally {
    await stack.close();
  }
});

describe('a Lambda function as the custom service', () => {
  test.each<[Payload]>([['text'], ['file']])(
    'is invoked with each log as %s, again where it fails',
    async (payload) => {
      const events: Array<Record<string, unknown>> = [];
      const handler = (event: unknown) => {
        events.push(event as Record<string, unknown>);
        if (events.length === 1) throw new Error('not this time');
      };
      const stack = await startDelivering({ type: 'lambda', functionArn: FUNCTION_ARN }, payload, {
        functions: { [FUNCTION_ARN]: handler },
      });
      try {
        const details = samples(`lambda-${payload}`);
        await stack.publishDetails(details);
        while (events.length < details.length + 1) await new Promise((resolve) => setTimeout(resolve, 50));
        const logs = events.map((event) => {
          if (payload === 'text') return event;
          expect(event).toMatchObject({
            contentType: 'application/json',
            fileName: expect.stringMatching(/^security-log-/),
          });
          return JSON.parse(String(event['content']));
        });
        expect([...new Set(logs.map((log) => log.label.rid))].sort()).toEqual(idsOf(details));
      } finally {
        await stack.close();
      }
    },
  );
});

test('a file store gets each log as an object, once, in a folder for its day', async () => {
  const service: CustomService = { type: 'file-store', bucket: 'the-bucket', prefix: 'logs/' };
  const stack = await startDelivering(service, 'file');
  const s3 = new S3Client({ endpoint: stack.awsUrl, ...AWS });
  try {
    const details = samples('stored');
    await stack.publishDetails(details);
    await stack.publishDetails(details);
    const list = async () =>
      (await s3.send(new ListObjectsV2Command({ Bucket: 'the-bucket' }))).Contents ?? [];
    let objects = await list().catch(() => []);
    while (objects.length < details.length) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      objects = await list().catch(() => []);
    }
    expect(objects.map(({ Key }) => Key).sort()).toEqual(
      idsOf(details).map((id) => `logs/2026/11/20/security-log-${id}.json`),
    );
    const { Body, ContentType } = await s3.send(
      new GetObjectCommand({ Bucket: 'the-bucket', Key: objects[0]?.Key }),
    );
    expect(ContentType).toBe('application/json');
    expect(JSON.parse((await Body?.transformToString()) ?? '').event.action).toBeDefined();
  } finally {
    s3.destroy();
    await stack.close();
  }
});

test('a receiver that fails three times in ten gets every log at least once, and storing does not wait for it', async () => {
  const count = 300;
  const stack = await startDelivering(httpsService());
  try {
    let chance = 1;
    const random = () => {
      chance = (chance * 48271) % 2147483647;
      return chance / 2147483647;
    };
    const delivered = new Set<string>();
    receiver.answer(({ headers }, response) => {
      if (random() < 0.3) return response.writeHead(500).end();
      delivered.add(headers['webhook-id'] ?? '');
      return response.writeHead(204).end();
    });
    const details = Array.from({ length: count }, (_, i) => ({
      '@timestamp': new Date(START + i).toISOString(),
      event: { action: 'OPENED', id: `unreliable-${i}` },
    }));
    await stack.publishDetails(details);
    await stack.askUntil(between(START, START + 60_000), count);
    while (delivered.size < count) await new Promise((resolve) => setTimeout(resolve, 100));
    expect([...delivered].sort()).toEqual(details.map(({ event }) => event.id).sort());
  } finally {
    await stack.close();
  }
});
