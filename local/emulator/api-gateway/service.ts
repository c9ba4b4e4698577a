import { lambdaService, type RunningFunction } from '../lambda/service.ts';
import type { Service, ServiceContext } from '../service.ts';
import type { Deployment } from '../template/deployment.ts';
import { type GatewayOptions, serveGateway } from './gateway.ts';
import { gatewayResponses } from './gateway-responses.ts';
import {
  apiResourceType,
  domainNameType,
  gatewayResponseType,
  methodType,
  restApiType,
  stageType,
} from './resources.ts';
import { type Route, router } from './router.ts';
import type { Integration } from './stream-answer.ts';
import { throttle } from './throttle.ts';

/** Serves the template's REST API, and other routes before it. */
export const apiGatewayService: Service = {
  resourceTypes: [apiResourceType, domainNameType, gatewayResponseType, methodType, restApiType, stageType],
  start(context) {
    const { gateway, options } = context;
    const routes = new Map(Object.entries(options.routes?.(context) ?? {}));
    const answer = serveGateway(gateway, restApi(context));
    gateway.serve((request, response) => {
      const [path = ''] = (request.url ?? '').split('?', 1);
      (routes.get(path) ?? answer)(request, response);
    });
    return {};
  },
};

/** @throws Error if the template has not exactly one API with one stage, or a route leads to no function */
function restApi({ deployment, get, place, options }: ServiceContext): GatewayOptions {
  const [api, ...otherApis] = deployment.all(restApiType);
  const [stage, ...otherStages] = deployment.all(stageType);
  if (api === undefined || stage === undefined || otherApis.length + otherStages.length > 0) {
    throw new Error('the local stack serves one REST API with one stage');
  }
  return {
    stage: stage.name,
    apiId: api.name,
    accountId: place.accountId,
    find: router(routesOf(deployment, get(lambdaService).functions)),
    admit: throttle(stage.properties.MethodSettings),
    respond: gatewayResponses(deployment.all(gatewayResponseType).map(({ properties }) => properties)),
    log: options.log,
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
