import { deliveryCommand } from '../delivery/delivery-command.ts';
import { DELIVERY_OPTIONS_USAGE, OPERATOR_USAGE } from '../delivery/options.ts';
import { deliveryStatus, waitingText } from '../delivery/status.ts';
import { switchDelivery } from '../delivery/switch-delivery.ts';
import { EXIT } from '../exit-status.ts';

const usage = `Usage: security-logs resume [options]

Resumes the delivery to the custom service after security-logs pause. It writes "resumed" when Lambda feeds the
function again; the logs that waited are delivered as fast as the settings allow.

Options:
${DELIVERY_OPTIONS_USAGE}

${OPERATOR_USAGE}

Exit status: 0 resumed, 1 failed, 2 wrong usage.
`;

export const resume = deliveryCommand({
  summary: 'resumes the delivery',
  usage,
  async operate(delivery, terminal) {
    terminal.say(waitingText(await deliveryStatus(delivery)));
    await switchDelivery(delivery, 'Enabled', (states) =>
      terminal.progress(`resuming (${states.join(', ')})`),
    );
    terminal.endProgress();
    await terminal.write('resumed\n');
    return EXIT.done;
  },
});
