import { explain } from '../../shared/errors.ts';
import type { Application } from '../../shared/event/bus-events.ts';
import { HttpError } from '../../shared/http-errors.ts';

/** Who sent a request, as far as the key tells (docs/contract.md#keys). */
export interface Caller {
  /** The name of the key. */
  readonly keyName: string;
  /** The only application whose logs the key opens; undefined if it opens those of all. */
  readonly application: Application | undefined;
}

/**
 * Which applications' logs a caller gets (docs/contract.md#keys): those it asked for and may read. Whoever names no
 * application asks for all.
 *
 * @throws HttpError 403 if that leaves none: the caller named another application than its key opens
 */
export function readableApplications(
  asked: readonly Application[],
  { application }: Caller,
): readonly Application[] {
  if (application === undefined) return asked;
  const readable = asked.filter((each) => each === application);
  if (readable.length > 0) return readable;
  const accepted = `${application}, or nothing: the key opens no other logs`;
  throw new HttpError('application_not_allowed', explain('app_type', asked[0], accepted));
}
