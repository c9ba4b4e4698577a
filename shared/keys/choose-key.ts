import { type NamedKey, namedKeys, parseKeySecret } from './key-secret.ts';

/**
 * Chooses a key of the API.
 *
 * @param text the secret's string
 * @param name of the key; without it, the first that opens the logs of every application
 * @throws Error that says which keys there are, by their names, if there is no such key
 */
export function chooseKey(text: string, name: string | undefined): NamedKey {
  const keys = namedKeys(parseKeySecret(text));
  const found = keys.find((key) => (name === undefined ? key.application === undefined : key.name === name));
  if (found !== undefined) return found;
  const wanted = name === undefined ? 'no key for every application' : `no key ${name}`;
  throw new Error(`the secret has ${wanted}; it has: ${keys.map((key) => key.name).join(', ')}`);
}
