import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { idsInLines } from '../collected-lines.ts';
import type { Connector } from '../connector.ts';
import { requireCommands } from '../installing.ts';

/** `curl` and `jq` (docs/connectors/curl-jq.md): a folder of files, one for each answer. */
export const curlJq: Connector = {
  name: 'curl-jq',
  runs: 'until-stopped',
  stoppedBy: 'SIGKILL',
  install: async () => requireCommands('sh', 'curl', 'jq'),
  command: () => ({ program: 'sh', args: ['collect.sh'] }),
  async collected({ files }) {
    const folder = join(files, 'logs');
    if (!existsSync(folder)) return [];
    return readdirSync(folder).flatMap((name) => idsInLines(join(folder, name)));
  },
};
