import { inject } from 'vitest';
import type { LocalStackOptions } from '../../local/security-logs-stack.ts';
import { EVENT_ACTIONS } from '../../shared/event/actions.ts';
import type { CustomService, Payload } from '../../shared/settings/schema.ts';
import { withVariables } from './changed-template.ts';
import type { Receiver } from './receiver.ts';
import { type RunningStack, startRunningStack } from './running-stack.ts';

const HEADER_SECRET = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:siem-token-AbCdEf';

/** What a request to a receiver must carry beside its signature. */
export const AUTHORIZATION = 'Bearer of-the-test';

/** For the SDK's clients. */
export const AWS = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

/** The first instant of the samples. */
export const START = Date.UTC(2026, 10, 20, 9);

/** The settings that name a receiver of this machine as the custom service. */
export const serviceAt = ({ url }: Receiver): CustomService => ({
  type: 'https',
  url,
  headers: { Authorization: HEADER_SECRET },
  allowedPrivateHosts: ['127.0.0.1'],
});

/** Variables of the deliver function that make its first retry come after a second at most. */
export const SOON = { FIRST_RETRY_MS: '100', LONGEST_RETRY_MS: '1000' };

/**
 * A stack that delivers to a service.
 *
 * @param variables of the deliver function; without, its retries come soon
 */
export function startDelivering(
  service: CustomService,
  payload: Payload = 'text',
  options: Partial<LocalStackOptions> = {},
  variables: Readonly<Record<string, string>> = SOON,
): Promise<RunningStack> {
  const DELIVERY = JSON.stringify({ method: 'api-and-custom-service', service, payload });
  const patch = withVariables({ DELIVERY, ...variables });
  return startRunningStack({
    assembly: inject('deliveringAssembly'),
    secrets: { [HEADER_SECRET]: AUTHORIZATION },
    ...options,
    patchTemplate: (template, gatewayUrl) => {
      const patched = patch(template);
      return options.patchTemplate?.(patched, gatewayUrl) ?? patched;
    },
  });
}

/** One event of each action, told apart by their ids. */
export const samples = (name: string) =>
  EVENT_ACTIONS.map((action, i) => ({
    '@timestamp': new Date(START + i).toISOString(),
    event: { action, id: `${name}-${i}` },
    label: { rid: `${name}-${i}` },
  }));

type Sample = Pick<ReturnType<typeof samples>[number], '@timestamp'> & {
  readonly event: { readonly id: string };
};

export const idsOf = (details: readonly Sample[]): string[] => details.map(({ event }) => event.id).sort();

/** The id under which an event of the Player is delivered. */
export const deliveryIdOf = ({ '@timestamp': timestamp, event }: Sample): string =>
  `player-${timestamp.replace(/[-:.]/g, '')}-${event.id}`;

export const deliveryIdsOf = (details: readonly Sample[]): string[] => details.map(deliveryIdOf).sort();
