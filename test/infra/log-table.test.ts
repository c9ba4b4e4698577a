import { describe, expect, test } from 'vitest';
import { LOG_TABLE } from '../../shared/store/log-table.ts';
import { synthesize } from './synthesize.ts';

const { json, all } = synthesize({ retentionHours: 72 });
const [table] = all('AWS::DynamoDB::Table');

describe('the table of logs', () => {
  test('has the keys and the TTL attribute that the store uses', () => {
    expect(table?.properties).toMatchObject({
      KeySchema: [
        { AttributeName: LOG_TABLE.partitionKey, KeyType: 'HASH' },
        { AttributeName: LOG_TABLE.sortKey, KeyType: 'RANGE' },
      ],
      TimeToLiveSpecification: { AttributeName: LOG_TABLE.expiresAt, Enabled: true },
    });
  });

  test('is paid by the request, encrypted, and survives a mistaken deletion of itself or of the stack', () => {
    expect(table?.properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true },
      DeletionProtectionEnabled: true,
    });
    expect(json['Resources'][table?.id ?? '']).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test('keeps no copy that outlives a log', () => {
    expect(table?.properties.PointInTimeRecoverySpecification).toBeUndefined();
    expect(table?.properties.StreamSpecification).toBeUndefined();
  });

  test('gives every function that uses it the retention that was chosen', () => {
    for (const { properties } of all('AWS::Lambda::Function')) {
      expect(properties.Environment.Variables).toMatchObject({
        TABLE_NAME: { Ref: table?.id },
        RETENTION_HOURS: '72',
      });
    }
  });
});
