import { errorName } from '../error-name.ts';
import type { Service, ServiceContext } from '../service.ts';
import { sparingly } from '../sparingly.ts';
import type { Queue } from '../sqs/queue.ts';
import { sqsService } from '../sqs/service.ts';
import { type Bus, bus, describeLargeDetail, describeLost } from './bus.ts';
import { eventBridge } from './endpoint.ts';
import { eventPattern } from './event-pattern.ts';
import { busType, ruleType } from './resources.ts';

/** Between two warnings of large events, milliseconds. */
const WARNING_INTERVAL = 60_000;

/** The buses of a template with their rules, whose targets are queues. */
export const eventsService: Service = {
  resourceTypes: [busType, ruleType],
  start(context) {
    const { place, options } = context;
    return {
      endpoint: eventBridge({
        buses: makeBuses(context),
        accountId: place.accountId,
        region: place.region,
        onFailure: (name, error) =>
          options.log.warn(`the bus ${name} could not keep an event and refused it: ${errorName(error)}`),
        onUnknownBus: (name) =>
          options.log.warn(`an event for the bus ${name} is gone: there is no such bus`),
      }),
    };
  },
};

/**
 * @returns the buses by name
 * @throws Error naming a rule with an unknown operator in its pattern, or an unknown target
 */
function makeBuses({ deployment, get, options: { log } }: ServiceContext): Map<string, Bus> {
  const { queues } = get(sqsService);
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
      const made = bus(own, {
        onLost: (bytes) => log.warn(describeLost(name, bytes)),
        onLargeDetail: (bytes) => warn(describeLargeDetail(name, bytes)),
      });
      return [name, made];
    }),
  );
}
