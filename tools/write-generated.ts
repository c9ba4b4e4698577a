import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readCommandLine } from '../shared/command-line.ts';
import { runTool } from './run-tool.ts';

/** Texts by the paths of their files, from the root of the repository. */
export type GeneratedFiles = Readonly<Record<string, string>>;

/**
 * Runs a tool that writes files of the repository and has no options.
 *
 * @param usage what `--help` shows
 */
export const writeGenerated = (usage: string, files: () => GeneratedFiles): Promise<void> =>
  runTool(() => {
    if (readCommandLine(process.argv.slice(2), {}).values.help) {
      console.log(usage);
      return;
    }
    for (const [path, text] of Object.entries(files()))
      writeFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), text);
  }, usage);
