import type * as z from 'zod/mini';
import type { Resource } from '../template/deployment.ts';
import type { Rule, RuleTarget } from './bus.ts';
import { eventPattern } from './event-pattern.ts';
import type { ruleType } from './resources.ts';
import { ratePeriod } from './schedule.ts';

type RuleProperties = z.infer<typeof ruleType.properties>;
export type TargetProperties = RuleProperties['Targets'][number];

export interface TemplateRule extends Rule {
  readonly enabled: boolean;
  /** The bus whose events it matches, or the minutes between two scheduled events. */
  readonly trigger: { readonly busName: string } | { readonly period: number };
}

/**
 * Reads a rule of a template. It matches events of a bus, or has a schedule; a schedule is on the default bus.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html
 *
 * @throws Error naming a rule that the local stack does not have
 */
export function readRule(
  { logicalId, arn, properties }: Resource<RuleProperties>,
  targetOf: (properties: TargetProperties, logicalId: string) => RuleTarget,
): TemplateRule {
  const { EventBusName, EventPattern, ScheduleExpression, State, Targets } = properties;
  const rule = {
    arn,
    enabled: State === 'ENABLED',
    targets: Targets.map((target) => targetOf(target, logicalId)),
  };
  if (ScheduleExpression !== undefined && EventPattern === undefined && EventBusName === undefined) {
    const period = ratePeriod(ScheduleExpression, `${logicalId}.ScheduleExpression`);
    return { ...rule, trigger: { period }, matches: () => true };
  }
  if (ScheduleExpression === undefined && EventPattern !== undefined && EventBusName !== undefined) {
    const matches = eventPattern(EventPattern, `${logicalId}.EventPattern`);
    return { ...rule, trigger: { busName: EventBusName }, matches };
  }
  throw new Error(
    `${logicalId}: a rule on the local stack has an EventBusName and an EventPattern, or only a ScheduleExpression`,
  );
}
