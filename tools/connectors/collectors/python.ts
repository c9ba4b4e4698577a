import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { idsInLines } from '../collected-lines.ts';
import type { Connector } from '../connector.ts';
import { requireCommands } from '../installing.ts';

const FOLLOWER = fileURLToPath(new URL('../../../docs/feed/follow.py', import.meta.url));

/** Python's standard library (docs/connectors/python.md): the follower of docs/feed/, started as the page says. */
export const python: Connector = {
  name: 'python',
  runs: 'until-stopped',
  stoppedBy: 'SIGKILL',
  async install({ files }) {
    requireCommands('sh', 'python3');
    copyFileSync(FOLLOWER, join(files, 'follow.py'));
  },
  command: () => ({ program: 'sh', args: ['collect.sh'] }),
  collected: async ({ files }) => idsInLines(join(files, 'logs.ndjson')),
};
