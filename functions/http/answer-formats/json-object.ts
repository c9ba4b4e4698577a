import { announcedLogs } from './announced-logs.ts';

const COMMA = Buffer.from(',');

/**
 * A JSON object with an array, then further members, in pieces.
 *
 * @param name of the array's member
 * @param results how many elements the array has
 * @param elements each as JSON
 * @param others the members after the array, at least one
 */
export function* jsonObject(
  name: string,
  results: number,
  elements: Iterable<Buffer>,
  others: object,
): Generator<Buffer, void, undefined> {
  yield Buffer.from(`{${JSON.stringify(name)}:[`);
  let isFirst = true;
  for (const element of announcedLogs(results, elements)) {
    if (!isFirst) yield COMMA;
    yield element;
    isFirst = false;
  }
  yield Buffer.from(`],${JSON.stringify(others).slice(1)}`);
}
