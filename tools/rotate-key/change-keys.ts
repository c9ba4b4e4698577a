import type { Application } from '../../shared/event/bus-events.ts';
import {
  DEFAULT_KEY_NAME,
  formatKeyDocument,
  type KeySecret,
  type NamedKey,
  namedKeys,
} from '../../shared/keys/key-secret.ts';

/** What becomes of the value that a rotation replaces. `until`: epoch milliseconds, exclusive. */
export type OldKey =
  /** It is accepted until the next rotation. */
  | { readonly kind: 'keep' }
  | { readonly kind: 'revoke' }
  | { readonly kind: 'until'; readonly until: number };

export type KeyChange =
  /** Without a name: the only key there is. */
  | { readonly kind: 'rotate'; readonly name: string | undefined; readonly old: OldKey }
  | { readonly kind: 'add'; readonly name: string; readonly application?: Application }
  | { readonly kind: 'remove'; readonly name: string };

export interface ChangedSecret {
  /** The new text of the secret. */
  readonly text: string;
  /** Whether the text before it must not open the API any more, although both are a single key. */
  readonly revokesPrevious: boolean;
  /** What was done, in words without a key. */
  readonly done: string;
}

/**
 * Changes the keys of the API (docs/contract.md#keys).
 *
 * @param previous the single key before the current one, which is accepted too; undefined if there is none
 * @param newKey of 32 characters or more
 * @throws Error naming the keys there are, if there is none of that name, or one already
 */
export function changeKeys(
  secret: KeySecret,
  previous: string | undefined,
  change: KeyChange,
  newKey: string,
): ChangedSecret {
  const keys = namedKeys(secret);
  if (change.kind === 'rotate') return rotate(secret, theKey(keys, change.name), change.old, newKey);
  const { kind, name } = change;
  if (kind === 'remove') {
    const others = keys.filter((key) => key !== theKey(keys, name));
    if (others.length === 0) throw new Error(`${name} is the only key: rotate it with --revoke instead`);
    return document(others, `removed the key ${name}; it is refused within a minute`);
  }
  if (keys.some((key) => key.name === name)) throw new Error(`there is a key ${name} already`);
  const kept =
    secret.kind === 'single' && previous !== undefined
      ? keys.map((key) => ({ ...key, previous: { key: previous } }))
      : keys;
  const { application } = change;
  const added = { name, key: newKey, ...(application && { application }) };
  const opens = application === undefined ? 'all logs' : `the logs of ${application}`;
  return document([...kept, added], `added the key ${name}, which opens ${opens} within a minute`);
}

function rotate(secret: KeySecret, key: NamedKey, old: OldKey, newKey: string): ChangedSecret {
  const done = `gave the key ${key.name} a new value, which is accepted within a minute; ${fateOf(old)}`;
  if (secret.kind === 'single' && old.kind !== 'until')
    return { text: newKey, revokesPrevious: old.kind === 'revoke', done };
  const { previous: _, ...same } = key;
  const rotated = { ...same, key: newKey, ...(old.kind !== 'revoke' && { previous: previousOf(key, old) }) };
  return document(
    namedKeys(secret).map((each) => (each.name === key.name ? rotated : each)),
    done,
  );
}

const previousOf = ({ key }: NamedKey, old: OldKey) => ({
  key,
  ...(old.kind === 'until' && { until: new Date(old.until).toISOString() }),
});

function fateOf(old: OldKey): string {
  if (old.kind === 'keep') return 'the old one is accepted until the next rotation';
  if (old.kind === 'revoke') return 'the old one is refused within a minute';
  return `the old one is accepted before ${new Date(old.until).toISOString()}`;
}

const document = (keys: readonly NamedKey[], done: string): ChangedSecret => ({
  text: formatKeyDocument(keys),
  revokesPrevious: false,
  done,
});

function theKey(keys: readonly NamedKey[], name: string | undefined): NamedKey {
  const names = keys.map((key) => key.name).join(', ');
  if (name === undefined && keys.length > 1) throw new Error(`there are several keys; name one: ${names}`);
  const found = name === undefined ? keys[0] : keys.find((key) => key.name === name);
  if (found === undefined)
    throw new Error(`there is no key ${name ?? DEFAULT_KEY_NAME}; there are: ${names}`);
  return found;
}
