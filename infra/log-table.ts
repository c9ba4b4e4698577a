import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, type CfnTable, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { EnvironmentVariables, IngestEnvironment, QueryEnvironment } from '../shared/environment.ts';
import type { TableSettings } from '../shared/settings/scale.ts';
import {
  ARCHIVE_PARTITION,
  FEED_PARTITIONS,
  LOG_TABLE,
  PACE_PARTITIONS,
  READ_WITH_DELIVERY,
  UPDATED_WITH_DELIVERY,
} from '../shared/store/log-table.ts';
import { grantKey } from './customer-key.ts';
import { acknowledge, acknowledgeConformity } from './nag.ts';
import { alarmOnTableThrottles } from './table-alarms.ts';

export interface LogTableProps extends TableSettings {
  /** How long a log can be read, in hours from the time of storing. */
  readonly retentionHours: number;
  /** The ARN of the customer's key that encrypts the table. */
  readonly kmsKeyArn?: string | undefined;
}

type StoreVariables = Pick<
  EnvironmentVariables<IngestEnvironment & QueryEnvironment>,
  'TABLE_NAME' | 'RETENTION_HOURS'
>;

/** The table of logs (docs/architecture.md#one-item-one-write-unit). */
export class LogTable extends Construct {
  readonly table: Table;
  readonly #variables: StoreVariables;
  readonly #kmsKeyArn: string | undefined;

  constructor(
    scope: Construct,
    id: string,
    { retentionHours, kmsKeyArn, warmThroughput, maximumThroughput }: LogTableProps,
  ) {
    super(scope, id);
    const { readUnitsPerSecond, writeUnitsPerSecond } = maximumThroughput ?? {};
    this.#kmsKeyArn = kmsKeyArn;
    this.table = new Table(this, 'Table', {
      partitionKey: { name: LOG_TABLE.partitionKey, type: AttributeType.STRING },
      sortKey: { name: LOG_TABLE.sortKey, type: AttributeType.STRING },
      timeToLiveAttribute: LOG_TABLE.expiresAt,
      billingMode: BillingMode.PAY_PER_REQUEST,
      ...(warmThroughput && { warmThroughput }),
      ...(readUnitsPerSecond !== undefined && { maxReadRequestUnits: readUnitsPerSecond }),
      ...(writeUnitsPerSecond !== undefined && { maxWriteRequestUnits: writeUnitsPerSecond }),
      // the AWS managed key in the customer's account: CloudTrail logs its use, which it cannot for the AWS owned key
      encryption: TableEncryption.AWS_MANAGED,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    if (kmsKeyArn !== undefined)
      (this.table.node.defaultChild as CfnTable).sseSpecification = {
        sseEnabled: true,
        sseType: 'KMS',
        kmsMasterKeyId: kmsKeyArn,
      };
    alarmOnTableThrottles(this.table);
    this.#variables = { TABLE_NAME: this.table.tableName, RETENTION_HOURS: String(retentionHours) };
    const noBackup =
      'A backup would keep personal data for longer than its 48 hours; the SIEM has the logs by then.';
    acknowledge(this.table, { 'AwsSolutions-DDB3': noBackup });
    acknowledgeConformity(this.table, { DynamoDBPITREnabled: noBackup, DynamoDBInBackupPlan: noBackup });
  }

  /**
   * Lets a function put logs and slots of the feed, and lets it read the feed's items and count slots. It cannot read
   * logs. Returns the variables that name the table.
   */
  grantWrite(grantee: IGrantable): StoreVariables {
    // PutItem and PartiQLInsert write items of logs, whose partition keys begin with the version of the key
    this.table.grant(grantee, 'dynamodb:PutItem', 'dynamodb:PartiQLInsert');
    this.#grantFeed(grantee, 'dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:UpdateItem');
    grantKey(this, grantee, this.#kmsKeyArn, 'dynamodb', 'write');
    return this.#variables;
  }

  /** Lets a function query logs. Returns the variables that name the table. */
  grantRead(grantee: IGrantable): StoreVariables {
    this.table.grant(grantee, 'dynamodb:Query');
    grantKey(this, grantee, this.#kmsKeyArn, 'dynamodb');
    return this.#variables;
  }

  /** Lets a function read the feed's items, and no item of a log. Returns the variables that name the table. */
  grantReadFeed(grantee: IGrantable): StoreVariables {
    this.#grantFeed(grantee, 'dynamodb:Query', 'dynamodb:GetItem');
    grantKey(this, grantee, this.#kmsKeyArn, 'dynamodb');
    return this.#variables;
  }

  /**
   * Lets a function query what became of deliveries: the keys, the times and the record of each log, and no document.
   * Returns the variables that name the table.
   */
  grantReadDeliveries(grantee: IGrantable): StoreVariables {
    this.#grantAttributes(grantee, 'dynamodb:Query', READ_WITH_DELIVERY, {
      'dynamodb:Select': 'SPECIFIC_ATTRIBUTES',
    });
    grantKey(this, grantee, this.#kmsKeyArn, 'dynamodb');
    return this.#variables;
  }

  /** Lets a function record what became of a delivery. It cannot change the document or the times of a log. */
  grantRecordDeliveries(grantee: IGrantable): void {
    this.#grantAttributes(grantee, 'dynamodb:UpdateItem', UPDATED_WITH_DELIVERY, {
      'dynamodb:ReturnValues': 'NONE',
    });
    grantKey(this, grantee, this.#kmsKeyArn, 'dynamodb', 'write');
  }

  /**
   * Lets a function read the feed's items, and read and replace the state of the archive. It can neither read nor change an
   * item of a log. Returns the variables that name the table.
   */
  grantArchive(grantee: IGrantable): StoreVariables {
    this.#grantPartitions(grantee, ARCHIVE_PARTITION, ['dynamodb:GetItem', 'dynamodb:PutItem']);
    grantKey(this, grantee, this.#kmsKeyArn, 'dynamodb', 'write');
    return this.grantReadFeed(grantee);
  }

  /** Lets a function read single logs. Returns the variables that name the table. */
  grantReadOne(grantee: IGrantable): StoreVariables {
    this.table.grant(grantee, 'dynamodb:GetItem');
    grantKey(this, grantee, this.#kmsKeyArn, 'dynamodb');
    return this.#variables;
  }

  /** Lets a function reserve turns for its requests, in an item of their own. */
  grantPace(grantee: IGrantable): void {
    this.#grantPartitions(grantee, `${PACE_PARTITIONS}*`, ['dynamodb:UpdateItem']);
    grantKey(this, grantee, this.#kmsKeyArn, 'dynamodb', 'write');
  }

  #grantFeed(grantee: IGrantable, ...actions: OneKeyAction[]): void {
    this.#grantPartitions(grantee, `${FEED_PARTITIONS}*`, actions);
  }

  /**
   * Limits an action to attributes of the items, those of its conditions and filters included.
   * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
   *
   * @param always what else must hold of a request that says it
   */
  #grantAttributes(
    grantee: IGrantable,
    action: 'dynamodb:Query' | 'dynamodb:UpdateItem',
    attributes: readonly string[],
    always: Readonly<Record<string, string>>,
  ): void {
    Grant.addToPrincipal({
      grantee,
      actions: [action],
      resourceArns: [this.table.tableArn],
      conditions: {
        'ForAllValues:StringEquals': { 'dynamodb:Attributes': attributes },
        StringEqualsIfExists: always,
      },
    });
  }

  /**
   * Limits actions to some partitions. Each of these actions names one partition key, so the condition always has a value
   * to compare. (For an action without a key, as Scan, `ForAllValues` would be true.)
   * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
   */
  #grantPartitions(grantee: IGrantable, keys: string, actions: OneKeyAction[]): void {
    Grant.addToPrincipal({
      grantee,
      actions,
      resourceArns: [this.table.tableArn],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [keys] } },
    });
  }
}

/** Actions that name one partition key. */
type OneKeyAction = `dynamodb:${'Query' | 'GetItem' | 'PutItem' | 'UpdateItem'}`;
