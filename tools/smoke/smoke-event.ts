import { randomUUID } from 'node:crypto';
import type { EventAction } from '../../shared/event/actions.ts';

/** What marks the log of a smoke test: its `service.environment`, and the beginning of its `label.rid`. */
export const SMOKE_MARK = 'security-logs-smoke';

/**
 * A security event that is marked as made by a smoke test.
 *
 * @param now epoch milliseconds: when it happens
 */
export function smokeEvent(action: EventAction, now: number) {
  const rid = `${SMOKE_MARK}-${randomUUID()}`;
  return {
    '@timestamp': new Date(now).toISOString(),
    event: { action, id: rid },
    service: { environment: SMOKE_MARK },
    label: { rid },
  };
}

export type SmokeEvent = ReturnType<typeof smokeEvent>;
