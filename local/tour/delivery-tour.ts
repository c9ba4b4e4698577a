import { setTimeout } from 'node:timers/promises';
import type { CustomService } from '../../shared/settings/delivery.ts';
import { batchedFileStore } from '../../shared/settings/file-store.ts';
import type { Settings } from '../../shared/settings/schema.ts';
import { describeReceived, type ReceivedLog } from '../receiver/received-log.ts';
import { receiverUrl, withReceiverUrl } from '../receiver/receiver.ts';
import type { Samples } from './samples-tour.ts';

/** How long the samples may take to be delivered, milliseconds. */
const PATIENCE = 20_000;
const LOOK = 100;
/** How often files of many logs are written. */
const SCHEDULE_SECONDS = 60;

/** @param say speaks to the person at the terminal */
export function deliveryTour(say: (line: string) => void) {
  let noted: ReceivedLog[] = [];
  let following = false;
  const tell = (received: ReceivedLog): void => say(`  ${describeReceived(received)}`);

  return {
    /** Takes a log that a custom service on this machine has received. */
    onReceived(received: ReceivedLog): void {
      if (following) tell(received);
      else noted.push(received);
    },
    /** Shows where the samples were delivered, if the settings have a custom service. The signal breaks it off. */
    async showDeliveries(
      delivery: Settings['delivery'],
      { rid, chosen }: Samples,
      gatewayUrl: string,
      signal: AbortSignal,
    ): Promise<void> {
      if (delivery.method === 'api') return;
      const { service } = delivery;
      const name = withReceiverUrl(describeService(service), gatewayUrl);
      const builtIn = receiverUrl(gatewayUrl);
      if (service.type === 'https' && name !== builtIn) {
        say(`\nthe logs go to the custom service ${name}; the built-in one is ${builtIn}`);
        return;
      }
      const batched = batchedFileStore(delivery);
      if (batched) {
        const within = batched.batch.maxAgeSeconds + SCHEDULE_SECONDS;
        say(`\nthe logs go into files below ${name}; the first is written within about ${within} s`);
        return;
      }
      const deadline = Date.now() + PATIENCE;
      const samples = (): ReceivedLog[] => noted.filter((log) => log.rid === rid);
      while (samples().length < chosen && Date.now() < deadline)
        await setTimeout(LOOK, undefined, { signal });
      const received = samples();
      noted = noted.filter((log) => log.rid !== rid);
      say(`\ndelivered to the custom service ${name}`);
      received.forEach(tell);
      const missing = chosen - received.length;
      if (missing > 0) say(`  ${missing} of ${chosen} have not arrived within ${PATIENCE / 1000} s`);
    },
    /** Shows every log from now on, when it comes. */
    follow(): void {
      following = true;
      noted.forEach(tell);
    },
  };
}

function describeService(service: CustomService): string {
  switch (service.type) {
    case 'https':
      return service.url;
    case 'lambda':
      return `the function ${service.functionArn}`;
    case 'file-store':
      return `s3://${service.bucket}/${service.prefix}`;
  }
}
