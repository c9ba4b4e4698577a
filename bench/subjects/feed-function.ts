import { streamedAnswer } from '../streamed-answer.ts';
import { answerParent, measureWork, type Work } from '../subject.ts';

/** The feed function, its whole handler. It is followed with its cursor from the oldest log until there is no more. */

export interface FollowQuestion {
  readonly encoding: string;
  /** Logs of an answer. */
  readonly limit: number;
}

export interface FollowAnswer {
  readonly logs: number;
  readonly bytes: number;
  readonly answers: number;
  readonly work: Work;
}

const { handler } = await import('../../functions/feed/handler.ts');

answerParent<FollowQuestion, FollowAnswer>(async ({ encoding, limit }) => {
  const headers = { Accept: 'application/x-ndjson', 'Accept-Encoding': encoding };
  const ask = (parameters: Record<string, string>) => streamedAnswer(handler, { headers, parameters });
  // Finding the oldest log takes reads of its own.
  let answer = await ask({ limit: '1' });
  let [logs, bytes, answers] = [0, 0, 0];
  const work = measureWork();
  while (answer.headers['Link'] !== undefined || answers === 0) {
    answer = await ask({ cursor: answer.headers['Feed-Cursor'] ?? '', limit: String(limit) });
    logs += Number(answer.headers['Number-Of-Results']);
    bytes += answer.bytes;
    answers += 1;
  }
  return { logs, bytes, answers, work: work() };
});
