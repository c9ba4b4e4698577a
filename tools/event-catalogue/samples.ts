import type { EventRejected } from '../../shared/errors.ts';
import { SECURITY_EVENT } from '../../shared/event/bus-events.ts';
import { type SampleEvent, sampleEvents } from '../../shared/event/sample-events.ts';
import { readSecurityEvent } from '../../shared/event/security-event.ts';
import type { SecurityLog } from '../../shared/log/security-log.ts';

/** The samples of the catalogue, and what the service makes of them. */

/** When the last sample happened. */
const END = Date.UTC(2026, 10, 21, 9);

export const SAMPLES = sampleEvents('r-1', END);

/** The message that EventBridge delivers. */
const envelope = ({ source, detail }: SampleEvent) => ({
  id: 'my-own-id',
  source,
  'detail-type': SECURITY_EVENT,
  time: new Date(END).toISOString(),
  detail,
});

export const logOf = (sample: SampleEvent): SecurityLog =>
  readSecurityEvent(JSON.stringify(envelope(sample))).log;

/** A rejection, as the service explains it. */
export interface ExampleRejection {
  /** What was wrong, as it was sent. */
  readonly sent: string;
  readonly code: string;
  readonly message: string;
}

/** Sends a sample with every mistake that there is a reason for. */
export function rejectionsOf(sample: SampleEvent): ExampleRejection[] {
  const whole = envelope(sample);
  const wrong: [sent: string, message: unknown][] = [
    ['no `event.action`', { ...whole, detail: { ...sample.detail, event: {} } }],
    ['`"action": "opened"`', { ...whole, detail: { ...sample.detail, event: { action: 'opened' } } }],
    ['`Source`: `easysend`', { ...whole, source: 'easysend' }],
    ['`DetailType`: `SecurityEvent`', { ...whole, 'detail-type': 'SecurityEvent' }],
    [
      'no time in these years',
      {
        ...whole,
        time: '1969-07-20T20:17:40Z',
        detail: { ...sample.detail, '@timestamp': '1969-07-20T20:17:40Z' },
      },
    ],
    ['an array', []],
  ];
  return wrong.map(([sent, message]) => ({ sent, ...rejectionOf(JSON.stringify(message)) }));
}

function rejectionOf(json: string): { code: string; message: string } {
  try {
    readSecurityEvent(json);
  } catch (error) {
    const { code, message } = error as EventRejected;
    return { code, message };
  }
  throw new Error(`not rejected: ${json}`);
}
