import { readFileSync } from 'node:fs';
import { type AttributeValue, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Application } from '../../shared/event/bus-events.ts';
import type { SettingsInput } from '../../shared/settings/schema.ts';

/**
 * What earlier releases wrote (docs/upgrades.md#how-a-fixture-is-kept). Each file or entry names the commit whose code wrote it.
 * Nothing in it is ever changed.
 */

/** When everything was written; the logs occurred ten minutes before. */
export const WRITTEN_AT = Date.UTC(2026, 10, 22, 12);

interface Kept {
  readonly commit: string;
}

/** An item with its bytes in base64. */
type KeptItem = Readonly<Record<string, { readonly S?: string; readonly N?: string; readonly B?: string }>>;

export interface KeptItems extends Kept {
  readonly what: string;
  readonly items: readonly KeptItem[];
  readonly logs: readonly { readonly application: Application; readonly id: string; readonly log: unknown }[];
  /** A cursor of the feed after the first log. */
  readonly cursor?: string;
  /** A cursor of deliveries after the first log. */
  readonly deliveriesCursor?: string;
  /** A document of version 0 that holds `{}`, in base64. */
  readonly short?: string;
}

export interface KeptMessage extends Kept {
  readonly queue: 'delivery' | 'resolve';
  readonly body: string;
  readonly sentAt?: number;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface KeptSecret extends Kept {
  readonly text: string;
  readonly opens: readonly {
    readonly key: string;
    readonly name: string;
    readonly application?: Application;
  }[];
}

export interface KeptSettings extends Kept {
  readonly settings: SettingsInput;
}

const kept = (name: string) =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'));

export const keptItems = (name: string): KeptItems => kept(name);
export const MESSAGES: readonly KeptMessage[] = kept('messages').messages;
export const SECRETS: readonly KeptSecret[] = kept('key-secrets').secrets;
export const SETTINGS: readonly KeptSettings[] = kept('settings').files;

/** Puts kept items into a table, each attribute as the earlier release wrote it. */
export async function putItems(
  client: DynamoDBDocumentClient,
  TableName: string,
  items: readonly KeptItem[],
): Promise<void> {
  for (const item of items) {
    const Item = Object.fromEntries(
      Object.entries(item).map(([name, { B, ...others }]) => [
        name,
        (B === undefined ? others : { B: Buffer.from(B, 'base64') }) as AttributeValue,
      ]),
    );
    await client.send(new PutItemCommand({ TableName, Item }));
  }
}
