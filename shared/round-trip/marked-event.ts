import { randomUUID } from 'node:crypto';
import type { EventAction } from '../event/actions.ts';

/**
 * What marks the log of a test of the service: its `service.environment`, and the beginning of its `label.rid`
 * (docs/deploy.md#the-canary).
 */
export const MARKS = { smoke: 'security-logs-smoke', canary: 'security-logs-canary' } as const;
export type Mark = (typeof MARKS)[keyof typeof MARKS];

/**
 * A security event that is marked as made by a test of the service.
 *
 * @param now epoch milliseconds: when it happens
 */
export function markedEvent(mark: Mark, action: EventAction, now: number) {
  const rid = `${mark}-${randomUUID()}`;
  return {
    '@timestamp': new Date(now).toISOString(),
    event: { action, id: rid },
    service: { environment: mark },
    label: { rid },
  };
}

export type MarkedEvent = ReturnType<typeof markedEvent>;
