import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { SecurityLog } from '../../shared/log/security-log.ts';
import { keyRanges } from '../../shared/store/log-key.ts';
import { TABLE_NAME } from '../data.ts';
import { answerParent, measureWork } from '../subject.ts';
import { ThrottledReader } from '../throttled-reader.ts';
import type { QueryAnswer, QueryQuestion } from './query-function.ts';

/**
 * The same answer in the straightforward way: the DocumentClient as it comes, a map per log, the partitions read in
 * parallel, their logs sorted, `JSON.stringify` of each page, gzip at its default level.
 */

const PAGE_SIZE = 10_000;
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

async function readPartition({ partitionKey, from, until }: ReturnType<typeof keyRanges>[number]) {
  const logs: SecurityLog[] = [];
  const pages = paginateQuery(
    { client },
    {
      TableName: TABLE_NAME,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :until',
      ExpressionAttributeValues: { ':pk': partitionKey, ':from': from, ':until': until },
    },
  );
  for await (const { Items = [] } of pages) {
    for (const item of Items) logs.push(item['log']);
  }
  return logs;
}

function* pages(logs: readonly SecurityLog[]): Generator<string> {
  yield '[';
  for (let start = 0; start < logs.length; start += PAGE_SIZE) {
    const securityLogs = logs.slice(start, start + PAGE_SIZE);
    const page = { pageNumber: start / PAGE_SIZE + 1, results: securityLogs.length, securityLogs };
    yield (start === 0 ? '' : ',') + JSON.stringify(page);
  }
  yield ']';
}

answerParent<QueryQuestion, QueryAnswer>(async ({ window }) => {
  const work = measureWork();
  const partitions = await Promise.all(keyRanges(window, ['player', 'builder']).map(readPartition));
  const logs = partitions.flat();
  logs.sort((a, b) => (a['@timestamp'] < b['@timestamp'] ? -1 : 1));
  const collecting = work();
  const reader = new ThrottledReader();
  await pipeline(Readable.from(pages(logs)), createGzip(), reader);
  return { results: logs.length, bytes: reader.bytes, collecting, whole: work() };
});
