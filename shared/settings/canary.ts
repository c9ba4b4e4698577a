import * as z from 'zod/mini';
import { DEFAULT_KEY_NAME, keyNameSchema } from '../keys/key-secret.ts';
import type { ApiSettings } from './api.ts';
import { whole } from './formats.ts';
import { vpcSchema } from './vpc.ts';

/** The setting `canary` (docs/deploy.md#the-canary). */

export const canarySchema = z
  .strictObject({
    everyMinutes: whole(1, 60, 'minutes', 'How often it publishes an event and reads its log.'),
    key: z._default(
      keyNameSchema.check(z.describe('The name of the API key that it reads with; no consumer has it.')),
      DEFAULT_KEY_NAME,
    ),
    vpc: z.optional(
      vpcSchema('The VPC from which it reaches the API, if the API does not answer every address.'),
    ),
  })
  .check(
    z.describe(
      'Publishes a marked event again and again, and measures how soon its log can be read. Without it there is no canary.',
    ),
  );
export type CanarySettings = z.infer<typeof canarySchema>;

/** What is looked at of the settings. */
interface Reached {
  readonly api: ApiSettings;
  readonly canary?: CanarySettings | undefined;
}

/**
 * Whether the canary is let in by address. Outside a VPC, the address of a function is any of AWS's, and it reaches no VPC
 * endpoint.
 */
export const canaryIsLetIn = ({ api, canary }: Reached): boolean =>
  canary === undefined ||
  canary.vpc !== undefined ||
  (api.allowedAddresses === undefined && api.vpcEndpointIds === undefined);

/** A run sends fewer requests than this, also if it waits for its log to the end (shared/round-trip/wait-until.ts). */
export const MOST_REQUESTS_OF_RUN = 60;

/** Whether the firewall's own rule lets all requests of the canary through. */
export function canaryPassesFirewall({ api: { firewall }, canary }: Reached): boolean {
  if (canary === undefined || firewall === undefined || 'webAclArn' in firewall) return true;
  const runs = Math.ceil(5 / canary.everyMinutes);
  return firewall.requestsPerFiveMinutes >= MOST_REQUESTS_OF_RUN * runs;
}
