import type { Command } from '../command.ts';
import { withDelivery } from '../delivery/delivery.ts';
import { DELIVERY_OPTIONS_USAGE, OPERATOR_USAGE, readDeliveryOptions } from '../delivery/options.ts';
import { deliveryStatus } from '../delivery/status.ts';
import { switchDelivery } from '../delivery/switch-delivery.ts';
import { EXIT } from '../exit-status.ts';
import { counted } from '../terminal.ts';

const usage = `Usage: security-logs resume [options]

Resumes the delivery to the custom service after security-logs pause. It writes "resumed" when Lambda feeds the
function again; the logs that waited are delivered as fast as the settings allow.

Options:
${DELIVERY_OPTIONS_USAGE}

${OPERATOR_USAGE}

Exit status: 0 resumed, 1 failed, 2 wrong usage.
`;

export const resume: Command = {
  summary: 'resumes the delivery',
  usage,
  async run(args, terminal) {
    const options = readDeliveryOptions(args);
    if (options === undefined) {
      await terminal.write(usage);
      return EXIT.done;
    }
    await withDelivery(options, async (delivery) => {
      const { new: fresh, retries } = await deliveryStatus(delivery);
      terminal.say(`${counted(fresh, 'new log')} and ${counted(retries, 'failed log')} wait`);
      await switchDelivery(delivery, 'Enabled', (states) =>
        terminal.progress(`resuming (${states.join(', ')})`),
      );
      terminal.endProgress();
      await terminal.write('resumed\n');
    });
    return EXIT.done;
  },
};
