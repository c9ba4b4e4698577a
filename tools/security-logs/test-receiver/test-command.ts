import { InvokeCommand } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';
import { parseJson } from '../../../shared/parse-json.ts';
import type { Command } from '../command.ts';
import { type Delivery, withDelivery } from '../delivery/delivery.ts';
import { DELIVERY_OPTIONS_USAGE, OPERATOR_USAGE, readDeliveryOptions } from '../delivery/options.ts';
import { EXIT } from '../exit-status.ts';

const usage = `Usage: security-logs test [options]

Sends one made-up log to the custom service, through the function that delivers: by its network, with its secrets and
its signature. The log is not stored. Its id begins with "test-", and its service.environment is security-logs-test. It is
sent also while the delivery is paused.

It writes what became of it, as JSON: outcome (delivered, failed, denied or refused), id, durationMs, and, where they are
known, the status of the answer and the reason.

Options:
${DELIVERY_OPTIONS_USAGE}

${OPERATOR_USAGE}

Exit status: 0 delivered, 1 failed, 2 wrong usage, 5 the custom service did not take it.
`;

/** What the deliver function answers to a test (docs/custom-services.md#testing-a-receiver). */
const resultSchema = z.looseObject({ outcome: z.string(), id: z.string() });

export const testReceiver: Command = {
  summary: 'sends a test log to the custom service',
  usage,
  async run(args, terminal) {
    const options = readDeliveryOptions(args);
    if (options === undefined) {
      await terminal.write(usage);
      return EXIT.done;
    }
    terminal.progress('sending a test log');
    const result = await withDelivery(options, invoke);
    terminal.endProgress();
    await terminal.write(`${JSON.stringify(result)}\n`);
    return result.outcome === 'delivered' ? EXIT.done : EXIT.notDelivered;
  },
};

async function invoke({ lambda, functionName }: Delivery) {
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify({ test: true }) }),
  );
  const answer = Payload?.transformToString() ?? '';
  const result = resultSchema.safeParse(parseJson(answer));
  if (FunctionError === undefined && result.success) return result.data;
  throw new Error(`the deliver function failed: ${answer.slice(0, 1000)}`);
}
