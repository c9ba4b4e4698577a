import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { FunctionSize } from '../shared/settings/functions.ts';
import type { LogApi } from './log-api.ts';
import { serviceFunction } from './service-function.ts';

const FUNCTION_TIMEOUT = Duration.seconds(10);
/** Longer than the function timeout, so that the gateway does not answer before the function. */
const GATEWAY_TIMEOUT = Duration.seconds(12);

export interface PageProps {
  readonly api: LogApi;
  /** The memory and the concurrency of the function, if the settings have them. */
  readonly size: FunctionSize | undefined;
}

/** The page for people (docs/contract.md#the-page): a function of its own, whose role may write its log and nothing else. */
export class Page extends Construct {
  /** The address of the page. */
  readonly url: string;

  constructor(scope: Construct, id: string, { api, size }: PageProps) {
    super(scope, id);
    const fn = serviceFunction<Record<never, never>>(this, 'Function', {
      name: 'page',
      description: 'Serves the page for people',
      size,
      timeout: FUNCTION_TIMEOUT,
      environment: () => ({}),
    });
    this.url = api.addRoute({ path: '/security-logs' }, fn, GATEWAY_TIMEOUT);
  }
}
