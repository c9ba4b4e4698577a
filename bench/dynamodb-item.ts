import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** Items as DynamoDB's protocol writes them, and as it counts their bytes. */

/** An item in the plain values of the DocumentClient. */
export type Item = Readonly<Record<string, unknown>>;

/** Bytes of one write unit, and of one strongly consistent read unit. */
export const WRITE_UNIT = 1024;
export const READ_UNIT = 4096;

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

/**
 * The size DynamoDB charges for.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export const itemBytes = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);

function valueBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return Math.ceil(String(value).length / 2) + 1;
  if (typeof value === 'boolean') return 1;
  if (Buffer.isBuffer(value)) return value.length;
  const entries = Object.keys(value as Item).length;
  return 3 + entries + itemBytes(value as Item);
}
