import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Connector } from '../connector.ts';
import { requireCommands } from '../installing.ts';

/** `curl` and `jq` (docs/connectors/curl-jq.md): each answer is a file, which is renamed when it is whole. */
export const curlJq: Connector = {
  name: 'curl-jq',
  runs: 'until-stopped',
  stoppedBy: 'SIGKILL',
  install: async () => requireCommands('sh', 'curl', 'jq'),
  command: () => ({ program: 'sh', args: ['collect.sh'] }),
  async collected({ files }) {
    const names = readdirSync(files).filter((name) => name.endsWith('.answer'));
    return names.flatMap((name) => {
      const { events } = JSON.parse(readFileSync(join(files, name), 'utf8'));
      return events.map(({ event }: { event: { id: string } }) => event.id);
    });
  },
};
