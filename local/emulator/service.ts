import type { Gateway } from './api-gateway/gateway-server.ts';
import type { AwsService } from './http/aws-service.ts';
import type { Handler as HttpHandler } from './http/http-server.ts';
import type { Handler } from './lambda/invocables.ts';
import type { Log } from './log.ts';
import type { Started } from './process/close-in-reverse.ts';
import type { SecretValue } from './secrets-manager/secret.ts';
import type { Assembly, Template } from './template/assembly.ts';
import type { Deployment } from './template/deployment.ts';
import type { Place, ResourceType } from './template/resource-type.ts';

/** One AWS service on this machine. It is registered in services.ts. */
export interface Service<Running extends RunningService = RunningService> {
  readonly resourceTypes: readonly ResourceType<unknown>[];
  /**
   * Starts it with its resources in the template.
   *
   * @throws Error naming a resource that it cannot bring to life
   */
  start(context: ServiceContext): Promise<Running> | Running;
}

/** What a started service offers, to the AWS endpoint and to other services. */
export interface RunningService {
  readonly endpoint?: AwsService;
  begin?(): Promise<void>;
}

export interface Deployed {
  readonly outputs: Readonly<Record<string, string>>;
  /** @throws Error if the service has not started: services.ts lists it later */
  get<Running extends RunningService>(service: Service<Running>): Running;
}

export interface ServiceContext extends Deployed {
  readonly deployment: Deployment;
  readonly assembly: Assembly;
  readonly place: Place;
  readonly gateway: Gateway;
  readonly options: EmulatorOptions;
  /** The file or folder of this name for data to keep; undefined if data is kept in memory. */
  dataPath(name: string): string | undefined;
  readonly started: Started;
}

export interface EmulatorOptions {
  /** Gives the folder of a cloud assembly. It is called when both ports answer. */
  readonly assembly: () => Promise<string>;
  /** Changes the template before it is read. `gatewayUrl` has no slash at the end. */
  readonly patchTemplate?: (template: Template, gatewayUrl: string) => Template;
  /** Ports of the gateway and of the AWS endpoint; 0, the default, takes any free port. */
  readonly port?: number;
  readonly awsPort?: number;
  /** The folder that keeps the data; without it, data is kept in memory. */
  readonly data?: string;
  /** A DynamoDB-compatible endpoint instead of the embedded one. */
  readonly storeUrl?: string;
  /** How many messages of a queue may be in flight, for tests; by default SQS's own limit. */
  readonly inFlightLimit?: number;
  /** How long a minute of a schedule is, milliseconds, for tests; by default a minute. */
  readonly scheduleMinute?: number;
  /** Values of secrets, by ARN: of the template, or outside it. */
  readonly secrets?: (outputs: Readonly<Record<string, string>>) => Readonly<Record<string, SecretValue>>;
  /** What answers for the ARN of a function outside the template. */
  readonly otherFunction?: (arn: string) => Handler;
  /** Is told of each object that was written to S3. */
  readonly onObject?: (bucket: string, key: string, content: Buffer) => void;
  /** Answers requests to the gateway's port by path, before the gateway. */
  readonly routes?: (deployed: Deployed) => Readonly<Record<string, HttpHandler>>;
  readonly log: Log;
}
