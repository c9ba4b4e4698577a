import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Started } from '../local/emulator/process/close-in-reverse.ts';

/** A PostgreSQL of our own for as long as it is needed, where its programs are installed. */

const DEBIAN_FOLDER = '/usr/lib/postgresql';

export interface PostgresqlCluster {
  readonly version: string;
  /** Runs psql; input and output are piped. */
  psql(sql: string): ChildProcess;
}

/** The folder of the newest version that Debian's packages have installed. */
function programs(): string | undefined {
  if (!existsSync(DEBIAN_FOLDER)) return undefined;
  const [newest] = readdirSync(DEBIAN_FOLDER).sort((a, b) => Number(b) - Number(a));
  const folder = join(DEBIAN_FOLDER, newest ?? '', 'bin');
  return existsSync(join(folder, 'initdb')) ? folder : undefined;
}

/** PostgreSQL refuses to run as root; the packages bring a user for it. */
function identity(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const [, , uid, gid] =
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((line) => line.startsWith('postgres:'))
      ?.split(':') ?? [];
  if (uid === undefined || gid === undefined) throw new Error('there is no user postgres');
  return { uid: Number(uid), gid: Number(gid) };
}

/**
 * @param started is given how to stop it and how to remove its folder
 * @returns undefined if PostgreSQL is not installed
 */
export async function startPostgresql(started: Started): Promise<PostgresqlCluster | undefined> {
  const folder = programs();
  if (folder === undefined) return undefined;
  const as = identity();
  const data = mkdtempSync(join(tmpdir(), 'bench-postgresql-'));
  await started.add(() => rmSync(data, { recursive: true, force: true }));
  if (as) chownSync(data, as.uid, as.gid);
  const options = { ...as, cwd: data };
  const cluster = join(data, 'cluster');
  const initdb = ['-D', cluster, '-U', 'bench', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  execFileSync(join(folder, 'initdb'), initdb, { ...options, stdio: 'ignore' });
  const settings = ['-c', 'listen_addresses=', '-c', 'shared_buffers=1GB', '-c', 'max_wal_size=4GB'];
  const server = spawn(join(folder, 'postgres'), ['-D', cluster, '-k', data, ...settings], {
    ...options,
    stdio: 'ignore',
  });
  const exited = once(server, 'exit');
  await started.add(async () => {
    server.kill('SIGINT');
    await exited;
  });
  const psql = (sql: string): ChildProcess =>
    spawn(join(folder, 'psql'), ['-h', data, '-U', 'bench', '-d', 'postgres', '-qAtX', '-c', sql], {
      cwd: data,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
  for (let tries = 0; !existsSync(join(data, '.s.PGSQL.5432')); tries++) {
    if (tries === 100 || server.exitCode !== null) throw new Error('PostgreSQL did not start');
    await delay(100);
  }
  const version = execFileSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8' }).trim();
  return { version, psql };
}
