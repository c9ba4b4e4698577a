import { formatQueryTime } from '../../shared/query/time-window.ts';
import { MINUTE } from '../../shared/time.ts';
import { ask } from '../security-logs/service/ask.ts';
import { readFeedAnswer } from '../security-logs/tail/feed-answer.ts';
import type { SmokeEvent } from './smoke-event.ts';

/** Asks the API once for the log of an event. Each function throws what `ask` throws if there is no answer. */

/** How many logs of the event the window has, and whether they are logs of this event. */
export async function lookInWindow(apiUrl: string, key: string, event: SmokeEvent): Promise<boolean> {
  const happened = Date.parse(event['@timestamp']);
  const url = new URL(apiUrl);
  url.search = new URLSearchParams({
    start_time: formatQueryTime(happened),
    end_time: formatQueryTime(happened + MINUTE),
    rid: event.label.rid,
  }).toString();
  const { body, decoder } = await ask(url, key, 'application/x-ndjson');
  const decoding = decoder();
  body.on('error', (error) => decoding?.destroy(error));
  let text = '';
  for await (const chunk of decoding === undefined ? body : body.pipe(decoding)) text += chunk;
  return isOnce(text, event);
}

/** Where the feed ends now. */
export const endOfFeed = async (feedUrl: string, key: string): Promise<string> =>
  (await readFeedAnswer(withParameters(feedUrl, { start_time: 'now' }), key)).cursor;

/** Reads what the feed has after a cursor: whether the log is there, and the cursor to go on with. */
export async function lookInFeed(
  feedUrl: string,
  key: string,
  event: SmokeEvent,
  cursor: string,
): Promise<{ isThere: boolean; cursor: string }> {
  const url = withParameters(feedUrl, { cursor, rid: event.label.rid });
  const answer = await readFeedAnswer(url, key);
  return { isThere: isOnce(answer.lines.toString(), event), cursor: answer.cursor };
}

function withParameters(address: string, parameters: Record<string, string>): URL {
  const url = new URL(address);
  url.search = new URLSearchParams(parameters).toString();
  return url;
}

/** @throws Error if the log is there more than once, or is not the event as it was published */
function isOnce(lines: string, event: SmokeEvent): boolean {
  const [log, ...more] = lines.split('\n').filter((line) => line !== '');
  if (log === undefined) return false;
  if (more.length > 0) throw new WrongLog(`the log is there ${1 + more.length} times`);
  const { '@timestamp': time, event: { action } = {}, service, label } = JSON.parse(log);
  const isRight =
    time === event['@timestamp'] &&
    action === event.event.action &&
    service?.environment === event.service.environment &&
    label?.rid === event.label.rid;
  if (!isRight) throw new WrongLog('the log that was read is not the event that was published');
  return true;
}

/** The API has answered, and what it has is wrong. */
export class WrongLog extends Error {
  override readonly name = 'WrongLog';
}
