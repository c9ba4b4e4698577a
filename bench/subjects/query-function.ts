import { formatQueryTime, type TimeWindow } from '../../shared/query/time-window.ts';
import { streamedAnswer } from '../streamed-answer.ts';
import { answerParent, measureWork, type Work } from '../subject.ts';
import type { Cap } from '../throttled-reader.ts';

/** The query function, its whole handler, as the Lambda runtime calls it. */

export interface QueryQuestion {
  readonly window: TimeWindow;
  readonly encoding: string;
  readonly cap?: Cap;
}

export interface QueryAnswer {
  readonly results: number;
  readonly bytes: number;
  /** Until the headers were known: everything collected. */
  readonly collecting: Work;
  /** Until the last byte was taken. */
  readonly whole: Work;
}

const { handler } = await import('../../functions/query/handler.ts');

answerParent<QueryQuestion, QueryAnswer>(async ({ window: { from, until }, encoding, cap }) => {
  const work = measureWork();
  let collecting = work();
  const { headers, bytes } = await streamedAnswer(handler, {
    headers: { 'Accept-Encoding': encoding },
    parameters: { start_time: formatQueryTime(from), end_time: formatQueryTime(until) },
    cap,
    onHeaders: () => {
      collecting = work();
    },
  });
  return { results: Number(headers['Number-Of-Results']), bytes, collecting, whole: work() };
});
