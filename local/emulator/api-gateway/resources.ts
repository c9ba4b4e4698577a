import * as z from 'zod/mini';
import { noLocalEffect, resourceType } from '../template/resource-type.ts';

export const restApiType = resourceType({
  type: 'AWS::ApiGateway::RestApi',
  properties: z.strictObject({
    ...noLocalEffect(
      'Name',
      'Description',
      'EndpointAccessMode',
      'EndpointConfiguration',
      'Policy',
      'SecurityPolicy',
      'Tags',
    ),
  }),
  identify: (name) => ({ ref: name, attributes: { RestApiId: name, RootResourceId: `${name}-root` } }),
});

export const apiResourceType = resourceType({
  type: 'AWS::ApiGateway::Resource',
  properties: z.strictObject({ ParentId: z.string(), PathPart: z.string(), RestApiId: z.string() }),
  identify: (name) => ({ ref: name, attributes: { ResourceId: name } }),
});

export const methodType = resourceType({
  type: 'AWS::ApiGateway::Method',
  properties: z.strictObject({
    AuthorizationType: z.literal('NONE'),
    HttpMethod: z.string(),
    Integration: z.strictObject({
      Type: z.literal('AWS_PROXY'),
      IntegrationHttpMethod: z.literal('POST'),
      ResponseTransferMode: z.literal('STREAM'),
      /** Milliseconds. */
      TimeoutInMillis: z._default(z.number(), 29_000),
      Uri: z.string(),
    }),
    ResourceId: z.string(),
    RestApiId: z.string(),
  }),
  identify: (name) => ({ ref: name, attributes: {} }),
});

export const stageType = resourceType({
  type: 'AWS::ApiGateway::Stage',
  nameProperty: 'StageName',
  properties: z.strictObject({
    MethodSettings: z._default(
      z.array(
        z.strictObject({
          /** `*` for all methods. */
          HttpMethod: z.string(),
          /** `/*` for all resources, otherwise a slash and the path with `~1` for each slash: `/~1items~1all`. */
          ResourcePath: z.string(),
          ThrottlingBurstLimit: z.optional(z.number()),
          /** Requests a second. */
          ThrottlingRateLimit: z.optional(z.number()),
          ...noLocalEffect('DataTraceEnabled', 'LoggingLevel', 'MetricsEnabled'),
        }),
      ),
      [],
    ),
    RestApiId: z.string(),
    StageName: z.string(),
    ...noLocalEffect('DeploymentId', 'Description', 'AccessLogSetting', 'Tags', 'TracingEnabled'),
  }),
  identify: (name) => ({ ref: name, attributes: {} }),
});

/** A host name has no effect on one machine. Templates name what its DNS record points at. */
export const domainNameType = resourceType({
  type: 'AWS::ApiGateway::DomainName',
  nameProperty: 'DomainName',
  properties: z.strictObject({
    ...noLocalEffect(
      'DomainName',
      'EndpointAccessMode',
      'EndpointConfiguration',
      'RegionalCertificateArn',
      'SecurityPolicy',
      'Tags',
    ),
  }),
  identify: (name) => ({
    ref: name,
    attributes: { RegionalDomainName: `${name}.local`, RegionalHostedZoneId: 'local' },
  }),
});

export const gatewayResponseType = resourceType({
  type: 'AWS::ApiGateway::GatewayResponse',
  properties: z.strictObject({
    ResponseParameters: z._default(z.record(z.string(), z.string()), {}),
    ResponseTemplates: z._default(z.record(z.string(), z.string()), {}),
    ResponseType: z.string(),
    RestApiId: z.string(),
    StatusCode: z.optional(z.string()),
  }),
  identify: (name) => ({ ref: name, attributes: { Id: name } }),
});
