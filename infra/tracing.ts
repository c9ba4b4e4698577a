import { CfnStage } from 'aws-cdk-lib/aws-apigateway';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { acknowledge } from './nag.ts';

/**
 * Lets the API and every function send traces to X-Ray. Call it after all of them are made.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 */
export function sendTraces(scope: Construct): void {
  for (const construct of scope.node.findAll()) {
    if (construct instanceof CfnStage) construct.tracingEnabled = true;
    if (construct instanceof LambdaFunction) traceFunction(construct);
  }
}

function traceFunction(fn: LambdaFunction): void {
  (fn.node.defaultChild as CfnFunction).tracingConfig = { mode: 'Active' };
  fn.addToRolePolicy(
    new PolicyStatement({
      actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
      resources: ['*'],
    }),
  );
  if (fn.role)
    acknowledge(fn.role, {
      'AwsSolutions-IAM5[Resource::*]': 'X-Ray has no resource for a trace: these two actions know only *.',
    });
}
