import * as z from 'zod/mini';
import { keep, readKept } from '../files/kept-json.ts';
import { checkBy } from '../files/read-json-file.ts';
import { type Secret, secretVersionsSchema } from './secret.ts';

export type SecretStore = Awaited<ReturnType<typeof openSecrets>>;

export interface InitialSecret extends Secret {
  /** Whether its versions outlive this run; if not, each run begins with these. */
  readonly kept: boolean;
}

const check = checkBy(z.record(z.string(), secretVersionsSchema), 'these are not the secrets of a stack');

/**
 * Opens a stack's secrets.
 *
 * @param file for the secrets that are kept; without it, all of them are in memory only
 * @throws Error naming the file, and nothing of its content, if it is damaged
 */
export async function openSecrets(initial: readonly InitialSecret[], file?: string) {
  const earlier = file === undefined ? {} : await readKept(file, check, {});
  const secrets = new Map<string, InitialSecret>();
  const replace = (secret: InitialSecret): void => {
    secrets.set(secret.arn, secret);
    if (file === undefined) return;
    const kept = [...secrets.values()].filter(({ kept }) => kept);
    keep(file, Object.fromEntries(kept.map(({ arn, versions }) => [arn, versions])));
  };
  for (const secret of initial) {
    const versions = (secret.kept && earlier[secret.arn]) || secret.versions;
    replace({ ...secret, versions });
  }
  return {
    /** @param id an ARN or a name */
    find: (id: string): Secret | undefined =>
      secrets.get(id) ?? [...secrets.values()].find(({ name }) => name === id),
    /** Returns when the versions are kept. */
    replace: (secret: Secret): void => replace({ kept: secrets.get(secret.arn)?.kept ?? false, ...secret }),
  };
}
