import * as z from 'zod/mini';
import { arn, noLocalEffect, resourceType } from '../template/resource-type.ts';

export const busType = resourceType({
  type: 'AWS::Events::EventBus',
  nameProperty: 'Name',
  properties: z.strictObject({ ...noLocalEffect('Name', 'Description', 'Tags') }),
  identify: (name, place) => ({
    ref: name,
    attributes: { Arn: arn(place, 'events', `event-bus/${name}`), Name: name },
  }),
});

export const ruleType = resourceType({
  type: 'AWS::Events::Rule',
  nameProperty: 'Name',
  properties: z.strictObject({
    EventBusName: z.optional(z.string()),
    EventPattern: z.optional(z.record(z.string(), z.unknown())),
    ScheduleExpression: z.optional(z.string()),
    State: z._default(z.enum(['ENABLED', 'DISABLED']), 'ENABLED'),
    Targets: z.array(
      z.strictObject({
        Arn: z.string(),
        Input: z.optional(z.string()),
        DeadLetterConfig: z.optional(z.strictObject({ Arn: z.string() })),
        ...noLocalEffect('Id', 'RetryPolicy'),
      }),
    ),
    ...noLocalEffect('Name', 'Description', 'Tags'),
  }),
  identify: (name, place) => ({ ref: name, attributes: { Arn: arn(place, 'events', `rule/${name}`) } }),
});
