import { SECOND } from '../../shared/time.ts';

/** Runs the steps of a smoke test, and says how long each took. */
export interface Steps {
  /** @throws Error that names the step, with what it threw as its cause */
  run<T>(name: string, step: () => Promise<T>): Promise<T>;
}

/** @param say writes a line */
export const steps = (say: (line: string) => void): Steps => ({
  async run(name, step) {
    const startedAt = performance.now();
    const took = (): string => `${((performance.now() - startedAt) / SECOND).toFixed(2)} s`.padStart(9);
    try {
      const result = await step();
      say(`passed ${took()}  ${name}`);
      return result;
    } catch (error) {
      say(`failed ${took()}  ${name}`);
      throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
    }
  },
});
