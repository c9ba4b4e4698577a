import { readFeedAnswer } from '../api-client/feed-answer.ts';
import { readWholeAnswer } from '../api-client/whole-answer.ts';
import { formatQueryTime } from '../query/time-window.ts';
import { MINUTE } from '../time.ts';
import type { MarkedEvent } from './marked-event.ts';

/** Asks the API once for the log of an event. Each function throws NoAnswer if there is no whole answer. */

/** Whether the window around the event has its log. */
export async function lookInWindow(apiUrl: string, key: string, event: MarkedEvent): Promise<boolean> {
  const happened = Date.parse(event['@timestamp']);
  const url = withParameters(apiUrl, {
    start_time: formatQueryTime(happened),
    end_time: formatQueryTime(happened + MINUTE),
    rid: event.label.rid,
  });
  const { lines } = await readWholeAnswer(url, key);
  return isOnce(lines.toString(), event);
}

/** Where the feed ends now. */
export const endOfFeed = async (feedUrl: string, key: string): Promise<string> =>
  (await readFeedAnswer(withParameters(feedUrl, { start_time: 'now' }), key)).cursor;

/** Reads what the feed has after a cursor: whether the log is there, and the cursor to go on with. */
export async function lookInFeed(
  feedUrl: string,
  key: string,
  event: MarkedEvent,
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
function isOnce(lines: string, event: MarkedEvent): boolean {
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
