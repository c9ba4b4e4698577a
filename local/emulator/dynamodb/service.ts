import type { RunningService, Service, ServiceContext } from '../service.ts';
import { createTable, storeClient } from './create-table.ts';
import { startStore } from './embedded-store.ts';
import { dynamoDb } from './endpoint.ts';
import { startExpirySweep } from './expiry-sweep.ts';
import { tableType } from './resource.ts';

/** A page of 200 items a second is hardly felt, and goes round a hundred thousand in nine minutes. */
const SWEEP = { interval: 1000, pageSize: 200 };

export interface RunningDynamoDb extends RunningService {
  /** The address of the DynamoDB-compatible endpoint, without a slash at the end. */
  readonly storeUrl: string;
}

/** Creates the template's tables in the store, and deletes expired items. */
export const dynamoDbService: Service<RunningDynamoDb> = {
  resourceTypes: [tableType],
  async start(context) {
    const { deployment, place, options, started } = context;
    const storeUrl = options.storeUrl ?? (await startEmbeddedStore(context));
    const client = storeClient(storeUrl, place.region);
    await started.add(() => client.destroy());
    for (const { name, properties } of deployment.all(tableType)) {
      await createTable(client, name, properties);
      const { TimeToLiveSpecification: timeToLive, KeySchema } = properties;
      if (!timeToLive?.Enabled) continue;
      const sweep = startExpirySweep({
        client,
        tableName: name,
        keyAttributes: KeySchema.map(({ AttributeName }) => AttributeName),
        attribute: timeToLive.AttributeName,
        onError: (error) => options.log.detail(`the expiry sweep of ${name} failed: ${error}`),
        ...SWEEP,
      });
      await started.add(sweep.close);
    }
    return { endpoint: dynamoDb(storeUrl), storeUrl };
  },
};

async function startEmbeddedStore({ options: { data, log }, dataPath, started }: ServiceContext) {
  log.progress(`starting the store ${data === undefined ? 'in memory' : `in ${data}`}`);
  const { url, close } = await startStore(dataPath('store'), log.warn);
  await started.add(close);
  return url;
}
