import type { TestProject } from 'vitest/node';
import { synthesize } from '../../local/synthesize.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder with the cloud assembly that the end-to-end tests run. */
    assembly: string;
    /** The same with a custom service. */
    deliveringAssembly: string;
  }
}

/** Synthesizes the CDK app, with and without a custom service, once for all end-to-end tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [assembly, delivering] = await Promise.all([
    synthesize(),
    synthesize({ settings: 'local/settings/https.json' }),
  ]);
  project.provide('assembly', assembly.folder);
  project.provide('deliveringAssembly', delivering.folder);
  return async () => {
    await assembly.close();
    await delivering.close();
  };
}
