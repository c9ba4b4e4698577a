import { randomUUID } from 'node:crypto';
import { errorName } from '../error-name.ts';
import { lambdaService } from '../lambda/service.ts';
import type { Log } from '../log.ts';
import type { Service, ServiceContext } from '../service.ts';
import { sparingly } from '../sparingly.ts';
import type { Queue } from '../sqs/queue.ts';
import { sqsService } from '../sqs/service.ts';
import type { Place } from '../template/resource-type.ts';
import { type Bus, bus, describeLargeDetail, describeLost, type RuleTarget } from './bus.ts';
import { eventBridge } from './endpoint.ts';
import type { PublishedEvent } from './envelope.ts';
import { busType, ruleType } from './resources.ts';
import { readRule, type TargetProperties, type TemplateRule } from './rules.ts';
import { type Schedule, startSchedules } from './schedule.ts';
import { functionTarget, queueTarget, type Target } from './targets.ts';

/** Between two warnings of large events, milliseconds. */
const WARNING_INTERVAL = 60_000;

/** The buses and rules of a template. Targets are queues and functions. */
export const eventsService: Service = {
  resourceTypes: [busType, ruleType],
  start(context) {
    const { place, options, started } = context;
    const rules = readRules(context);
    return {
      endpoint: eventBridge({
        buses: makeBuses(context, rules),
        accountId: place.accountId,
        region: place.region,
        onFailure: (name, error) =>
          options.log.warn(`the bus ${name} could not keep an event and refused it: ${errorName(error)}`),
        onUnknownBus: (name) =>
          options.log.warn(`an event for the bus ${name} is gone: there is no such bus`),
      }),
      async begin() {
        const { close } = startSchedules(makeSchedules(context, rules), options.scheduleMinute);
        await started.add(close);
      },
    };
  },
};

/**
 * @returns those that are enabled
 * @throws Error naming a rule that the local stack does not have, or an unknown target
 */
function readRules({ deployment, get, options: { log }, started }: ServiceContext): TemplateRule[] {
  const { queues } = get(sqsService);
  const { functions } = get(lambdaService);
  const unknown = (arn: string, rule: string) => new Error(`${rule}: the local stack has no target ${arn}`);
  const queueAt = (arn: string, rule: string): Queue => {
    const queue = queues.get(arn);
    if (queue === undefined) throw unknown(arn, rule);
    return queue;
  };
  const targetAt = (arn: string, rule: string): Target => {
    const fn = functions.find((each) => each.arn === arn);
    if (fn === undefined) return queueTarget(queueAt(arn, rule));
    return functionTarget(arn, fn.pool, (error) => {
      if (!started.stopping.aborted)
        log.warn(`[${fn.name}] an event of ${rule} failed: ${(error as Error).message}`);
    });
  };
  const targetOf = ({ Arn, Input, DeadLetterConfig }: TargetProperties, rule: string): RuleTarget => ({
    ...targetAt(Arn, rule),
    input: Input,
    ...(DeadLetterConfig && { deadLetters: queueAt(DeadLetterConfig.Arn, rule) }),
  });
  return deployment
    .all(ruleType)
    .map((rule) => readRule(rule, targetOf))
    .filter(({ enabled }) => enabled);
}

/** @returns the buses by name */
function makeBuses(
  { deployment, options }: ServiceContext,
  rules: readonly TemplateRule[],
): Map<string, Bus> {
  return new Map(
    deployment.all(busType).map(({ name }) => {
      const own = rules.filter(({ trigger }) => 'busName' in trigger && trigger.busName === name);
      return [name, watchedBus(name, own, options.log)];
    }),
  );
}

/** Each is a bus of its own rule only, for the events of its schedule. */
function makeSchedules({ place, options }: ServiceContext, rules: readonly TemplateRule[]): Schedule[] {
  return rules.flatMap((rule) => {
    if (!('period' in rule.trigger)) return [];
    const own = watchedBus('default', [rule], options.log);
    const run = async (): Promise<void> => {
      try {
        await own.publish(scheduledEvent(rule.arn, place));
      } catch (error) {
        options.log.warn(`an event of ${rule.arn} is gone: ${errorName(error)}`);
      }
    };
    return { period: rule.trigger.period, run };
  });
}

function watchedBus(name: string, rules: readonly TemplateRule[], log: Log): Bus {
  const warn = sparingly(log.warn, WARNING_INTERVAL);
  return bus(rules, {
    onLost: (bytes) => log.warn(describeLost(name, bytes)),
    onLargeDetail: (bytes) => warn(describeLargeDetail(name, bytes)),
  });
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/event-reference.html#event-detail-scheduled-event */
const scheduledEvent = (ruleArn: string, { accountId, region }: Place): PublishedEvent => ({
  id: randomUUID(),
  source: 'aws.events',
  detailType: 'Scheduled Event',
  detailJson: '{}',
  detail: {},
  account: accountId,
  region,
  time: Date.now(),
  resources: [ruleArn],
});
