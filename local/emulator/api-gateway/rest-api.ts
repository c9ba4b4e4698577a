import type { RunningFunction } from '../lambda/functions.ts';
import type { Log } from '../log.ts';
import type { Deployment } from '../template/deployment.ts';
import type { Place } from '../template/resource-type.ts';
import type { GatewayOptions } from './gateway.ts';
import { gatewayResponses } from './gateway-responses.ts';
import { apiResourceType, gatewayResponseType, methodType, restApiType, stageType } from './resources.ts';
import { type Route, router } from './router.ts';
import type { Integration } from './stream-answer.ts';
import { tokenBucket } from './token-bucket.ts';

/** What an account has where a stage sets no limit: requests a second, and at once. */
const ACCOUNT_RATE = 10_000;
const ACCOUNT_BURST = 5_000;

/**
 * What the gateway needs to serve the template's REST API.
 *
 * @throws Error if the template has not exactly one API with one stage, or a route leads to no function
 */
export function restApi(
  deployment: Deployment,
  functions: readonly RunningFunction[],
  { accountId }: Place,
  log: Log,
): GatewayOptions {
  const [api, ...otherApis] = deployment.all(restApiType);
  const [stage, ...otherStages] = deployment.all(stageType);
  if (api === undefined || stage === undefined || otherApis.length + otherStages.length > 0) {
    throw new Error('the local stack serves one REST API with one stage');
  }
  const [settings] = stage.properties.MethodSettings;
  return {
    stage: stage.name,
    apiId: api.name,
    accountId,
    find: router(routesOf(deployment, functions)),
    admit: tokenBucket({
      rate: settings?.ThrottlingRateLimit ?? ACCOUNT_RATE,
      burst: settings?.ThrottlingBurstLimit ?? ACCOUNT_BURST,
    }),
    respond: gatewayResponses(deployment.all(gatewayResponseType).map(({ properties }) => properties)),
    log,
  };
}

function routesOf(deployment: Deployment, functions: readonly RunningFunction[]): Route<Integration>[] {
  const resources = new Map(deployment.all(apiResourceType).map(({ ref, properties }) => [ref, properties]));
  const pathOf = (resourceId: string): string => {
    const resource = resources.get(resourceId);
    return resource === undefined ? '' : `${pathOf(resource.ParentId)}/${resource.PathPart}`;
  };
  return deployment.all(methodType).map(({ logicalId, properties }) => {
    const { HttpMethod, Integration, ResourceId } = properties;
    const fn = functions.find(({ arn }) => Integration.Uri.includes(`/functions/${arn}/`));
    if (fn === undefined) throw new Error(`${logicalId}: the local stack has no function ${Integration.Uri}`);
    return {
      method: HttpMethod,
      resource: pathOf(ResourceId) || '/',
      target: { functionName: fn.name, pool: fn.pool, timeout: Integration.TimeoutInMillis },
    };
  });
}
