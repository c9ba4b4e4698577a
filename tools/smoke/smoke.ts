import { RequestRefused } from '../../shared/api-client/answers.ts';
import { ask } from '../../shared/api-client/ask.ts';
import type { EventAction } from '../../shared/event/actions.ts';
import { MARKS, markedEvent } from '../../shared/round-trip/marked-event.ts';
import { roundTrip } from '../../shared/round-trip/round-trip.ts';
import { publishOne } from '../publisher/publish-one.ts';
import type { AwsAddress } from '../stack/aws-address.ts';
import { findStack } from '../stack/find-stack.ts';
import { readKey } from '../stack/read-key.ts';
import type { Steps } from './steps.ts';

export interface SmokeOptions {
  /** The name of the stack in CloudFormation. */
  readonly stack: string;
  /** The action of the event that is published. */
  readonly action: EventAction;
  /** The key of the API. Undefined: it is read from the stack's secret. */
  readonly apiKey: string | undefined;
  /** The name of the key in the secret. Undefined: the first that opens the logs of every application. */
  readonly keyName: string | undefined;
  /** How long the log may take from its publishing to either way of reading it, milliseconds. */
  readonly timeoutMs: number;
  readonly address: AwsAddress;
}

/**
 * Tests a deployed stack from the outside: publishes one event, and reads its log through the window and through the feed.
 *
 * @throws Error naming the first step that failed
 */
export async function smoke(options: SmokeOptions, { run }: Steps): Promise<void> {
  const { stack, action, keyName, timeoutMs, address } = options;
  const { apiUrl, feedUrl, apiKeySecretArn, busName } = await run(`the stack ${stack} is found`, () =>
    findStack(stack, address),
  );
  const key = await run(
    'the key of the API is read',
    async () => options.apiKey ?? (await readKey(apiKeySecretArn, keyName, address)),
  );
  await run('the API refuses a wrong key', () => expectRefusal(apiUrl));
  await roundTrip({
    apiUrl,
    feedUrl,
    key,
    event: () => markedEvent(MARKS.smoke, action, Date.now()),
    publish: (event) => publishOne(event, busName, address),
    timeoutMs,
    now: Date.now,
    run,
  });
}

/** @throws Error if the API does not answer 401 */
async function expectRefusal(apiUrl: string): Promise<void> {
  const url = new URL(`${apiUrl}?start_time=20260101000000&end_time=20260101000000`);
  try {
    const { body } = await ask(url, 'a wrong key', '*/*');
    body.destroy();
  } catch (error) {
    if (error instanceof RequestRefused && error.message.startsWith('status 401')) return;
    throw error;
  }
  throw new Error('it answered 200');
}
