import type { SampleEvent } from '../../../shared/event/sample-events.ts';
import { completeSecurityEvent, parseSecurityEvent } from '../../../shared/event/security-event.ts';
import type { SecurityLog } from '../../../shared/log/security-log.ts';

/** @returns the log that the service makes of an event */
export const toSecurityLog = ({ source, detail }: SampleEvent): SecurityLog =>
  completeSecurityEvent(
    parseSecurityEvent({
      id: 'any',
      source,
      'detail-type': 'Security Event',
      time: detail['@timestamp'],
      detail,
    }),
  ).log;
