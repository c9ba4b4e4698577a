import type { EventAction } from '../../shared/event/actions.ts';
import { applicationOf, PRODUCER_SOURCES, type ProducerSource } from '../../shared/event/bus-events.ts';
import { chooseKey } from '../../shared/keys/choose-key.ts';
import { MARKS, type MarkedEvent, markedEvent } from '../../shared/round-trip/marked-event.ts';
import { type RoundTripOptions, roundTrip } from '../../shared/round-trip/round-trip.ts';
import { untilAborted } from '../../shared/until-aborted.ts';
import type { CanaryReport } from './report.ts';

export interface CanaryOptions extends Pick<RoundTripOptions, 'apiUrl' | 'feedUrl' | 'timeoutMs' | 'now'> {
  /** Reads the text of the secret with the keys of the API. */
  readonly readSecret: () => Promise<string>;
  /** The name of the key that it reads with. */
  readonly keyName: string;
  /** The action of its event. */
  readonly action: EventAction;
  /** @throws Error if the bus does not take the event */
  readonly publish: (source: ProducerSource, event: MarkedEvent) => Promise<void>;
  readonly report: CanaryReport;
}

/**
 * One run of the canary (docs/deploy.md#the-canary): it publishes a marked event, and reads its log through the window and
 * the feed. It never rejects: a run that failed is reported, and the next run comes soon.
 */
export function canary(options: CanaryOptions) {
  const { readSecret, keyName, publish, report, ...trip } = options;
  /** @param signal ends the run, which has failed then */
  return async (signal: AbortSignal): Promise<void> => {
    const makeTrip = async (): Promise<void> => {
      const { key, application = 'player' } = await run('the key of the API is read', async () =>
        chooseKey(await readSecret(), keyName),
      );
      await roundTrip({
        ...trip,
        key,
        event: () => markedEvent(MARKS.canary, options.action, options.now()),
        publish: (event) => publish(sourceOf(application), event),
        run,
        // A request that outlives its run says nothing about the next one.
        onReadable: (way, afterMs) => !signal.aborted && report.readable(way, afterMs),
      });
    };
    try {
      await untilAborted(signal, makeTrip);
      report.passed();
    } catch (error) {
      report.failed(signal.aborted ? new Error('the run took too long') : (error as Error));
    }
  };
}

/** Publishes for the application whose logs the key opens. */
const sourceOf = (application: string): ProducerSource =>
  PRODUCER_SOURCES.find((source) => applicationOf(source) === application) ?? PRODUCER_SOURCES[0];

async function run<T>(name: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    throw new Error(`${name}: ${(cause as Error).message}`, { cause });
  }
}
