import { text } from 'node:stream/consumers';
import { NoAnswer } from '../../../shared/api-client/answers.ts';
import { ask, reasonOf } from '../../../shared/api-client/ask.ts';
import { persist } from '../service/persist.ts';
import { type DeliveryRecord, readDeliveryRecord } from './delivery-record.ts';

/** How many attempts in a row may fail: some four minutes. */
const ATTEMPTS = 12;

/**
 * Reads deliveries, answer by answer (docs/contract.md#deliveries).
 *
 * @param url with the parameters
 * @param onWait is told why there is no answer, and how long it waits now, milliseconds
 * @yields those of one answer, which may be none
 * @throws RequestRefused, and NoAnswer after the last attempt
 */
export async function* readDeliveries(
  url: URL,
  key: string,
  onWait: (reason: string, waitMs: number) => void,
): AsyncGenerator<DeliveryRecord[], void, void> {
  const address = new URL(url);
  for (;;) {
    const { deliveries, next } = await persist(() => readAnswer(address, key), {
      attempts: ATTEMPTS,
      onWait,
    });
    yield deliveries;
    if (next === undefined) return;
    address.searchParams.set('cursor', next);
  }
}

async function readAnswer(url: URL, key: string) {
  const { headers, body, decoder } = await ask(url, key, 'application/x-ndjson');
  const decoding = decoder();
  // The body's own end counts: a decoder may be content before it.
  body.on('error', (error) => decoding?.destroy(error));
  const lines = await text(decoding === undefined ? body : body.pipe(decoding)).catch((cause) => {
    throw new NoAnswer(`the answer was cut: ${reasonOf(cause)}`, { cause });
  });
  const deliveries = lines.split('\n').filter(Boolean).map(readDeliveryRecord);
  const expected = Number(headers['number-of-results'] ?? Number.NaN);
  if (deliveries.length !== expected)
    throw new NoAnswer(`the answer has ${deliveries.length} of ${expected} deliveries`);
  const cursor = headers['next-cursor'];
  return { deliveries, next: typeof cursor === 'string' ? cursor : undefined };
}
