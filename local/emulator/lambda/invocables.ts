import type { Invocable } from './endpoint.ts';
import { type Handler, handlerFunction } from './handler-function.ts';

/** A function of the template. */
interface NamedFunction {
  readonly name: string;
  readonly arn: string;
  readonly pool: Invocable;
}

/** Functions outside the template, by ARN; and what answers for any other ARN. */
interface OtherFunctions {
  readonly functions?: Readonly<Record<string, Handler>>;
  readonly otherFunction?: (arn: string) => Handler;
}

/**
 * Finds what an `Invoke` means: a function of the template, by name or ARN, or one outside it, by ARN.
 *
 * @param name with or without a qualifier
 */
export function findInvocable(
  name: string,
  functions: readonly NamedFunction[],
  { functions: handlers = {}, otherFunction }: OtherFunctions,
): Invocable | undefined {
  const bare = withoutQualifier(name);
  const isArn = bare.startsWith('arn:');
  const handler = handlers[name] ?? handlers[bare];
  if (handler !== undefined) return handlerFunction(handler);
  const fn = functions.find(({ arn, name }) => (isArn ? arn === bare : name === lastPart(bare)));
  if (fn !== undefined) return fn.pool;
  return isArn && otherFunction ? handlerFunction(otherFunction(name)) : undefined;
}

/** `name:qualifier`, `account:function:name:qualifier`, or an ARN that ends like the second. */
function withoutQualifier(name: string): string {
  const parts = name.split(':');
  const marker = parts.indexOf('function');
  return parts.slice(0, marker < 0 ? 1 : marker + 2).join(':');
}

const lastPart = (name: string): string => name.slice(name.lastIndexOf(':') + 1);
