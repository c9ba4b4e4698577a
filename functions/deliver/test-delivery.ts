import * as z from 'zod/mini';
import type { WriteLog } from '../../shared/log/formats/log-format.ts';
import { ECS_VERSION, type SecurityLog } from '../../shared/log/security-log.ts';
import type { Deliver, DeliveryOutcome } from './outcome.ts';
import { DeliveryFault, faultReason } from './reason.ts';
import type { StartTurns } from './turns.ts';

/**
 * A test of the custom service (docs/custom-services.md#testing-a-receiver): an operator invokes the function, and it
 * delivers a log that it makes up. So nobody can make the service sign what they like.
 */

const requestSchema = z.strictObject({ test: z.literal(true) });

/** Whether an event asks for a test. Every other event is a batch of a queue. */
export const isTestRequest = (event: unknown): boolean => requestSchema.safeParse(event).success;

/** What the invoker is told. */
export interface TestResult {
  readonly outcome: DeliveryOutcome['kind'];
  /** The id under which the log was delivered. */
  readonly id: string;
  readonly durationMs: number;
  /** What an https service answered. */
  readonly status?: number;
  /** Why it was not delivered. */
  readonly reason?: string;
}

/** What the made-up log has in `service.environment`. */
const MARK = 'security-logs-test';

export interface TestDeliveryDependencies {
  readonly service: Deliver;
  readonly write: WriteLog;
  /** Gives it its turn. */
  readonly startTurns: StartTurns;
  readonly uniqueName: () => string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Delivers a made-up log once. It is neither stored nor tried again, and the circuit breaker has no part in it.
 *
 * @returns a function that never throws: a fault on our side is a failure with its reason
 */
export function testDelivery({ service, write, startTurns, uniqueName, now }: TestDeliveryDependencies) {
  return async (signal: AbortSignal): Promise<TestResult> => {
    const createdAt = now();
    const id = `test-${uniqueName()}`;
    const log = testLog(id, createdAt);
    const json = write({ id, json: Buffer.from(JSON.stringify(log)), createdAt }).toString();
    let startedAt = now();
    const attempt = async (): Promise<DeliveryOutcome> => {
      if (!(await startTurns(1)(signal))) throw new DeliveryFault('its turn did not come in time');
      startedAt = now();
      return service({ id, timestamp: createdAt, json }, signal);
    };
    const outcome = await attempt().catch(
      (error: unknown): DeliveryOutcome => ({ kind: 'failed', reason: faultReason(error) }),
    );
    return {
      outcome: outcome.kind,
      id,
      durationMs: now() - startedAt,
      ...(outcome.status !== undefined && { status: outcome.status }),
      ...('reason' in outcome && { reason: outcome.reason }),
    };
  };
}

const testLog = (id: string, at: number): SecurityLog => ({
  ecs: { version: ECS_VERSION },
  '@timestamp': new Date(at).toISOString(),
  event: { action: 'OPENED' },
  service: { environment: MARK },
  label: { app_type: 'player', rid: id },
});
