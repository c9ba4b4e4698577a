import { Stack } from 'aws-cdk-lib';
import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { Firewall } from '../shared/settings/api.ts';
import { acknowledgeConformity } from './nag.ts';

/** AWS WAF before the API: a web ACL of the customer's, or one with a rate rule. */
export class ApiFirewall extends Construct {
  constructor(scope: Construct, id: string, stage: Stage, firewall: Firewall) {
    super(scope, id);
    const webAclArn =
      'webAclArn' in firewall ? firewall.webAclArn : rateRule(this, firewall.requestsPerFiveMinutes).attrArn;
    new CfnWebACLAssociation(this, 'Association', { webAclArn, resourceArn: stage.stageArn });
  }
}

/** Blocks an address that sends more than `limit` requests in five minutes. */
function rateRule(scope: Construct, limit: number): CfnWebACL {
  const visibility = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
    cloudWatchMetricsEnabled: true,
    metricName,
    // a sampled request shows its headers, and one of them is the API key
    sampledRequestsEnabled: false,
  });
  const webAcl = new CfnWebACL(scope, 'WebAcl', {
    description: `The API of ${Stack.of(scope).stackName}`,
    scope: 'REGIONAL',
    defaultAction: { allow: {} },
    visibilityConfig: visibility('SecurityLogsApi'),
    rules: [
      {
        name: 'RequestsOfOneAddress',
        priority: 0,
        action: { block: {} },
        statement: { rateBasedStatement: { limit, aggregateKeyType: 'IP', evaluationWindowSec: 300 } },
        visibilityConfig: visibility('RequestsOfOneAddress'),
      },
    ],
  });
  acknowledgeConformity(webAcl, {
    WAFv2LoggingEnabled:
      'Its one rule has metrics, and the functions log each request. A log of the firewall needs a destination of the deployer, who can name a web ACL that has one (the setting api.firewall.webAclArn).',
  });
  return webAcl;
}
