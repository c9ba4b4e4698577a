import { setTimeout } from 'node:timers/promises';
import type { CustomService, Settings } from '../../shared/settings/schema.ts';
import { describeReceived, type ReceivedLog } from '../receiver/received-log.ts';
import { receiverUrl, withReceiverUrl } from '../receiver/receiver.ts';

/** How long the samples may take to be delivered, milliseconds. */
const PATIENCE = 20_000;
const LOOK = 100;

export interface DeliveryTour {
  /** Takes a log that a custom service on this machine has received. */
  onReceived(received: ReceivedLog): void;
  /**
   * Shows where the samples were delivered, if the settings have a custom service.
   *
   * @param rid of the samples
   * @param expected how many there are
   * @param gatewayUrl without a slash at the end
   * @param signal breaks it off
   */
  showDeliveries(
    delivery: Settings['delivery'],
    rid: string,
    expected: number,
    gatewayUrl: string,
    signal: AbortSignal,
  ): Promise<void>;
  /** Shows every log from now on, when it comes. */
  follow(): void;
}

/** @param say speaks to the person at the terminal */
export function deliveryTour(say: (line: string) => void): DeliveryTour {
  let noted: ReceivedLog[] = [];
  let following = false;
  const tell = (received: ReceivedLog): void => say(`  ${describeReceived(received)}`);

  const take = async (rid: string, count: number, signal: AbortSignal): Promise<ReceivedLog[]> => {
    const deadline = Date.now() + PATIENCE;
    const isSample = (received: ReceivedLog): boolean => received.rid === rid;
    while (noted.filter(isSample).length < count && Date.now() < deadline) {
      await setTimeout(LOOK, undefined, { signal });
    }
    const taken = noted.filter(isSample);
    noted = noted.filter((received) => !isSample(received));
    return taken;
  };

  return {
    onReceived(received) {
      if (following) tell(received);
      else noted.push(received);
    },
    async showDeliveries(delivery, rid, expected, gatewayUrl, signal) {
      if (delivery.method === 'api') return;
      const { service } = delivery;
      const name = withReceiverUrl(describeService(service), gatewayUrl);
      const builtIn = receiverUrl(gatewayUrl);
      if (service.type === 'https' && name !== builtIn) {
        say(`\nthe logs go to the custom service ${name}; the built-in one is ${builtIn}`);
        return;
      }
      const received = await take(rid, expected, signal);
      say(`\ndelivered to the custom service ${name}`);
      received.forEach(tell);
      const missing = expected - received.length;
      if (missing > 0) say(`  ${missing} of ${expected} have not arrived within ${PATIENCE / 1000} s`);
    },
    follow() {
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
