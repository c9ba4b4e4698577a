import { Duration, Size, Stack } from 'aws-cdk-lib';
import { LambdaIntegration, ResponseTransferMode, RestApi, type Stage } from 'aws-cdk-lib/aws-apigateway';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { QueryEnvironment } from '../shared/environment.ts';
import type { OcsfUser } from '../shared/log/formats/ocsf/authentication.ts';
import { STAGE } from '../shared/operations/operations.ts';
import { READ_WINDOW } from '../shared/operations/read-window.ts';
import type { ApiSettings } from '../shared/settings/api.ts';
import type { FunctionSize } from '../shared/settings/functions.ts';
import { accessLogs } from './access-logs.ts';
import { apiAccess, setApiEndpoint } from './api-access.ts';
import { alarmOnGatewayRefusals, alarmOnRequestTimeouts, alarmOnServerErrors } from './api-alarms.ts';
import { ApiDomain } from './api-domain.ts';
import { ApiFirewall } from './api-firewall.ts';
import { ApiKey } from './api-key.ts';
import { throttled } from './api-throttling.ts';
import { addGatewayResponses } from './gateway-responses.ts';
import type { LogTable } from './log-table.ts';
import { acknowledge, acknowledgeConformity } from './nag.ts';
import { queryHeap } from './node-options.ts';
import { serviceFunction } from './service-function.ts';

/** How long a request may take until its last byte (docs/contract.md#reading-logs). */
const RESPONSE_TIMEOUT = Duration.seconds(55);
/** Longer than the response timeout, so that the function can still log why it stopped. */
const FUNCTION_TIMEOUT = Duration.seconds(58);
/** Longer than the function timeout. */
const GATEWAY_TIMEOUT = Duration.seconds(60);
/**
 * Memory for collected logs: more than a million compressed logs of typical size (docs/performance.md#the-limits).
 * The other two thirds of the function's memory are for answering.
 */
const COLLECT_MEMORY = Size.mebibytes(512);

export interface LogApiProps {
  readonly settings: ApiSettings;
  readonly table: LogTable;
  /** The names of the keys whose reading is counted. */
  readonly consumerKeys: readonly string[];
  /** Who the user of an authentication is in OCSF. */
  readonly ocsfUser: OcsfUser;
  /** The ARN of the customer's key that encrypts the API key. */
  readonly secretKeyArn: string | undefined;
  /** The memory and the concurrency of the query function, if the settings have them. */
  readonly size: FunctionSize | undefined;
}

/** Reads logs over HTTPS (docs/contract.md#reading-logs): the API, its key, and the query function. */
export class LogApi extends Construct {
  readonly key: ApiKey;
  /** The host name of the settings, if there is one. */
  readonly domain: ApiDomain | undefined;
  readonly #api: RestApi;
  /** The address of `get-security-logs`. */
  readonly url: string;

  constructor(
    scope: Construct,
    id: string,
    { settings, table, consumerKeys, ocsfUser, secretKeyArn, size }: LogApiProps,
  ) {
    super(scope, id);
    this.key = new ApiKey(this, 'Key', secretKeyArn);
    const fn = serviceFunction<QueryEnvironment>(this, 'Query', {
      name: 'query',
      description: 'Answers get-security-logs',
      size,
      heap: queryHeap,
      timeout: FUNCTION_TIMEOUT,
      environment: (role) => ({
        ...table.grantRead(role),
        ...this.key.grantRead(role),
        RESPONSE_TIMEOUT_MS: String(RESPONSE_TIMEOUT.toMilliseconds()),
        COLLECT_MEMORY_BYTES: String(COLLECT_MEMORY.toBytes()),
        OCSF_USER: JSON.stringify(ocsfUser),
        CONSUMER_KEYS: JSON.stringify(consumerKeys),
      }),
    });

    const api = new RestApi(this, 'Rest', {
      restApiName: Stack.of(this).stackName,
      description: 'Security logs by time range and as a feed',
      ...apiAccess(settings),
      // this role is a setting of the whole account, not of one stack
      cloudWatchRole: false,
      deployOptions: {
        stageName: STAGE,
        ...throttled(settings.throttling),
        ...accessLogs(settings.accessLogStreamArn),
      },
    });
    // the CDK's own output; the stack has the output ApiUrl instead
    api.node.tryRemoveChild('Endpoint');
    setApiEndpoint(api, settings);
    addGatewayResponses(api);
    alarmOnServerErrors(api.deploymentStage);
    alarmOnGatewayRefusals(api.deploymentStage);
    alarmOnRequestTimeouts(fn);

    const { domain, firewall, securityPolicy } = settings;
    if (domain) this.domain = new ApiDomain(this, 'Domain', { api, domain, securityPolicy });
    if (firewall) new ApiFirewall(this, 'Firewall', api.deploymentStage, firewall);
    acknowledgeFindings(api);
    this.#api = api;
    this.url = this.addRoute(READ_WINDOW, fn, GATEWAY_TIMEOUT);
  }

  /** The stage, whose metrics count the requests. */
  get stage(): Stage {
    return this.#api.deploymentStage;
  }

  /**
   * Lets a function answer, as a stream, the requests of a path.
   *
   * @param timeout longer than the function's, so that the gateway does not answer before the function
   * @returns the address
   */
  addRoute({ path }: { readonly path: string }, fn: LambdaFunction, timeout: Duration): string {
    const resource = this.#api.root.resourceForPath(path);
    const integration = new LambdaIntegration(fn, {
      responseTransferMode: ResponseTransferMode.STREAM,
      timeout,
      allowTestInvoke: false,
    });
    // ANY lets the function answer 405; for a method without a route the gateway would say that the path is unknown
    for (const method of ['GET', 'HEAD', 'ANY']) resource.addMethod(method, integration);
    return this.#api.urlForPath(resource.path);
  }
}

function acknowledgeFindings(api: RestApi): void {
  const key =
    'The functions check the key against the secret, right after the method (docs/contract.md#reading-logs).';
  const accessLogging =
    'Whoever deploys the stack decides on access logs and their stream (the setting api.accessLogStreamArn); the functions log each request (functions/http/request-report.ts).';
  const executionLogging =
    'Execution logs need a role set for the whole account, and may show headers, one of which is the key.';
  const webAcl =
    'Whoever deploys the stack decides on a web ACL and its cost (the setting api.firewall); the stage throttles.';
  const tracing =
    'Whoever deploys the stack decides on X-Ray (the setting account.tracing). The line of each request has the ids of the gateway and the function, which join them without it.';
  acknowledge(api, {
    'AwsSolutions-APIG1': accessLogging,
    'AwsSolutions-APIG2':
      'A request validator would answer 400 before the key is checked (docs/decisions/09-no-request-validator.md).',
    'AwsSolutions-APIG3': webAcl,
    'AwsSolutions-APIG4': key,
    'AwsSolutions-APIG6': executionLogging,
    'AwsSolutions-COG4': key,
    'Serverless-APIGWAccessLogging': accessLogging,
    'Serverless-APIGWXrayEnabled': tracing,
  });
  acknowledgeConformity(api, {
    APIGWAssociatedWithWAF: webAcl,
    APIGWCacheEnabledAndEncrypted:
      'A cache would keep logs outside their table, and answer without the key: answers are not to be stored.',
    APIGWExecutionLoggingEnabled: executionLogging,
    APIGWSSLEnabled:
      "A client certificate is for a backend of one's own. The gateway invokes Lambda with its own permission.",
    APIGWXrayEnabled: tracing,
  });
}
