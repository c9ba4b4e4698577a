import { explain } from '../../shared/errors.ts';
import { HttpError } from '../../shared/http-errors.ts';

const ALLOWED = 'GET, HEAD';

/** @throws HttpError 405 for any other method than `GET` and `HEAD` (docs/contract.md#errors) */
export function requireReadingMethod(method: string): void {
  if (method === 'GET' || method === 'HEAD') return;
  const message = explain('the method', method, ALLOWED);
  throw new HttpError('method_not_allowed', message, {}, { Allow: ALLOWED });
}
