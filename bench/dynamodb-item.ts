import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item } from '../shared/store/item-size.ts';

/** Items as DynamoDB's protocol writes them. */

/** An attribute value of the JSON protocol, `{"S":"..."}` and so on; binary values as the client takes them. */
function attributeValue(value: unknown): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (Buffer.isBuffer(value)) return { B: value };
  return { M: attributeValues(value as Item) };
}

/** @param names the attributes to keep; all if absent */
export const attributeValues = (item: Item, names?: readonly string[]): Record<string, AttributeValue> =>
  Object.fromEntries(
    Object.entries(item)
      .filter(([name, value]) => value !== undefined && (names?.includes(name) ?? true))
      .map(([name, value]) => [name, attributeValue(value)]),
  );

/** An item as text of the JSON protocol, in which binary values are base64. */
export const itemJson = (item: Item, names?: readonly string[]): string => {
  const values = Object.entries(attributeValues(item, names)).map(([name, value]) => [
    name,
    value.B === undefined ? value : { B: Buffer.from(value.B).toString('base64') },
  ]);
  return JSON.stringify(Object.fromEntries(values));
};
