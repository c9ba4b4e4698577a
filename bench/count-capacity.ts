import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** What a client has asked DynamoDB for, and what that took. */
export interface Capacity {
  requests: number;
  /** As the endpoint tells them. */
  readUnits: number;
}

/** Counts a client's requests from now on. */
export function countCapacity({ middlewareStack }: DynamoDBDocumentClient): Capacity {
  const capacity = { requests: 0, readUnits: 0 };
  middlewareStack.add(
    (next) => async (args) => {
      const input = { ...args.input, ReturnConsumedCapacity: 'TOTAL' as const };
      const answer = await next({ ...args, input });
      const { ConsumedCapacity } = answer.output as { ConsumedCapacity?: { CapacityUnits?: number } };
      capacity.requests += 1;
      capacity.readUnits += ConsumedCapacity?.CapacityUnits ?? Number.NaN;
      return answer;
    },
    { step: 'initialize' },
  );
  return capacity;
}
