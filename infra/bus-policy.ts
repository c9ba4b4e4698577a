import { CfnResource } from 'aws-cdk-lib';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/**
 * Adds a statement to the policy of a bus, with the ids that `addToResourcePolicy` would give it. The CDK's own class warns
 * of a deprecated property at each synthesis, though nothing sets it.
 *
 * @param statement with a `sid`
 */
export function addBusPolicy(bus: EventBus, statement: PolicyStatement): void {
  if (statement.sid === undefined) throw new Error('a statement of a bus needs a sid');
  const id = `cdk-${statement.sid}`;
  new CfnResource(new Construct(bus, id), 'Resource', {
    type: 'AWS::Events::EventBusPolicy',
    properties: {
      EventBusName: bus.eventBusName,
      StatementId: id,
      Statement: { ...statement.toStatementJson(), Sid: id },
    },
  });
}
