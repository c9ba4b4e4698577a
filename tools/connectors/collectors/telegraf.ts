import { join } from 'node:path';
import { wholeLines } from '../collected-lines.ts';
import type { Connector } from '../connector.ts';
import { type GoCommand, goBinary, goBuild } from '../go-build.ts';
import { requireCommands } from '../installing.ts';

const TELEGRAF: GoCommand = {
  path: 'github.com/influxdata/telegraf/cmd/telegraf',
  version: 'v1.37.2',
  // Only the plugins of the page, so that it builds in a minute.
  tags: 'custom,inputs.execd,inputs.directory_monitor,outputs.file,parsers.influx,parsers.json,serializers.json',
};

/**
 * Telegraf (docs/connectors/telegraf.md): a file with a metric a line. It may write a log again after a restart, as the same
 * point of time and tags, which counts as one.
 */
export const telegraf: Connector = {
  name: 'telegraf',
  runs: 'until-stopped',
  stoppedBy: 'SIGKILL',
  async install({ tools }) {
    requireCommands('sh', 'curl', 'jq', 'find');
    await goBuild(tools, TELEGRAF);
  },
  command: ({ tools }) => ({ program: goBinary(tools, TELEGRAF), args: ['--config', 'telegraf.conf'] }),
  async collected({ files }) {
    const points = wholeLines(join(files, 'logs.ndjson')).map((line) => JSON.parse(line));
    const ids = new Map<string, string>(
      points.map(({ timestamp, tags }) => [`${timestamp} ${JSON.stringify(tags)}`, tags.event_id]),
    );
    return [...ids.values()];
  },
};
