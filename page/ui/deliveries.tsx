import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ServiceError } from '../service/ask.ts';
import { countReasons, readUndelivered, type Undelivered } from '../service/read-deliveries.ts';
import { choice, deliveriesUrl, key, progress } from '../state/app-state.ts';
import { errorSentence } from '../state/error-sentence.ts';
import { counted, formatCount, formatTime } from '../state/format.ts';
import { openStoryOf } from './open-log.ts';
import { ValueText } from './value-text.tsx';

interface Found {
  readonly deliveries: readonly Undelivered[];
  readonly hasMore: boolean;
  /** A sentence that stands for the list. */
  readonly sentence?: string;
}

const NO_SERVICE = 'No custom service gets each log here, so there is nothing to deliver.';

/** Which logs of the range the custom service did not get, and why. */
export function Deliveries() {
  const found = useSignal<Found>({ deliveries: [], hasMore: false, sentence: 'Asking the API…' });
  const range = progress.value?.range;
  useEffect(() => {
    if (range === undefined || key.value === undefined) return;
    const stop = new AbortController();
    const asking = { url: new URL(deliveriesUrl), key: key.value, signal: stop.signal };
    readUndelivered(asking, range).then(
      (result) => {
        found.value = result;
      },
      (error) => {
        if (stop.signal.aborted) return;
        found.value = { deliveries: [], hasMore: false, sentence: sentenceOf(error) };
      },
    );
    return () => stop.abort();
  }, [range?.from, range?.until, key.value]);
  const { deliveries, hasMore, sentence } = found.value;
  return (
    <section class="processes" aria-label="Undelivered" tabindex={0}>
      <p role="status">
        {sentence ??
          `${hasMore ? 'More than ' : ''}${counted(deliveries.length, 'log')} of this range ${deliveries.length === 1 ? 'was' : 'were'} not delivered to the custom service.`}
      </p>
      {deliveries.length > 0 && (
        <>
          <ul class="reasons" aria-label="Reasons">
            {countReasons(deliveries).map(({ state, reason, count }) => (
              <li key={`${state} ${reason}`}>
                {formatCount(count)} {state}: <ValueText value={reason} />
              </li>
            ))}
          </ul>
          <DeliveryTable deliveries={deliveries} />
        </>
      )}
    </section>
  );
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof ServiceError)) return `The page has a fault: ${(error as Error).message}`;
  return error.code === 'no_custom_service'
    ? NO_SERVICE
    : errorSentence({ ...error, message: error.message }).text;
}

function DeliveryTable({ deliveries }: { readonly deliveries: readonly Undelivered[] }) {
  const { zone } = choice.value;
  const time = (text: string | undefined): string =>
    text === undefined ? '' : formatTime(Date.parse(text), zone);
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Time of the log</th>
          <th scope="col">State</th>
          <th scope="col">Process (rid)</th>
          <th scope="col">Action</th>
          <th scope="col">Attempts</th>
          <th scope="col">Next attempt</th>
          <th scope="col">Reason</th>
        </tr>
      </thead>
      <tbody>
        {deliveries.map((delivery) => (
          <tr key={delivery.id}>
            <th scope="row" class="time">
              {time(delivery['@timestamp'])}
            </th>
            <td>{delivery.state}</td>
            <td>
              {delivery.rid !== undefined && (
                <button
                  type="button"
                  class="link"
                  onClick={() => void openStoryOf('label.rid', delivery.rid ?? '')}
                >
                  <ValueText value={delivery.rid} />
                </button>
              )}
            </td>
            <td>
              <ValueText value={delivery.action ?? ''} />
            </td>
            <td class="number">{delivery.attempts ?? ''}</td>
            <td class="time">{time(delivery.next_attempt_at)}</td>
            <td>
              <ValueText value={delivery.reason ?? ''} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
