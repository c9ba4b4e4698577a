import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { markdownTable } from './contract-tables/markdown-table.ts';
import { lockedPackages, PERMISSIVE } from './licences/locked-packages.ts';
import { runTool } from './run-tool.ts';

/** `npm run licences`: the packages that are deployed or published, with their licences (docs/supply-chain.md#licences). */
await runTool(() => {
  const lock = readFileSync(fileURLToPath(new URL('../package-lock.json', import.meta.url)), 'utf8');
  const packages = lockedPackages(lock);
  const rows = packages.map(({ name, version, licence }) => [name, version, licence]);
  process.stdout.write(markdownTable(['package', 'version', 'licence'], rows));
  const others = packages.filter(({ licence }) => !PERMISSIVE.has(licence)).map(({ name }) => name);
  if (others.length > 0) throw new Error(`to be looked at: ${others.join(', ')}`);
}, 'Usage: npm run licences');
