import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { CustomService, Payload } from '../../../shared/settings/delivery.ts';
import { awsClient, INVOKING_TIMEOUTS } from '../../aws-clients.ts';
import { errorName } from '../../error-name.ts';
import { type Deliver, fileName } from '../outcome.ts';

/** Invokes a Lambda function with each log, and waits for its result. */
export function lambdaService(
  { functionArn }: Extract<CustomService, { type: 'lambda' }>,
  payload: Payload,
): Deliver {
  // One attempt, because the queue retries: a second attempt could run the function twice for one receipt.
  const client = awsClient(LambdaClient, 1, INVOKING_TIMEOUTS);
  return async (delivery, abortSignal) => {
    const Payload =
      payload === 'text'
        ? delivery.json
        : JSON.stringify({
            fileName: fileName(delivery),
            contentType: 'application/json',
            content: delivery.json,
          });
    const input = { FunctionName: functionArn, Payload };
    try {
      const { FunctionError } = await client.send(new InvokeCommand(input), { abortSignal });
      return FunctionError === undefined
        ? { kind: 'delivered' }
        : { kind: 'failed', reason: `the function failed: ${FunctionError}` };
    } catch (error) {
      return { kind: 'failed', reason: `the function could not be invoked: ${errorName(error)}` };
    }
  };
}
