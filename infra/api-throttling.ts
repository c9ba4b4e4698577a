import type { StageOptions } from 'aws-cdk-lib/aws-apigateway';
import { READ_WINDOW } from '../shared/operations/read-window.ts';
import type { Throttling } from '../shared/settings/api.ts';

/**
 * The limits of the stage, and those of windows: answering one costs most, so they do not take up the concurrency of
 * Lambda that ingest needs. The method ANY keeps the limit of the stage: it only answers 405.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
 */
export const throttled = ({
  rate,
  burst,
  window,
}: Throttling): Pick<StageOptions, 'throttlingRateLimit' | 'throttlingBurstLimit' | 'methodOptions'> => ({
  throttlingRateLimit: rate,
  throttlingBurstLimit: burst,
  methodOptions: Object.fromEntries(
    ['GET', 'HEAD'].map((method) => [
      `${READ_WINDOW.path}/${method}`,
      { throttlingRateLimit: window.rate, throttlingBurstLimit: window.burst },
    ]),
  ),
});
