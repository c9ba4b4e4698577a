import { FunctionError } from './function-error.ts';
import type { FunctionPool } from './function-pool.ts';

/** A function in the stack's own process, from an event to an answer, both of JSON. */
export type Handler = (event: unknown) => unknown;

/** Makes a handler invocable, like a function that has processes of its own. */
export const handlerFunction = (handle: Handler): Pick<FunctionPool, 'invoke'> => ({
  async invoke(payload) {
    const event: unknown = JSON.parse(payload);
    try {
      const answer = await handle(event);
      return { mode: 'buffered', payload: JSON.stringify(answer) ?? 'null' };
    } catch (error) {
      const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
      throw new FunctionError(name, message);
    }
  },
});
