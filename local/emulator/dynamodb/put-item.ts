import { type Answer, type Ask, keyNames } from './ask-dynalite.ts';

/**
 * `PutItem` with `ReturnValuesOnConditionCheckFailure: ALL_OLD`: a condition that fails is answered with the item.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html
 */
export async function putItem(ask: Ask, put: Buffer | string): Promise<Answer> {
  const answer = await ask('PutItem', put);
  return conditionFailed(answer) ? withOldItem(ask, put, answer) : answer;
}

export const conditionFailed = ({ status, body }: Answer): boolean =>
  status === 400 && body.includes('#ConditionalCheckFailedException"');

/** Adds the item where the put asks for it. As in DynamoDB, the item may have changed since the condition failed. */
async function withOldItem(ask: Ask, put: Buffer | string, answer: Answer): Promise<Answer> {
  const { TableName, Item, ReturnValuesOnConditionCheckFailure } = JSON.parse(put.toString());
  if (ReturnValuesOnConditionCheckFailure !== 'ALL_OLD') return answer;
  const names = await keyNames(ask, TableName);
  const Key = Object.fromEntries(names.map((name) => [name, Item[name]]));
  const found = await ask('GetItem', JSON.stringify({ TableName, Key, ConsistentRead: true }));
  return {
    ...answer,
    body: JSON.stringify({ ...JSON.parse(answer.body), Item: JSON.parse(found.body).Item }),
  };
}
