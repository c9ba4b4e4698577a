import type { SecurityEventDetail } from '../publisher/publish-security-events.ts';

/** How late the late events are, milliseconds. */
const LATENESSES = [30_000, 90_000, 600_000, 7_200_000];

/**
 * Events that a collector must not lose or double: one of four occurred long before it is published, and one of four is a
 * failed login that is equal to others in everything but its id.
 *
 * @param prefix what their ids begin with
 * @param from the number of the first
 * @param now epoch milliseconds
 */
export const someEvents = (prefix: string, from: number, count: number, now: number): SecurityEventDetail[] =>
  Array.from({ length: count }, (_, i) => {
    const n = from + i;
    const id = `${prefix}-${n}`;
    const at = (time: number): string => new Date(time).toISOString();
    if (n % 4 === 1) {
      const event = { id, action: 'CheckAuthResponseAuthenticationFailed' } as const;
      return { '@timestamp': at(now), event, client: { ip: '192.0.2.7' }, label: { rid: 'r-1' } };
    }
    const lateness = n % 4 === 3 ? (LATENESSES[(n >> 2) % LATENESSES.length] ?? 0) : 0;
    return { '@timestamp': at(now - lateness), event: { id, action: 'OPENED' }, label: { rid: `r-${n}` } };
  });
