import type { Invocable } from './endpoint.ts';
import type { RunningFunction } from './functions.ts';
import { type Handler, handlerFunction } from './handler-function.ts';

/**
 * Finds what an `Invoke` means: a function of the template, by name or ARN, or one outside it, by ARN.
 *
 * @param handlers of functions outside the template, by ARN
 * @param elsewhere makes the handler of any other ARN
 */
export function invocables(
  functions: readonly RunningFunction[],
  handlers: Readonly<Record<string, Handler>>,
  elsewhere: (arn: string) => Handler,
): (name: string) => Invocable | undefined {
  return (name) => {
    const bare = withoutQualifier(name);
    const handler = handlers[name] ?? handlers[bare];
    if (handler !== undefined) return handlerFunction(handler);
    const isArn = bare.startsWith('arn:');
    const fn = functions.find(({ arn, name }) => (isArn ? arn === bare : name === lastPart(bare)));
    if (fn !== undefined) return fn.pool;
    return isArn ? handlerFunction(elsewhere(name)) : undefined;
  };
}

/** `name:qualifier`, `account:function:name:qualifier`, or an ARN that ends like the second. */
function withoutQualifier(name: string): string {
  const parts = name.split(':');
  const marker = parts.indexOf('function');
  return parts.slice(0, marker < 0 ? 1 : marker + 2).join(':');
}

const lastPart = (name: string): string => name.slice(name.lastIndexOf(':') + 1);
