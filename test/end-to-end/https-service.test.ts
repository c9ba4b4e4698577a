import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { redrive } from '../../tools/redrive/redrive.ts';
import { FULL_LOG } from '../fixtures/full-log.ts';
import {
  AUTHORIZATION,
  AWS,
  deliveryIdOf,
  deliveryIdsOf,
  START,
  samples,
  serviceAt,
  startDelivering,
} from './delivering-stack.ts';
import { type Received, type Receiver, startReceiver } from './receiver.ts';
import { API_KEY, between, type RunningStack } from './running-stack.ts';

type Sample = ReturnType<typeof samples>[number];
/** There are nine. */
type Samples = [Sample, Sample, ...Sample[]];

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());

describe('a custom service by https', () => {
  let stack: RunningStack;
  /** All that the functions and the local stack logged. */
  const logged: string[] = [];
  beforeAll(async () => {
    const keep = (line: string): unknown => logged.push(line);
    stack = await startDelivering(serviceAt(receiver), 'text', {
      log: { progress: keep, warn: keep, detail: keep },
    });
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
        authorization: AUTHORIZATION,
      });
      delivered.push(await verify(received));
    }
    const byText = (all: unknown[]) => all.map((each) => JSON.stringify(each)).sort();
    expect(byText(delivered)).toEqual(byText(logs));
    expect(receiver.received.map(({ headers }) => headers['webhook-id']).sort()).toEqual(
      deliveryIdsOf(details),
    );
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
    const [slow, ...others] = samples('slow') as Samples;
    let isGivenUp = false;
    receiver.answer(({ headers }, response, n) => {
      if (headers['webhook-id'] !== deliveryIdOf(slow) || n > others.length + 1)
        response.writeHead(204).end();
      else
        response.once('close', () => {
          isGivenUp = true;
        });
    });
    await stack.publishDetails([slow, ...others]);
    await receiver.until(others.length + 1);
    expect(isGivenUp).toBe(false);
    await receiver.until(others.length + 2);
    expect(receiver.received.at(-1)?.headers['webhook-id']).toBe(deliveryIdOf(slow));
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
      const [gone, redirected] = samples('given-up') as Samples;
      receiver.answer(({ headers }, response) => {
        if (headers['webhook-id'] === deliveryIdOf(gone)) response.writeHead(410).end();
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

  test('that answers 404 at first, as while it is being deployed, gets the log; one that always does, five times', async () => {
    const [slow, never] = samples('denied') as Samples;
    const answers = new Map<string, number>();
    receiver.answer(({ headers }, response) => {
      const id = headers['webhook-id'] ?? '';
      const n = (answers.get(id) ?? 0) + 1;
      answers.set(id, n);
      response.writeHead(id === deliveryIdOf(slow) && n === 3 ? 204 : 404).end();
    });
    await stack.publishDetails([slow, never]);
    expect(await deadLetters(1)).toEqual([{ id: never.event.id, reason: 'the service answered 404' }]);
    // The one that is taken may still wait for its third attempt.
    await vi.waitFor(() => expect(answers.get(deliveryIdOf(slow))).toBe(3), { timeout: 30_000 });
    expect(answers.get(deliveryIdOf(never))).toBe(5);
  });

  test('gets a log that it refused, once that is put back: npm run redrive', async () => {
    const [detail] = samples('redriven') as Samples;
    receiver.answer((_, response, n) => response.writeHead(n === 1 ? 400 : 204).end());
    await stack.publishDetails([detail]);
    const sqs = new SQSClient({ endpoint: stack.awsUrl, ...AWS });
    const queue = stack.outputs['DeliveryDeadLetterQueueUrl'] ?? '';
    await vi.waitFor(
      async () => {
        const silent = { show: () => {}, end: () => {} };
        expect(await redrive(sqs, { queue, to: undefined }, silent)).toMatch(
          /^moved 1 message to .*DeliveryQueue/,
        );
      },
      { timeout: 30_000, interval: 200 },
    );
    await receiver.until(2);
    const [first, second] = receiver.received as [Received, Received];
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
    sqs.destroy();
  });

  test('gets nothing that was not stored: a forged announcement delivers nothing', async () => {
    receiver.answer((_, response) => response.writeHead(204).end());
    const key = { partitionKey: '1#player#0', sortKey: '001795251600000#forged' };
    const Detail = JSON.stringify({ id: 'forged', key, log: { event: { action: 'OPENED' } } });
    const [honest] = samples('honest') as Samples;
    await stack.publish([{ Source: 'security-logs', DetailType: 'Security Log Stored', Detail }]);
    await stack.publishDetails([honest]);
    await receiver.until(1);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([deliveryIdOf(honest)]);
  });

  test('leaves no log, no key and no token in what is logged, whatever became of the logs', async () => {
    const secret = 'only-in-the-event';
    const [sample] = samples('personal');
    const personal = {
      ...FULL_LOG,
      '@timestamp': sample?.['@timestamp'],
      event: { ...FULL_LOG.event, id: 'personal-data' },
      url: { full: `https://player.example/claim?token=${secret}` },
      label: { ...FULL_LOG.label, rid: `rid-${secret}` },
      [`unknown-${secret}`]: secret,
    };
    let attempts = 0;
    receiver.answer((_, response) => {
      attempts += 1;
      response.writeHead(attempts === 1 ? 503 : 204).end(`an answer with ${secret}`);
    });
    await stack.publishDetails([personal]);
    await stack.publishDetails([{ ...personal, event: { action: `unknown-${secret}` } }]);
    await vi.waitFor(() => expect(attempts).toBe(2), { timeout: 50_000 });
    const window = between(START, START + 1000);
    await stack.askUntil(window, 1);
    await stack.ask(window, { apiKey: `wrong-${secret}`, 'user-agent': `agent-${secret}` });
    await stack.ask(`start_time=${secret}`);

    const said = (text: string) => logged.some((line) => line.includes(text));
    await vi.waitFor(
      () => {
        for (const text of [
          '"status":200',
          '"status":401',
          '"status":400',
          'event rejected',
          'delivery failed',
        ])
          expect(said(text), text).toBe(true);
      },
      { timeout: 30_000 },
    );
    const { client, user_agent, label } = FULL_LOG;
    for (const text of [
      secret,
      API_KEY,
      AUTHORIZATION,
      await signingSecret(),
      client?.ip,
      user_agent?.original,
      label.source_value,
      label.customer_id,
    ]) {
      expect(text).toEqual(expect.stringMatching(/.{8}/));
      expect(logged.filter((line) => line.includes(String(text)))).toEqual([]);
    }
  }, 120_000);
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
