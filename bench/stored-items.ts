import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  type BatchStatementRequest,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { IdentifiedLog } from '../shared/event/security-event.ts';
import type { Item } from '../shared/store/item-size.ts';
import { logStore } from '../shared/store/log-store.ts';
import { cannedHead } from './canned-head.ts';
import { TABLE_NAME } from './data.ts';

/** The items that the service stores, taken from what its store asks DynamoDB to put. */

const RETENTION_HOURS = 48;

export interface StoredBatch {
  readonly logs: readonly Item[];
  /** Of the feed: intents and seals. */
  readonly slots: readonly Item[];
  /** The head after each update. */
  readonly heads: readonly Item[];
}

export interface RecordingStore {
  /**
   * Stores a batch.
   *
   * @param createdAt epoch milliseconds
   */
  store(logs: readonly IdentifiedLog[], createdAt: number): Promise<StoredBatch>;
  /** The head of the feed as it is now. */
  head(): Item;
}

type Values = Readonly<Record<string, AttributeValue>>;

/** A store that keeps nothing: it tells what it was to put. */
export function recordingStore(): RecordingStore {
  const head = cannedHead();
  let logs: Item[] = [];
  let slots: Item[] = [];
  let heads: Item[] = [];
  const send = async (command: unknown): Promise<object> => {
    if (command instanceof UpdateItemCommand) {
      const Attributes = head.update(command.input);
      heads.push(plainItem(Attributes));
      return { Attributes };
    }
    if (command instanceof PutItemCommand) slots.push(plainItem(command.input.Item as Values));
    else if (command instanceof BatchExecuteStatementCommand) {
      const { Statements = [] } = command.input;
      for (const statement of Statements) logs.push(plainItem(insertedItem(statement)));
      return { Responses: Statements.map(() => ({ TableName: TABLE_NAME })) };
    } else throw new Error(`the store sent ${(command as object).constructor.name}`);
    return {};
  };
  const client = { send } as unknown as Parameters<typeof logStore>[0]['client'];
  const store = logStore({ client, tableName: TABLE_NAME, retentionHours: RETENTION_HOURS });
  return {
    async store(batch, createdAt) {
      [logs, slots, heads] = [[], [], []];
      const { puts, finished } = store.putAll(batch, createdAt, new AbortController().signal);
      for (const put of await Promise.all(puts)) if (put.kind === 'failed') throw put.error;
      await finished;
      return { logs, slots, heads };
    },
    head: () => plainItem(head.attributes() ?? {}),
  };
}

const shared = recordingStore();

/**
 * The item of a log.
 *
 * @param createdAt epoch milliseconds
 */
export async function serviceItem(log: IdentifiedLog, createdAt = log.timestamp): Promise<Item> {
  const { logs } = await shared.store([log], createdAt);
  return logs[0] as Item;
}

/** The straightforward item: the same key, so that the comparison is of documents alone, and the log as a map. */
export async function mapItem(log: IdentifiedLog): Promise<Item> {
  const { pk, sk, createdAt, expiresAt } = await serviceItem(log);
  return { pk, sk, log: log.log, createdAt, expiresAt };
}

/** The item with the log as JSON text. */
export async function jsonItem(log: IdentifiedLog): Promise<Item> {
  return { ...(await mapItem(log)), log: JSON.stringify(log.log) };
}

const NAME = /'(?<name>\w+)': \?/g;

/** The item of a statement `INSERT INTO "table" VALUE {'name': ?, ...}`. */
const insertedItem = ({ Statement = '', Parameters = [] }: BatchStatementRequest) =>
  Object.fromEntries(
    Array.from(Statement.matchAll(NAME), ({ groups }, i) => [
      groups?.['name'] ?? '',
      Parameters[i] as AttributeValue,
    ]),
  );

const plainItem = (item: Values): Item =>
  Object.fromEntries(
    Object.entries(item).map(([name, { S, N, B }]) => [name, S ?? (N === undefined ? B : Number(N))]),
  );
