import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { CustomService, Payload } from '../../shared/settings/delivery.ts';
import { AWS, deliveryIdsOf, idsOf, START, samples, serviceAt, startDelivering } from './delivering-stack.ts';
import { type Received, type Receiver, startReceiver } from './receiver.ts';
import { between } from './running-stack.ts';

const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:000000000000:function:to-siem';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());

test('during the rotation of the signing secret, requests verify with the old one and with the new one', async () => {
  const stack = await startDelivering(serviceAt(receiver));
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

test('an invalid signing secret is the reason told, never with its value, and logs go out soon after it was mended', async () => {
  const lines: string[] = [];
  const note = (line: string): unknown => lines.push(line);
  const stack = await startDelivering(serviceAt(receiver), 'text', {
    log: { progress: note, warn: note, detail: note },
  });
  const secrets = new SecretsManagerClient({ endpoint: stack.awsUrl, ...AWS });
  try {
    const SecretId = stack.outputs['SigningSecretArn'];
    const put = (SecretString: string) => secrets.send(new PutSecretValueCommand({ SecretId, SecretString }));
    await put('hunter2');
    receiver.answer((_, response) => response.writeHead(204).end());
    await stack.publishDetails(samples('mended').slice(0, 1));
    const reason =
      'the signing secret (AWSCURRENT) is not a Standard Webhooks secret: base64 of 24 to 64 bytes';
    await vi.waitFor(() => expect(lines.join('\n')).toContain(`"reason":"${reason}"`), { timeout: 20_000 });
    expect(lines.join('\n')).not.toContain('hunter2');

    const mended = Buffer.alloc(48, 7).toString('base64');
    await put(mended);
    await receiver.until(1);
    const [{ body, headers }] = receiver.received as [Received];
    expect(new Webhook(mended).verify(body.toString(), { ...headers })).toBeDefined();
  } finally {
    secrets.destroy();
    await stack.close();
  }
});

test('as files, the logs come in multipart requests', async () => {
  const stack = await startDelivering(serviceAt(receiver), 'file');
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
      const { label } = JSON.parse(await file.text());
      expect(headers['webhook-id']).toMatch(new RegExp(`^player-.*Z-${label.rid}$`));
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

const FILE_STORE: CustomService = { type: 'file-store', bucket: 'the-bucket', prefix: 'logs/' };

test('a file store gets each log as an object, once, in a folder for its day', async () => {
  const service = FILE_STORE;
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
      deliveryIdsOf(details).map((id) => `logs/2026/11/20/security-log-${id}.json`),
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

test('a file store keeps logs with one event.id apart: of two applications, and of two instants', async () => {
  const stack = await startDelivering(FILE_STORE);
  const s3 = new S3Client({ endpoint: stack.awsUrl, ...AWS });
  const entry = (application: string, at: number) => ({
    Source: `easysend.${application}`,
    Detail: JSON.stringify({
      '@timestamp': new Date(at).toISOString(),
      event: { action: 'OPENED', id: '1001' },
    }),
  });
  try {
    await stack.publish([entry('player', START), entry('builder', START), entry('player', START + 5000)]);
    const list = () => s3.send(new ListObjectsV2Command({ Bucket: 'the-bucket' }));
    const keys = async () => ((await list().catch(() => undefined))?.Contents ?? []).map(({ Key }) => Key);
    await vi.waitFor(
      async () =>
        expect((await keys()).sort()).toEqual([
          'logs/2026/11/20/security-log-builder-20261120T090000000Z-1001.json',
          'logs/2026/11/20/security-log-player-20261120T090000000Z-1001.json',
          'logs/2026/11/20/security-log-player-20261120T090005000Z-1001.json',
        ]),
      { timeout: 30_000, interval: 200 },
    );
  } finally {
    s3.destroy();
    await stack.close();
  }
});

test('a receiver that fails three times in ten gets every log at least once, and storing does not wait for it', async () => {
  const count = 300;
  const stack = await startDelivering(serviceAt(receiver));
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
    expect([...delivered].sort()).toEqual(deliveryIdsOf(details));
  } finally {
    await stack.close();
  }
});
