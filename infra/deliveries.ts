import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { DeliveriesEnvironment } from '../shared/environment.ts';
import { READ_DELIVERIES } from '../shared/operations/read-deliveries.ts';
import type { FunctionSize } from '../shared/settings/functions.ts';
import type { LogApi } from './log-api.ts';
import type { LogTable } from './log-table.ts';
import { serviceFunction } from './service-function.ts';

/** Four seconds of reading at most; the rest is for the start of the function and for a caller who reads slowly. */
const FUNCTION_TIMEOUT = Duration.seconds(15);
/** Longer than the function timeout, so that the gateway does not answer before the function. */
const GATEWAY_TIMEOUT = Duration.seconds(17);

export interface DeliveriesProps {
  readonly table: LogTable;
  readonly api: LogApi;
  /** Whether there is a custom service that gets each log. */
  readonly hasCustomService: boolean;
  /** The memory and the concurrency of the function, if the settings have them. */
  readonly size: FunctionSize | undefined;
}

/**
 * Tells what became of each delivery (docs/contract.md#deliveries): the function and its route. The function is one of its
 * own, because it needs far less than the query function: its role reads no document of a log.
 */
export class Deliveries extends Construct {
  /** The address of the deliveries. */
  readonly url: string;

  constructor(scope: Construct, id: string, { table, api, hasCustomService, size }: DeliveriesProps) {
    super(scope, id);
    const fn = serviceFunction<DeliveriesEnvironment>(this, 'Function', {
      name: 'deliveries',
      description: 'Tells what became of the delivery of security logs',
      // An answer holds 10,000 deliveries at most, so Lambda's own heap for this memory will do.
      size,
      timeout: FUNCTION_TIMEOUT,
      environment: (role) => ({
        ...table.grantReadDeliveries(role),
        ...api.key.grantRead(role),
        HAS_CUSTOM_SERVICE: String(hasCustomService),
      }),
    });
    this.url = api.addRoute(READ_DELIVERIES, fn, GATEWAY_TIMEOUT);
  }
}
