import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod/mini';
import { readJsonFile } from '../files/read-json-file.ts';
import { type Secret, type SecretVersions, secretVersionsSchema } from './secret.ts';

export interface SecretStore {
  /** @param id an ARN or a name */
  find(id: string): Secret | undefined;
  /** Returns when the versions are kept. */
  replace(arn: string, versions: SecretVersions): Promise<void>;
}

export interface InitialSecret {
  readonly arn: string;
  readonly name: string;
  /** Whether its versions outlive this run; if not, each run begins with the initial ones. */
  readonly kept: boolean;
  /** Its versions, if there are none of an earlier run. */
  begin(): SecretVersions;
}

const fileSchema = z.record(z.string(), secretVersionsSchema);

/**
 * Opens a stack's secrets.
 *
 * @param file for the secrets that are kept; without it, all of them are in memory only
 * @throws Error naming the file, and nothing of its content, if it is damaged
 */
export async function openSecrets(initial: readonly InitialSecret[], file?: string): Promise<SecretStore> {
  const earlier = file === undefined ? {} : await read(file);
  const secrets = new Map<string, Secret>();
  for (const { arn, name, kept, begin } of initial) {
    secrets.set(arn, { arn, name, versions: (kept ? earlier[arn] : undefined) ?? begin() });
  }

  let writing: Promise<void> = Promise.resolve();
  const write = (): Promise<void> => {
    if (file === undefined) return Promise.resolve();
    const kept = initial.flatMap(({ arn, kept }) => (kept ? [[arn, secrets.get(arn)?.versions]] : []));
    const json = JSON.stringify(Object.fromEntries(kept));
    const written = writing.then(() => replaceFile(file, json));
    writing = written.catch(() => {});
    return written;
  };
  await write();

  return {
    find: (id) => secrets.get(id) ?? [...secrets.values()].find(({ name }) => name === id),
    async replace(arn, versions) {
      const secret = secrets.get(arn);
      if (secret === undefined) throw new Error(`there is no secret ${arn}`);
      secrets.set(arn, { ...secret, versions });
      await write();
    },
  };
}

async function read(file: string): Promise<Readonly<Record<string, SecretVersions>>> {
  try {
    return await readJsonFile(file, checkVersions);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

function checkVersions(value: unknown): Readonly<Record<string, SecretVersions>> {
  const result = fileSchema.safeParse(value);
  if (result.success) return result.data;
  throw new Error(`these are not the secrets of a stack\n${z.prettifyError(result.error)}`);
}

async function replaceFile(file: string, content: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, content, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
