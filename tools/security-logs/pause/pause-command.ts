import type { Command } from '../command.ts';
import { withDelivery } from '../delivery/delivery.ts';
import { DELIVERY_OPTIONS_USAGE, OPERATOR_USAGE, readDeliveryOptions } from '../delivery/options.ts';
import { deliveryStatus } from '../delivery/status.ts';
import { switchDelivery } from '../delivery/switch-delivery.ts';
import { EXIT } from '../exit-status.ts';
import { counted } from '../terminal.ts';

const usage = `Usage: security-logs pause [options]

Pauses the delivery to the custom service. No log is lost: new logs and logs that failed wait in their queues, for 14
days at most. Storing, reading and following go on. Deliveries under way are finished; then it writes "paused".

The delivery stays paused, also over a deployment, until security-logs resume.

Options:
${DELIVERY_OPTIONS_USAGE}

${OPERATOR_USAGE}

Exit status: 0 paused, 1 failed, 2 wrong usage.
`;

export const pause: Command = {
  summary: 'pauses the delivery to the custom service',
  usage,
  async run(args, terminal) {
    const options = readDeliveryOptions(args);
    if (options === undefined) {
      await terminal.write(usage);
      return EXIT.done;
    }
    await withDelivery(options, async (delivery) => {
      await switchDelivery(delivery, 'Disabled', (states) =>
        terminal.progress(`pausing: deliveries under way are finished (${states.join(', ')})`),
      );
      terminal.endProgress();
      await terminal.write('paused\n');
      const { new: fresh, retries } = await deliveryStatus(delivery);
      terminal.say(
        `${counted(fresh, 'new log')} and ${counted(retries, 'failed log')} wait; security-logs resume goes on`,
      );
    });
    return EXIT.done;
  },
};
