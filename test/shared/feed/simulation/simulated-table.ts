import type {
  FeedTable,
  Head,
  Intent,
  LogItem,
  PutOutcome,
  Slot,
  SlotContent,
  SlotName,
  Void,
} from '../../../../shared/feed/feed-table.ts';
import { slotText } from '../../../../shared/feed/feed-table.ts';
import { logKey } from '../../../../shared/store/log-key.ts';
import type { StoredItems, View } from './stored-items.ts';

/** The feed's table, each of whose requests is handed over instead of being done. */

/** A request of a process. It is done when the scheduler says so, once, never, or after its caller has given up. */
export interface TableRequest<T> {
  /** Names the request among those of its process. */
  readonly label: string;
  readonly partition: string;
  /** A read that may see an older state. */
  readonly isEventual: boolean;
  readonly isWrite: boolean;
  perform(view: View): T;
  /** Says what the process learns from the reply. */
  describe(reply: T): string;
}

export type Submit = <T>(request: TableRequest<T>) => Promise<T>;

/** Is told what takes effect, whoever asked for it and whether or not anyone learns of it. */
export interface TableObserver {
  logStored(item: LogItem): void;
  slotSealed(name: SlotName, intent: Intent | undefined, seal: Buffer): void;
  expiresAt(instant: number, what: string): void;
}

export const headPartition = 'head';
export const logPartition = 'logs';
export const shardPartition = (shard: number): string => `shard ${shard}`;
/** The partition of a key. */
export const partitionOf = (key: string): string => key.split('/')[0] ?? '';

export const HEAD = `${headPartition}/`;
const digits = (number: number): string => String(number).padStart(6, '0');
export const contentKey = ({ shard, number }: SlotName): string =>
  `${shardPartition(shard)}/${digits(number)}#0`;
export const sealKey = ({ shard, number }: SlotName): string =>
  `${shardPartition(shard)}/${digits(number)}#1`;
export const isContentKey = (key: string): boolean => key.startsWith('shard') && key.endsWith('#0');
/** @param content the key of the slot's intent */
export const sealKeyOf = (content: string): string => content.replace(/#0$/, '#1');
export const logItemKey = ({
  application,
  timestamp,
  id,
}: Pick<LogItem, 'application' | 'timestamp' | 'id'>) => {
  const { partitionKey, sortKey } = logKey(application, timestamp, id);
  return `${logPartition}/${partitionKey}/${sortKey}`;
};

export function simulatedTable(items: StoredItems, submit: Submit, observer: TableObserver): FeedTable {
  const write = <T>(
    label: string,
    partition: string,
    perform: () => T,
    describe: (reply: T) => string,
  ): Promise<T> => submit({ label, partition, isEventual: false, isWrite: true, perform, describe });

  const head = (view: View): Head | undefined => view.get(HEAD)?.value as Head | undefined;
  const putHead = (value: Head): void =>
    items.put(headPartition, HEAD, { value, text: headText(value), expiresAt: undefined });

  const putOnce = (
    partition: string,
    key: string,
    value: unknown,
    text: string,
    expiresAt: number,
  ): unknown => {
    const found = items.current().get(key);
    if (found) return found.value;
    observer.expiresAt(expiresAt, key);
    items.put(partition, key, { value, text, expiresAt });
    return undefined;
  };

  return {
    readHead: ({ consistent }) =>
      submit({
        label: 'read head',
        partition: headPartition,
        isEventual: !consistent,
        isWrite: false,
        perform: head,
        describe: (found) => (found ? headText(found) : 'none'),
      }),

    allocate: (shard, first) =>
      write(
        `allocate ${shard}`,
        headPartition,
        () => {
          const before = head(items.current()) ?? { ...first, numbers: new Map(), settled: new Map() };
          const numbers = new Map([
            ...before.numbers,
            [shard, (before.numbers.get(shard) ?? 0) + 1] as const,
          ]);
          putHead({ ...before, numbers });
          return head(items.current()) as Head;
        },
        headText,
      ),

    replaceLifetimes: (expected, lifetimes) =>
      write(
        'replace lifetimes',
        headPartition,
        () => {
          const before = head(items.current());
          if (!before || JSON.stringify(before.lifetimes) !== JSON.stringify(expected)) return false;
          putHead({ ...before, lifetimes });
          return true;
        },
        String,
      ),

    noteSettled: (shard, number) =>
      write(
        `settled ${shard}`,
        headPartition,
        () => {
          const before = head(items.current());
          if (!before || (before.settled.get(shard) ?? 0) >= number) return;
          putHead({ ...before, settled: new Map([...before.settled, [shard, number] as const]) });
        },
        String,
      ),

    putContent: (name, content, expiresAt) =>
      write(
        `${content.kind} ${slotText(name)}`,
        shardPartition(name.shard),
        () =>
          putOnce(shardPartition(name.shard), contentKey(name), content, contentText(content), expiresAt) as
            | SlotContent
            | undefined,
        (found) => (found ? contentText(found) : 'put'),
      ),

    putSeal: (name, seal, expiresAt) =>
      write(
        `seal ${slotText(name)}`,
        shardPartition(name.shard),
        () => {
          const isThere = items.current().has(sealKey(name));
          putOnce(shardPartition(name.shard), sealKey(name), seal, seal.toString('hex'), expiresAt);
          const content = items.current().get(contentKey(name))?.value as SlotContent | undefined;
          if (!isThere) observer.slotSealed(name, content?.kind === 'intent' ? content : undefined, seal);
        },
        String,
      ),

    readSlots: (shard, after, limit, { consistent }) =>
      submit({
        label: `read ${shard} after ${after}`,
        partition: shardPartition(shard),
        isEventual: !consistent,
        isWrite: false,
        perform: (view) => slotsOf(view, shard, after, limit),
        describe: ({ slots, isEnd }) => slots.map(slotDescription).join(' ') + (isEnd ? ' end' : ''),
      }),

    putLogs: (logs) =>
      logs.map((log) =>
        write(
          `log ${log.id} ${log.slot}`,
          logPartition,
          () => putLog(items, log, observer),
          (outcome) => (outcome.kind === 'found' ? `found ${outcome.item.slot}` : outcome.kind),
        ).catch((error: unknown): PutOutcome => ({ kind: 'unknown', error })),
      ),
  };
}

function putLog(items: StoredItems, log: LogItem, observer: TableObserver): PutOutcome {
  const found = items.current().get(logItemKey(log));
  if (found && (found.expiresAt as number) > log.createdAt) {
    const { document, createdAt, expiresAt, slot } = found.value as LogItem;
    return { kind: 'found', item: { document, createdAt, expiresAt, slot } };
  }
  observer.expiresAt(log.expiresAt, log.id);
  items.put(logPartition, logItemKey(log), {
    value: log,
    text: `${log.slot}@${log.createdAt}`,
    expiresAt: log.expiresAt,
  });
  observer.logStored(log);
  return { kind: 'stored' };
}

/** A slot is two items. A page that ends with an intent leaves it out: its seal may be the next item. */
function slotsOf(view: View, shard: number, after: number, limit: number) {
  const prefix = `${shardPartition(shard)}/`;
  const from = `${prefix}${digits(after + 1)}`;
  const keys = [...view.keys()].filter((key) => key.startsWith(prefix) && key >= from).sort();
  const page = keys.slice(0, 2 * limit);
  const slots = new Map<number, Slot>();
  for (const key of page) {
    const { value, expiresAt } = view.get(key) as { value: unknown; expiresAt: number };
    const number = Number(key.slice(prefix.length, -2));
    const slot = slots.get(number) ?? { number, content: undefined, seal: undefined, expiresAt: undefined };
    slots.set(
      number,
      key.endsWith('#1')
        ? { ...slot, seal: value as Buffer }
        : { ...slot, content: value as SlotContent, expiresAt },
    );
  }
  const isEnd = page.length < 2 * limit;
  const list = [...slots.values()];
  const last = list.at(-1);
  const isCut = !isEnd && last?.content?.kind === 'intent' && last.seal === undefined;
  return { slots: isCut ? list.slice(0, -1) : list, isEnd };
}

const contentText = (content: SlotContent | Void): string =>
  content.kind === 'intent' ? `${content.nonce}@${content.at}` : `${content.kind}@${content.at}`;

const slotDescription = ({ number, content, seal }: Slot): string =>
  `${number}:${content ? contentText(content) : '-'}:${seal?.toString('hex') ?? ''}`;

const headText = ({ epoch, numbers, settled, lifetimes }: Head): string =>
  JSON.stringify([epoch, [...numbers].sort(), [...settled].sort(), lifetimes]);
