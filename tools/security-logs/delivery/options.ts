import { readAwsAddress, readOptions } from '../options.ts';

/** The options of all commands that operate the delivery. */
export const DELIVERY_OPTIONS = {
  function: { type: 'string' },
  'endpoint-url': { type: 'string' },
  aws: { type: 'boolean', default: false },
  region: { type: 'string' },
} as const;

export const DELIVERY_OPTIONS_USAGE = `  --function NAME     the function that delivers: the output DeliverFunctionName (default: the function whose
                      name has DeliveryFunction)
  --endpoint-url URL  of AWS (default: the local stack's, http://127.0.0.1:4566)
  --aws               AWS itself, with region and credentials from where the AWS CLI has them
  --region REGION     with --aws: another region
  --help              show this`;

/** What a person needs who runs such a command against AWS. */
export const OPERATOR_USAGE = `With --aws, your IAM role needs the policy of the output DeliveryOperatorPolicyArn.`;

/**
 * Reads a command line that has no other options.
 *
 * @returns undefined if help is wanted
 * @throws UsageError
 */
export function readDeliveryOptions(args: readonly string[]) {
  const { values } = readOptions(args, DELIVERY_OPTIONS);
  return values.help ? undefined : { address: readAwsAddress(values), functionName: values.function };
}
