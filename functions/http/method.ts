import { CallerError, explain } from '../../shared/errors.ts';

const ALLOWED = 'GET, HEAD';

/** @throws CallerError 405 for a method that does not read (docs/contract.md, "Errors") */
export function requireReadingMethod(method: string): void {
  if (method === 'GET' || method === 'HEAD') return;
  const message = explain('the method', method, ALLOWED);
  throw new CallerError(405, 'method_not_allowed', message, {}, { Allow: ALLOWED });
}
