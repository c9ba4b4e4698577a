import type { UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';

/** The feed's head, as DynamoDB keeps it: it takes the updates that number the slots. */

type Head = Readonly<Record<string, { readonly S: string } | { readonly N: string }>>;

/** The part of an `UpdateItem` request that is used here. */
export type HeadUpdate = Pick<
  UpdateItemCommandInput,
  'UpdateExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

export interface CannedHead {
  /** @returns its attributes, undefined before the first update */
  attributes(): Head | undefined;
  /**
   * Adds to the counter that the update names, and sets the other attributes.
   *
   * @returns all attributes after it (`ALL_NEW`)
   */
  update(update: HeadUpdate): Head;
}

const ALLOCATION = /^ADD (?<counter>#\w+) :one SET /;
const IF_ABSENT = /(?<name>#\w+) = if_not_exists\(#\w+, (?<value>:\w+)\)/g;

export function cannedHead(): CannedHead {
  let head: Record<string, { S: string } | { N: string }> | undefined;
  return {
    attributes: () => head,
    update({ UpdateExpression = '', ExpressionAttributeNames = {}, ExpressionAttributeValues = {} }) {
      const counter = ExpressionAttributeNames[ALLOCATION.exec(UpdateExpression)?.groups?.['counter'] ?? ''];
      if (counter === undefined) throw new Error(`not an allocation: ${UpdateExpression}`);
      head ??= { pk: { S: 'feed#head' }, sk: { S: 'head' } };
      for (const { groups = {} } of UpdateExpression.matchAll(IF_ABSENT)) {
        const name = ExpressionAttributeNames[groups['name'] ?? ''] ?? '';
        head[name] ??= ExpressionAttributeValues[groups['value'] ?? ''] as { S: string };
      }
      const before = head[counter];
      head[counter] = { N: String(1 + (before && 'N' in before ? Number(before.N) : 0)) };
      return { ...head };
    },
  };
}
