import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CannotInstall, type Connector } from './connectors/connector.ts';
import { type LocalService, startLocalService } from './connectors/local-service.ts';
import { readConnectorOptions, USAGE } from './connectors/options.ts';
import { isGood, type Outcome, outcomeLine } from './connectors/outcome.ts';
import { pageOf } from './connectors/page-files.ts';
import { foldersOf, runConnector } from './connectors/run-connector.ts';
import { putBetween } from './contract-tables/put-between.ts';
import { runTool } from './run-tool.ts';

/** `npm run connectors`: runs collectors against the local stack as their pages say (docs/connectors/README.md). */

async function main(): Promise<void> {
  const { help, connectors, keep, record } = readConnectorOptions(process.argv.slice(2));
  if (help) return console.log(USAGE);
  const work = mkdtempSync(join(tmpdir(), 'connectors-'));
  const installed = keep === undefined ? join(work, 'installed') : resolve(keep);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
  process.once('exit', () => rmSync(work, { recursive: true, force: true }));
  progress('starting the local stack');
  const service = await startLocalService();
  const outcomes: Outcome[] = [];
  try {
    for (const connector of connectors) {
      const outcome = await outcomeOf(connector, service, foldersOf(connector, installed, work));
      const line = outcomeLine(connector.name, outcome);
      console.log(line);
      if (record && outcome.kind === 'run') recordIn(pageOf(connector.name), line);
      outcomes.push(outcome);
    }
  } finally {
    await service.close();
  }
  const failed = outcomes.filter((outcome) => !isGood(outcome)).length;
  const skipped = outcomes.filter(({ kind }) => kind === 'skipped').length;
  console.log(`${outcomes.length - failed - skipped} passed, ${failed} failed, ${skipped} skipped`);
  if (failed > 0) process.exitCode = 1;
}

async function outcomeOf(
  connector: Connector,
  service: LocalService,
  folders: { tools: string; files: string },
): Promise<Outcome> {
  try {
    const say = (line: string): void => progress(`${connector.name}: ${line}`);
    return { kind: 'run', verdict: await runConnector(connector, service, { ...folders, say }) };
  } catch (error) {
    const kind = error instanceof CannotInstall ? 'skipped' : 'failed';
    return { kind, reason: (error as Error).message };
  }
}

/** Puts the result between `<!-- result -->` and `<!-- /result -->` of a page. */
function recordIn(page: string, line: string): void {
  writeFileSync(page, putBetween(readFileSync(page, 'utf8'), 'result', `\`\`\`\n${line}\n\`\`\``));
}

const progress = (line: string): void => console.error(line);

await runTool(main, USAGE);
