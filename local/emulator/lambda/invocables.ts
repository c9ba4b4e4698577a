import { FunctionError } from './function-error.ts';
import type { FunctionPool } from './function-pool.ts';

export type Invocable = Pick<FunctionPool, 'invoke'>;

/** A function in the stack's own process, from an event to an answer, both of JSON. */
export type Handler = (event: unknown) => unknown;

interface NamedFunction {
  readonly name: string;
  readonly arn: string;
  readonly pool: Invocable;
}

/**
 * Finds what an `Invoke` means: a function of the template, or, by ARN, another one.
 *
 * @param name a name, or a partial or whole ARN, with or without a qualifier
 * @param otherFunction what answers for an ARN that is not in the template
 */
export function findInvocable(
  name: string,
  functions: readonly NamedFunction[],
  otherFunction?: (arn: string) => Handler,
): Invocable | undefined {
  const [bare = '', prefix = '', last = ''] = /^(?:(.*):function:)?([^:]+)/.exec(name) ?? [];
  const isArn = prefix.startsWith('arn:');
  const fn = functions.find(({ arn, name }) => (isArn ? arn === bare : name === last));
  if (fn !== undefined) return fn.pool;
  return isArn && otherFunction ? handlerFunction(otherFunction(bare)) : undefined;
}

const handlerFunction = (handle: Handler): Invocable => ({
  async invoke(payload) {
    try {
      const answer = await handle(JSON.parse(payload));
      return { mode: 'buffered', payload: JSON.stringify(answer) ?? 'null' };
    } catch (error) {
      const { name, message } = error as Error;
      throw new FunctionError(name, message);
    }
  },
});
