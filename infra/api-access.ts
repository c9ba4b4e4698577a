import { type CfnRestApi, EndpointType, type RestApi, type RestApiProps } from 'aws-cdk-lib/aws-apigateway';
import { Effect, PolicyDocument, PolicyStatement, StarPrincipal } from 'aws-cdk-lib/aws-iam';
import type { ApiSettings } from '../shared/settings/api.ts';

type Access = Pick<ApiSettings, 'allowedAddresses' | 'vpcEndpointIds' | 'securityPolicy'>;

/** Who reaches the API: everyone, some addresses, or some VPC endpoints. For the constructor of the API. */
export const apiAccess = ({
  allowedAddresses,
  vpcEndpointIds,
}: Access): Pick<RestApiProps, 'endpointTypes' | 'policy'> => ({
  // an edge-optimized endpoint cuts a stream that is idle for 30 seconds
  endpointTypes: [vpcEndpointIds ? EndpointType.PRIVATE : EndpointType.REGIONAL],
  ...((allowedAddresses || vpcEndpointIds) && { policy: resourcePolicy(allowedAddresses, vpcEndpointIds) }),
});

/**
 * Sets what the CDK's API has no property for: the VPC endpoints, and the oldest TLS version that the API accepts.
 * Access mode BASIC is what an API has without an enhanced security policy, so no caller is refused for another host name.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html
 */
export function setApiEndpoint(api: RestApi, { vpcEndpointIds, securityPolicy }: Access): void {
  const resource = api.node.defaultChild as CfnRestApi;
  if (vpcEndpointIds) resource.endpointConfiguration = { types: [EndpointType.PRIVATE], vpcEndpointIds };
  resource.securityPolicy = securityPolicy;
  if (isEnhanced(securityPolicy)) resource.endpointAccessMode = 'BASIC';
}

/** Enhanced security policies need an endpoint access mode. */
export const isEnhanced = (securityPolicy: string): boolean => securityPolicy.startsWith('SecurityPolicy_');

/**
 * Allows everyone to invoke the API, then denies whoever is not named. An API Gateway policy needs both.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
 */
function resourcePolicy(addresses: string[] | undefined, endpoints: string[] | undefined): PolicyDocument {
  const invoke = {
    principals: [new StarPrincipal()],
    actions: ['execute-api:Invoke'],
    // API Gateway puts the API itself before it
    resources: ['execute-api:/*'],
  };
  const deny = (conditions: Record<string, Record<string, string[]>>): PolicyStatement =>
    new PolicyStatement({ ...invoke, effect: Effect.DENY, conditions });
  // Within a VPC, a request has the address of the caller in another condition key.
  const addressKey = endpoints ? 'aws:VpcSourceIp' : 'aws:SourceIp';
  return new PolicyDocument({
    statements: [
      new PolicyStatement(invoke),
      ...(endpoints ? [deny({ StringNotEquals: { 'aws:SourceVpce': endpoints } })] : []),
      ...(addresses ? [deny({ NotIpAddress: { [addressKey]: addresses } })] : []),
    ],
  });
}
