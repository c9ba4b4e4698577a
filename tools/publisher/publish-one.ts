import type { MarkedEvent } from '../../shared/round-trip/marked-event.ts';
import { type BusAddress, openAwsBus } from './aws-bus.ts';
import { publishSecurityEvents } from './publish-security-events.ts';

/** Publishes the event of a test. @throws Error if the bus does not take it */
export async function publishOne(event: MarkedEvent, busName: string, address: BusAddress): Promise<void> {
  const bus = openAwsBus(address);
  try {
    const { failed } = await publishSecurityEvents([event], { busName, putEvents: bus.putEvents });
    const [refused] = failed;
    if (refused !== undefined) throw new Error(`${refused.code}: ${refused.message}`);
  } finally {
    bus.close();
  }
}
