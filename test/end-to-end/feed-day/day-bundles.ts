import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { readAssembly } from '../../../local/emulator/template/assembly.ts';
import { BUNDLING } from '../../../shared/bundling.ts';

/**
 * The functions of the service, bundled as they are deployed but for some constants, which a file beside the code has:
 * hours last seconds. The sources stay as they are: the constants are replaced while bundling.
 */

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** What differs from the code that is deployed. Milliseconds. */
export interface DayConstants {
  readonly hour: number;
  readonly gapPatience: number;
  readonly sealPatience: number;
  /** How many shards of the feed are written to. */
  readonly shards: number;
  /** Whether ingest stores logs as it did before the feed: without slots. */
  readonly isBeforeTheFeed: boolean;
}

const FILE = 'day.mjs';

/** What is replaced, by file. Each text is there once. */
const REPLACED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'shared/time.ts': { 'HOUR = 60 * MINUTE;': 'HOUR = day.hour;' },
  'shared/feed/clocks.ts': {
    // Not shortened with the hours: the time of a slot is the start of its invocation, which may take 10 seconds. Slots
    // whose times are out of order by more than this would be skipped where reading begins after a gap.
    'MOST_SKEW = 5 * MINUTE;': 'MOST_SKEW = 12 * SECOND;',
    'GAP_PATIENCE = 3 * SECOND;': 'GAP_PATIENCE = day.gapPatience;',
    'SEAL_PATIENCE = 12 * SECOND;': 'SEAL_PATIENCE = day.sealPatience;',
    "import { MINUTE, SECOND } from '../time.ts';": "import { SECOND } from '../time.ts';",
  },
  'shared/feed/write-batch.ts': {
    'FEED_SHARDS = 4;': 'FEED_SHARDS = day.shards;',
    'const slot = await claimSlot(':
      'const slot = day.isBeforeTheFeed ? { name: {}, lifetime: options.retentionHours * HOUR, at } : await claimSlot(',
    'await seal(table,': 'if (day.isBeforeTheFeed) await Promise.all(placings); else await seal(table,',
  },
  'shared/store/feed/insert-logs.ts': {
    '[LOG_TABLE.slot]: { S: log.slot },':
      '...(!day.isBeforeTheFeed && { [LOG_TABLE.slot]: { S: log.slot } }),',
  },
};

const constantsOfTheDay: Plugin = {
  name: 'constants of the day',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^day-constants$/ }, () => ({ path: `./${FILE}`, external: true }));
    for (const [file, replaced] of Object.entries(REPLACED)) {
      const path = join(ROOT, file);
      onLoad({ filter: new RegExp(`${file.replaceAll('.', '\\.')}$`) }, async (loaded) => {
        if (loaded.path !== path) return undefined;
        const source = await readFile(path, 'utf8');
        return {
          contents: `import day from 'day-constants';\n${replaceAll(source, replaced)}`,
          loader: 'ts',
        };
      });
    }
  },
};

function replaceAll(source: string, replaced: Readonly<Record<string, string>>): string {
  return Object.entries(replaced).reduce((text, [from, to]) => {
    const parts = text.split(from);
    if (parts.length !== 2) throw new Error(`the source has not once: ${from}`);
    return parts.join(to);
  }, source);
}

const FUNCTIONS = ['ingest', 'feed', 'query'] as const;
type FunctionName = (typeof FUNCTIONS)[number];

/** The code of each function, by its name. */
export type DayBundles = ReadonlyMap<FunctionName, Uint8Array>;

export async function bundleForDays(): Promise<DayBundles> {
  const bundles = FUNCTIONS.map(async (name) => {
    const { outputFiles } = await build({
      ...BUNDLING,
      mainFields: [...BUNDLING.mainFields],
      bundle: true,
      platform: 'node',
      absWorkingDir: ROOT,
      entryPoints: [join('functions', name, 'handler.ts')],
      outfile: join(ROOT, 'index.mjs'),
      write: false,
      logLevel: 'error',
      plugins: [constantsOfTheDay],
    });
    const code = outputFiles.find(({ path }) => path.endsWith('.mjs'));
    return [name, code?.contents as Uint8Array] as const;
  });
  return new Map(await Promise.all(bundles));
}

/** A folder with the code of a function, and the constants. */
export async function writeCode(
  folder: string,
  bundles: DayBundles,
  name: FunctionName,
  constants: DayConstants,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'index.mjs'), bundles.get(name) as Uint8Array);
  await writeFile(join(folder, FILE), `export default ${JSON.stringify(constants)};\n`);
  return folder;
}

/** Copies a cloud assembly, and puts the functions of the day in the place of those that are deployed. */
export async function assemblyOfTheDay(
  assembly: string,
  bundles: DayBundles,
  constants: DayConstants,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'feed-day-'));
  await cp(assembly, folder, { recursive: true });
  const { template, assetFolder } = await readAssembly(folder);
  for (const { Type, Properties } of Object.values(template.Resources)) {
    if (Type !== 'AWS::Lambda::Function') continue;
    const { Code, Environment } = Properties as {
      Code: { S3Key: string };
      Environment: { Variables: { POWERTOOLS_SERVICE_NAME: FunctionName } };
    };
    const name = Environment.Variables.POWERTOOLS_SERVICE_NAME;
    if (bundles.has(name)) await writeCode(assetFolder(Code.S3Key), bundles, name, constants);
  }
  return folder;
}
