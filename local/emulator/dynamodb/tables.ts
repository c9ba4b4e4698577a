import type { Log } from '../log.ts';
import type { Deployment } from '../template/deployment.ts';
import { createTable, storeClient } from './create-table.ts';
import { startExpirySweep } from './expiry-sweep.ts';
import { tableType } from './resource.ts';

/** A page of 200 items a second is hardly felt, and goes round a hundred thousand in nine minutes. */
const SWEEP = { interval: 1000, pageSize: 200 };

/**
 * Creates the template's tables in the store, and lets items expire.
 *
 * @param storeUrl the address of the DynamoDB-compatible endpoint
 */
export async function startTables(
  deployment: Deployment,
  storeUrl: string,
  region: string,
  log: Log,
): Promise<{ close(): void }> {
  const client = storeClient(storeUrl, region);
  const sweeps: { close(): void }[] = [];
  for (const { name, properties } of deployment.all(tableType)) {
    await createTable(client, name, properties);
    const { TimeToLiveSpecification: timeToLive, KeySchema } = properties;
    if (!timeToLive?.Enabled) continue;
    const keyAttributes = KeySchema.map(({ AttributeName }) => AttributeName);
    const onError = (error: unknown): void => log.detail(`the expiry sweep of ${name} failed: ${error}`);
    sweeps.push(
      startExpirySweep({
        client,
        tableName: name,
        keyAttributes,
        attribute: timeToLive.AttributeName,
        onError,
        ...SWEEP,
      }),
    );
  }
  return {
    close() {
      for (const sweep of sweeps) sweep.close();
      client.destroy();
    },
  };
}
