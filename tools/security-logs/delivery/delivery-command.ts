import type { Command } from '../command.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { readAwsAddress, readOptions } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { type Delivery, withDelivery } from './delivery.ts';
import { DELIVERY_OPTIONS } from './options.ts';

interface DeliveryCommand {
  readonly summary: string;
  readonly usage: string;
  readonly operate: (delivery: Delivery, terminal: Terminal) => Promise<ExitStatus>;
}

/** A command that operates the delivery of a stack, and has no options but those of all such commands. */
export const deliveryCommand = ({ summary, usage, operate }: DeliveryCommand): Command => ({
  summary,
  usage,
  async run(args, terminal) {
    const { values } = readOptions(args, DELIVERY_OPTIONS);
    if (values.help) {
      await terminal.write(usage);
      return EXIT.done;
    }
    const options = { address: readAwsAddress(values), functionName: values.function };
    return withDelivery(options, (delivery) => operate(delivery, terminal));
  },
});
