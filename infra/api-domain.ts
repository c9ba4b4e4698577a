import {
  DomainName,
  EndpointAccessMode,
  EndpointType,
  type RestApi,
  type SecurityPolicy,
} from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Construct } from 'constructs';
import { STAGE } from '../shared/operations/operations.ts';
import type { ApiDomainSettings, ApiSettings } from '../shared/settings/api.ts';
import { isEnhanced } from './api-access.ts';

export interface ApiDomainProps extends Pick<ApiSettings, 'securityPolicy'> {
  readonly api: RestApi;
  readonly domain: ApiDomainSettings;
}

/** A host name for the API, with the same paths: the base path is the name of the stage. */
export class ApiDomain extends Construct {
  /** What the DNS record of the host name points at. */
  readonly target: string;
  /** The hosted zone of `target`, for an alias record of Route 53. */
  readonly hostedZoneId: string;

  constructor(scope: Construct, id: string, { api, domain, securityPolicy }: ApiDomainProps) {
    super(scope, id);
    const name = new DomainName(this, 'Name', {
      domainName: domain.name,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn),
      endpointType: EndpointType.REGIONAL,
      securityPolicy: securityPolicy as SecurityPolicy,
      ...(isEnhanced(securityPolicy) && { endpointAccessMode: EndpointAccessMode.BASIC }),
    });
    name.addBasePathMapping(api, { basePath: STAGE, stage: api.deploymentStage });
    this.target = name.domainNameAliasDomainName;
    this.hostedZoneId = name.domainNameAliasHostedZoneId;
  }
}
