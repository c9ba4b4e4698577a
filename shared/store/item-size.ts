/** Items as DynamoDB counts their bytes. */

/** An item in the plain values of the DocumentClient. */
export type Item = Readonly<Record<string, unknown>>;

/** Bytes of one write unit, and of one strongly consistent read unit. */
export const WRITE_UNIT = 1024;
export const READ_UNIT = 4096;

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
