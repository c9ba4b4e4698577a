import type { TestProject } from 'vitest/node';
import { synthesize } from '../../local/synthesize.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder with the cloud assembly that all end-to-end tests run. */
    assembly: string;
  }
}

/** Synthesizes the CDK app once for all end-to-end tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const assembly = await synthesize();
  project.provide('assembly', assembly.folder);
  return assembly.close;
}
