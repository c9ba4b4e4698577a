import type { Obstacle } from '../service/load-range.ts';
import type { Failure } from '../worker/protocol.ts';

/** What a person can do about an error. */
export type WayOut = 'enter-key' | 'ask-again' | 'shorter-range';

export interface Sentence {
  readonly text: string;
  readonly wayOut: WayOut;
}

/** @returns what happened and what to do, for each error of the API (docs/contract.md#errors) */
export function errorSentence({ status, code, message, requestId }: Failure): Sentence {
  if (status === 401)
    return { text: 'The API does not accept this key. Enter the right one.', wayOut: 'enter-key' };
  if (status === 403)
    return { text: `The API refuses the request: ${message} Ask whoever operates it.`, wayOut: 'ask-again' };
  if (code === 'second_too_large')
    return {
      text: 'One second has more logs than an answer can carry. Choose a shorter range that leaves it out.',
      wayOut: 'shorter-range',
    };
  if (status === 408)
    return {
      text: 'The API could not read the logs in time. Choose a shorter range.',
      wayOut: 'shorter-range',
    };
  if (status === 429)
    return { text: 'Too many requests come to the API at once. Ask again in a moment.', wayOut: 'ask-again' };
  if (code === 'unreachable')
    return {
      text: 'The API cannot be reached. See whether it is running and the network is there, then ask again.',
      wayOut: 'ask-again',
    };
  if (code === 'cut')
    return { text: 'The answers of the API break off again and again. Ask again.', wayOut: 'ask-again' };
  if (status === 503)
    return { text: 'The logs cannot be read at the moment. Ask again in a moment.', wayOut: 'ask-again' };
  if (status >= 500)
    return {
      text: `The API has a fault${requestId === undefined ? '' : `; it has logged it as ${requestId}`}. Ask again.`,
      wayOut: 'ask-again',
    };
  if (status > 0) return { text: `The API refuses the request: ${message}`, wayOut: 'ask-again' };
  return { text: `The page has a fault: ${message}`, wayOut: 'ask-again' };
}

/** @returns why loading goes on otherwise than planned */
export function obstacleSentence(obstacle: Obstacle): string {
  if (obstacle.kind === 'smaller-windows')
    return 'The window had more than one answer can carry. The page asks for smaller windows.';
  if (obstacle.kind === 'cut') return 'An answer was cut. The page asks for this part again.';
  const seconds = Math.ceil(obstacle.milliseconds / 1000);
  return obstacle.code === 'throttled' || obstacle.code === 'quota_exceeded'
    ? `Too many requests at once. The page goes on in ${seconds} s.`
    : `The API is not there at the moment. The page asks again in ${seconds} s.`;
}
