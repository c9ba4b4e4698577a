import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoDbClient } from '../../functions/aws-clients.ts';
import type { TimeWindow } from '../../shared/query/time-window.ts';
import type { Collection } from '../../shared/store/collect-window.ts';
import { logStore } from '../../shared/store/log-store.ts';
import { TABLE_NAME } from '../data.ts';
import { answerParent, measureWork } from '../subject.ts';

/** What the store asks DynamoDB for a window: collected once to count it, and once undisturbed to time it. */

interface Reads {
  readonly queries: number;
  /** Strongly consistent, as the endpoint tells them. */
  readonly readUnits: number;
  /** How many queries follow each other if each takes the same time: those under way at once are one round. */
  readonly rounds: number;
}

export interface WindowReads extends Reads {
  readonly results: number;
  /** Of collecting without counting. */
  readonly elapsedMs: number;
}

/** Counts a client's queries from now on. The answers to those under way are held until all are there: a round. */
function countReads({ middlewareStack }: DynamoDBDocumentClient): Reads {
  const reads = { queries: 0, readUnits: 0, rounds: 0 };
  let underWay = 0;
  let round = Promise.withResolvers<void>();
  middlewareStack.add(
    (next) => async (args) => {
      underWay += 1;
      const input = { ...args.input, ReturnConsumedCapacity: 'TOTAL' as const };
      const answer = await next({ ...args, input });
      const { ConsumedCapacity } = answer.output as { ConsumedCapacity?: { CapacityUnits?: number } };
      reads.queries += 1;
      reads.readUnits += ConsumedCapacity?.CapacityUnits ?? Number.NaN;
      underWay -= 1;
      const { promise: isOver, resolve: end } = round;
      if (underWay === 0) {
        reads.rounds += 1;
        round = Promise.withResolvers();
        end();
      }
      await isOver;
      return answer;
    },
    { step: 'initialize' },
  );
  return reads;
}

/** As a caller asks who names no application. */
const collectWith = (client: DynamoDBDocumentClient, window: TimeWindow): Promise<Collection> =>
  logStore({ client, tableName: TABLE_NAME, retentionHours: 48 }).collect(
    window,
    ['player', 'builder'],
    Date.now(),
    { signal: new AbortController().signal, hasRoom: () => true },
  );

answerParent<{ window: TimeWindow }, WindowReads>(async ({ window }) => {
  const counting = dynamoDbClient(1);
  const reads = countReads(counting);
  const { results } = await collectWith(counting, window);

  const client = dynamoDbClient(1);
  await collectWith(client, { from: window.from, until: window.from + 1 });
  const work = measureWork();
  await collectWith(client, window);
  return { ...reads, results, elapsedMs: work().elapsedMs };
});
