import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { idsInLines } from '../collected-lines.ts';
import { CannotInstall, type Connector } from '../connector.ts';
import { installBy, requireCommands } from '../installing.ts';

const PACKAGES = ['syslog-ng-core', 'syslog-ng-mod-python'];

const hasPython = (): boolean =>
  spawnSync('syslog-ng', ['--version'], { encoding: 'utf8' }).stdout?.includes('mod-python') ?? false;

/** syslog-ng with a source in Python (docs/connectors/syslog-ng.md), from Debian's packages. */
export const syslogNg: Connector = {
  name: 'syslog-ng',
  runs: 'until-stopped',
  stoppedBy: 'SIGTERM',
  async install() {
    if (hasPython()) return;
    requireCommands('apt-get');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    if (process.getuid?.() !== 0) throw new CannotInstall(`only root may install ${PACKAGES.join(' ')}`);
    await installBy('apt-get', ['install', '--yes', '--no-install-recommends', ...PACKAGES], { env });
  },
  command: () => ({
    program: 'syslog-ng',
    args: ['--foreground', '--no-caps', '--cfgfile=syslog-ng.conf', ...stateFiles],
  }),
  collected: async ({ files }) => idsInLines(join(files, 'logs.ndjson')),
};

/** In the folder of the run, where the machine's own syslog-ng does not write. */
const stateFiles = ['--persist-file=state', '--control=control', '--pidfile=pid'];
