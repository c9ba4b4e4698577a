import Negotiator from 'negotiator';
import { explain, HttpError } from '../../shared/errors.ts';

/** What is sent, with and without its charset, because a caller may ask for either. */
const OFFERED = ['application/json', 'application/json;charset=utf-8'] as const;

/** A weight that does not begin as a number does. */
const UNREADABLE_WEIGHT = /;\s*q\s*=\s*(?![\d.])/i;

/**
 * Checks that the caller takes JSON (RFC 9110, 12.5.1). A header that cannot be read says nothing, as if it were not
 * there.
 *
 * @param accept the request's header, undefined if it has none
 * @throws HttpError 406 if the caller accepts neither `application/json` nor a range that has it
 */
export function requireJson(accept: string | undefined): void {
  if (!accept?.includes('/') || UNREADABLE_WEIGHT.test(accept)) return;
  if (new Negotiator({ headers: { accept } }).mediaType(OFFERED)) return;
  throw new HttpError('not_acceptable', explain('Accept', accept, OFFERED[0]));
}
