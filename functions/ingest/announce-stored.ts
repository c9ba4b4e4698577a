import { storedDetail } from '../../shared/event/announcement.ts';
import { SECURITY_LOG_STORED } from '../../shared/event/bus-events.ts';
import type { ResolvedLog } from '../../shared/feed/resolve.ts';
import type { OpenPublisher } from './publisher.ts';

/**
 * Announces `Security Log Stored` for each log.
 *
 * @param signal once it aborts, announcements that the bus has not taken have failed
 * @throws NotAnnounced unless the bus has taken every announcement; it may have taken some
 */
export type AnnounceStored = (logs: readonly ResolvedLog[], signal: AbortSignal) => Promise<void>;

export const storedAnnouncer =
  (openPublisher: OpenPublisher): AnnounceStored =>
  async (logs, signal) => {
    const bus = openPublisher(signal);
    const taken = logs.map(({ json, ...event }) =>
      bus.publish({ detailType: SECURITY_LOG_STORED, detail: storedDetail(event, json) }),
    );
    bus.flush();
    const errors = (await Promise.all(taken)).filter((error) => error !== undefined);
    if (errors.length > 0) throw new NotAnnounced(errors, logs.length);
  };

/** For a stack in which stored logs are not announced. */
export const announceNothing: AnnounceStored = async () => {};

/** The bus did not take the announcement of every log. `cause` is the first reason. */
export class NotAnnounced extends Error {
  override readonly name = 'NotAnnounced';

  constructor(errors: readonly unknown[], count: number) {
    super(`the bus did not take ${errors.length} of ${count} announcements`, { cause: errors[0] });
  }
}
