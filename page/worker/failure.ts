import { ServiceError } from '../service/ask.ts';
import type { Failure } from './protocol.ts';

/** @returns what the page can say of an error */
export function failureOf(error: unknown): Failure {
  if (error instanceof ServiceError) {
    const { status, code, message, retryAfter, requestId } = error;
    return { status, code, message, retryAfter, requestId };
  }
  const { name, message } = error as Error;
  const code = name === 'AbortError' ? 'stopped' : 'page_error';
  return { status: 0, code, message, retryAfter: 0, requestId: undefined };
}
