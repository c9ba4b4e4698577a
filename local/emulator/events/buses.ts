import type { Log } from '../log.ts';
import { sparingly } from '../sparingly.ts';
import type { Queue } from '../sqs/queue.ts';
import type { Deployment } from '../template/deployment.ts';
import { type Bus, bus, describeLargeDetail, describeLost } from './bus.ts';
import { eventPattern } from './event-pattern.ts';
import { busType, ruleType } from './resources.ts';

/** Between two warnings of large events, milliseconds. */
const WARNING_INTERVAL = 60_000;

/**
 * Makes the buses of a template with their rules.
 *
 * @param queues by ARN
 * @returns by name
 * @throws Error naming a rule whose pattern has an operator, or whose target is of a kind, that is not known here
 */
export function makeBuses(
  deployment: Deployment,
  queues: ReadonlyMap<string, Queue>,
  log: Log,
): Map<string, Bus> {
  const queueAt = (arn: string, rule: string): Queue => {
    const queue = queues.get(arn);
    if (queue === undefined) throw new Error(`${rule}: the local stack has no target ${arn}`);
    return queue;
  };

  const rules = deployment.all(ruleType).map(({ logicalId, arn, properties }) => ({
    arn,
    busName: properties.EventBusName,
    enabled: properties.State === 'ENABLED',
    matches: eventPattern(properties.EventPattern, `${logicalId}.EventPattern`),
    targets: properties.Targets.map(({ Arn, DeadLetterConfig }) => ({
      queue: queueAt(Arn, logicalId),
      ...(DeadLetterConfig && { deadLetters: queueAt(DeadLetterConfig.Arn, logicalId) }),
    })),
  }));

  return new Map(
    deployment.all(busType).map(({ name }) => {
      const own = rules.filter(({ busName, enabled }) => enabled && busName === name);
      const warn = sparingly(log.warn, WARNING_INTERVAL);
      return [
        name,
        bus(own, {
          onLost: (bytes) => log.warn(describeLost(name, bytes)),
          onLargeDetail: (bytes) => warn(describeLargeDetail(name, bytes)),
        }),
      ];
    }),
  );
}
