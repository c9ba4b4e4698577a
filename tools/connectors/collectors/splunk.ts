import { join } from 'node:path';
import { idOf, wholeLines } from '../collected-lines.ts';
import type { Connector } from '../connector.ts';
import { installPythonPackages, pythonIn } from './python-environment.ts';

/** The engine of Splunk's add-ons, and what it needs of an older setuptools. */
const PACKAGES = ['cloudconnectlib==3.3.0', 'setuptools==80.9.0'];

/** Splunk's cloud connector engine (docs/connectors/splunk.md), which writes events as XML for the indexer. */
export const splunk: Connector = {
  name: 'splunk',
  runs: 'until-done',
  stoppedBy: 'SIGTERM',
  install: ({ tools }) => installPythonPackages(tools, PACKAGES),
  command: ({ tools }) => ({ program: 'sh', args: ['-c', `exec '${pythonIn(tools)}' run.py >>indexed.xml`] }),
  async collected({ files }) {
    const events = wholeLines(join(files, 'indexed.xml')).flatMap((line) => [
      ...line.matchAll(/<data>(.*?)<\/data>/g),
    ]);
    return events.map(([, data = '']) => idOf(JSON.parse(unescaped(data))));
  },
};

const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
