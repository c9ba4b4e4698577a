import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connector, Place } from '../connector.ts';
import { installPythonPackages, pythonIn } from './python-environment.ts';

/** Prints the ids of the table, which dlt makes with the first log. */
const PRINT_IDS = `
import duckdb, json
with duckdb.connect("copy.duckdb") as db:
    tables = db.execute("select 1 from information_schema.tables where table_name = 'security_logs'").fetchall()
    logs = db.execute("select log from siem.security_logs").fetchall() if tables else []
print(json.dumps([json.loads(log)["event"]["id"] for [log] in logs]))
`;
/** How often the database is read before it counts as broken: a copy of one that is being written may be. */
const TRIES = 20;
const LOOK_AGAIN = 500;

/** dlt into DuckDB (docs/connectors/dlt.md). */
export const dlt: Connector = {
  name: 'dlt',
  runs: 'until-done',
  stoppedBy: 'SIGKILL',
  install: ({ tools }) => installPythonPackages(tools, ['dlt==1.31.0', 'duckdb==2.0.1']),
  command: ({ tools }) => ({ program: pythonIn(tools), args: ['collect.py'] }),
  async collected(place) {
    for (let tries = 1; ; tries++) {
      try {
        return idsInCopy(place);
      } catch (error) {
        if (tries === TRIES) throw error;
        await sleep(LOOK_AGAIN);
      }
    }
  },
};

/** Reads a copy: DuckDB lets one process at a time into a file, and dlt has to get in. */
function idsInCopy({ tools, files }: Place): string[] {
  const database = join(files, 'security_logs.duckdb');
  if (!existsSync(database)) return [];
  copyFileSync(database, join(files, 'copy.duckdb'));
  if (existsSync(`${database}.wal`)) copyFileSync(`${database}.wal`, join(files, 'copy.duckdb.wal'));
  const printed = execFileSync(pythonIn(tools), ['-c', PRINT_IDS], {
    cwd: files,
    encoding: 'utf8',
    stdio: 'pipe',
    maxBuffer: 64e6,
  });
  return JSON.parse(printed);
}
