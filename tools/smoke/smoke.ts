import type { EventAction } from '../../shared/event/actions.ts';
import { openAwsBus } from '../publisher/aws-bus.ts';
import { publishSecurityEvents } from '../publisher/publish-security-events.ts';
import { RequestRefused } from '../security-logs/service/answers.ts';
import { ask } from '../security-logs/service/ask.ts';
import type { AwsAddress } from '../stack/aws-address.ts';
import { findStack } from '../stack/find-stack.ts';
import { readKey } from '../stack/read-key.ts';
import { endOfFeed, lookInFeed, lookInWindow } from './look-for-log.ts';
import { type SmokeEvent, smokeEvent } from './smoke-event.ts';
import { type Steps, waitUntil } from './steps.ts';

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

const LOST =
  'the log is not there in time; see whether the settings choose the action, and the queues of the stack';

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
  const cursor = feedUrl && (await run('the end of the feed is read', () => endOfFeed(feedUrl, key)));

  const event = smokeEvent(action, Date.now());
  await run(`the event ${event.label.rid} is published`, () => publish(event, busName, address));
  const deadline = Date.now() + timeoutMs;
  const inWindow = run('the window has the log', () =>
    waitUntil(() => lookInWindow(apiUrl, key, event), deadline, LOST),
  );
  const inFeed =
    feedUrl && cursor
      ? run('the feed has the log', () => waitUntil(follow(feedUrl, key, event, cursor), deadline, LOST))
      : undefined;
  const failed = (await Promise.allSettled([inWindow, inFeed])).find(({ status }) => status === 'rejected');
  if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
}

/** Follows the feed, an answer a look. */
function follow(feedUrl: string, key: string, event: SmokeEvent, start: string): () => Promise<boolean> {
  let cursor = start;
  return async () => {
    const answer = await lookInFeed(feedUrl, key, event, cursor);
    cursor = answer.cursor;
    return answer.isThere;
  };
}

async function publish(event: SmokeEvent, busName: string, address: AwsAddress): Promise<void> {
  const bus = openAwsBus(address);
  try {
    const { failed } = await publishSecurityEvents([event], { busName, putEvents: bus.putEvents });
    const [refused] = failed;
    if (refused !== undefined) throw new Error(`${refused.code}: ${refused.message}`);
  } finally {
    bus.close();
  }
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
