import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { formatQueryTime, type TimeWindow } from '../../shared/query/time-window.ts';
import { answerParent, measureWork, type Work } from '../subject.ts';
import { type Cap, ThrottledReader } from '../throttled-reader.ts';

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

interface Metadata {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
}

let onMetadata: (metadata: Metadata) => void = () => {};

Object.assign(globalThis, {
  awslambda: {
    streamifyResponse: (handler: unknown) => handler,
    HttpResponseStream: {
      from(stream: Writable, metadata: Metadata) {
        onMetadata(metadata);
        return stream;
      },
    },
  },
});
const { handler } = await import('../../functions/query/handler.ts');
const invoke = handler as unknown as (event: object, stream: Writable, context: object) => Promise<void>;

answerParent<QueryQuestion, QueryAnswer>(async ({ window, encoding, cap }) => {
  const work = measureWork();
  let collecting = work();
  let answered: Metadata | undefined;
  onMetadata = (metadata) => {
    collecting = work();
    answered = metadata;
  };
  const reader = new ThrottledReader(cap);
  const read = finished(reader);
  await invoke(queryEvent(window, encoding), reader, { awsRequestId: 'bench' });
  await read;
  const whole = work();
  if (answered?.statusCode !== 200) throw new Error(`the function answered ${answered?.statusCode}`);
  return { results: Number(answered.headers['Number-Of-Results']), bytes: reader.bytes, collecting, whole };
});

function queryEvent({ from, until }: TimeWindow, encoding: string): object {
  return {
    httpMethod: 'GET',
    headers: { apiKey: 'bench', 'Accept-Encoding': encoding },
    multiValueQueryStringParameters: {
      start_time: [formatQueryTime(from)],
      end_time: [formatQueryTime(until)],
    },
    requestContext: { requestTimeEpoch: Date.now(), identity: { sourceIp: '127.0.0.1' } },
  };
}
