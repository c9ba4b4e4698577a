import { deliveryCommand } from '../delivery/delivery-command.ts';
import { DELIVERY_OPTIONS_USAGE, OPERATOR_USAGE } from '../delivery/options.ts';
import { deliveryStatus, waitingText } from '../delivery/status.ts';
import { switchDelivery } from '../delivery/switch-delivery.ts';
import { EXIT } from '../exit-status.ts';

const usage = `Usage: security-logs pause [options]

Pauses the delivery to the custom service. No log is lost: new logs and logs that failed wait in their queues, for 14
days at most. Storing, reading and following go on. Deliveries under way are finished; then it writes "paused".

The delivery stays paused, also over a deployment, until security-logs resume.

Options:
${DELIVERY_OPTIONS_USAGE}

${OPERATOR_USAGE}

Exit status: 0 paused, 1 failed, 2 wrong usage.
`;

export const pause = deliveryCommand({
  summary: 'pauses the delivery to the custom service',
  usage,
  async operate(delivery, terminal) {
    await switchDelivery(delivery, 'Disabled', (states) =>
      terminal.progress(`pausing: deliveries under way are finished (${states.join(', ')})`),
    );
    terminal.endProgress();
    await terminal.write('paused\n');
    terminal.say(`${waitingText(await deliveryStatus(delivery))}; security-logs resume goes on`);
    return EXIT.done;
  },
});
