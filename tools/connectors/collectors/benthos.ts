import { join } from 'node:path';
import { idsInLines } from '../collected-lines.ts';
import type { Connector } from '../connector.ts';
import { type GoCommand, goBinary, goBuild } from '../go-build.ts';

const BENTHOS: GoCommand = { path: 'github.com/redpanda-data/benthos/v4/cmd/benthos', version: 'v4.60.0' };

/** Benthos (docs/connectors/benthos.md): a file with a log a line. */
export const benthos: Connector = {
  name: 'benthos',
  runs: 'until-stopped',
  stoppedBy: 'SIGTERM',
  install: ({ tools }) => goBuild(tools, BENTHOS),
  command: ({ tools }) => ({ program: goBinary(tools, BENTHOS), args: ['-c', 'feed.yaml'] }),
  collected: async ({ files }) => idsInLines(join(files, 'logs.ndjson')),
};
