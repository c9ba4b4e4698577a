import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { EnvironmentVariables, IngestEnvironment, QueryEnvironment } from '../shared/environment.ts';
import { LOG_TABLE } from '../shared/store/log-table.ts';
import { acknowledge } from './nag.ts';

export interface LogTableProps {
  /** How long a log can be read, in hours from the time of storing. */
  readonly retentionHours: number;
}

type StoreVariables = Pick<
  EnvironmentVariables<IngestEnvironment & QueryEnvironment>,
  'TABLE_NAME' | 'RETENTION_HOURS'
>;

/** The table of logs (docs/architecture.md#one-item-one-write-unit). */
export class LogTable extends Construct {
  readonly table: Table;
  readonly #variables: StoreVariables;

  constructor(scope: Construct, id: string, { retentionHours }: LogTableProps) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: LOG_TABLE.partitionKey, type: AttributeType.STRING },
      sortKey: { name: LOG_TABLE.sortKey, type: AttributeType.STRING },
      timeToLiveAttribute: LOG_TABLE.expiresAt,
      billingMode: BillingMode.PAY_PER_REQUEST,
      // the AWS managed key in the customer's account: CloudTrail logs its use, which it cannot for the AWS owned key
      encryption: TableEncryption.AWS_MANAGED,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.#variables = { TABLE_NAME: this.table.tableName, RETENTION_HOURS: String(retentionHours) };
    acknowledge(this.table, {
      'AwsSolutions-DDB3': 'Point-in-time recovery would keep personal data for 35 days after its 48 hours.',
    });
  }

  /** Lets a function put logs. Returns the variables that name the table. */
  grantWrite(grantee: IGrantable): StoreVariables {
    this.table.grant(grantee, 'dynamodb:PutItem');
    return this.#variables;
  }

  /** Lets a function query logs. Returns the variables that name the table. */
  grantRead(grantee: IGrantable): StoreVariables {
    this.table.grant(grantee, 'dynamodb:Query');
    return this.#variables;
  }

  /** Lets a function read single logs. Returns the variables that name the table. */
  grantReadOne(grantee: IGrantable): StoreVariables {
    this.table.grant(grantee, 'dynamodb:GetItem');
    return this.#variables;
  }
}
