import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { wholeLines } from '../collected-lines.ts';
import type { Connector } from '../connector.ts';
import { requireCommands } from '../installing.ts';

const CEL_INPUT = fileURLToPath(new URL('../elastic-cel/cel-input.ts', import.meta.url));

/** The program of Filebeat's input `cel` (docs/connectors/elastic-cel.md), run by the command `mito` of its engine. */
export const elasticCel: Connector = {
  name: 'elastic-cel',
  runs: 'until-stopped',
  stoppedBy: 'SIGTERM',
  install: async () => requireCommands('mito'),
  command: () => ({ program: process.execPath, args: [CEL_INPUT] }),
  async collected({ files }) {
    const messages = wholeLines(join(files, 'logs.ndjson')).map((line) => JSON.parse(line).message ?? '{}');
    return messages.map((message) => JSON.parse(message).event?.id).filter((id) => id !== undefined);
  },
};
