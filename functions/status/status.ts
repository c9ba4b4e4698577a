import { StoreUnavailable } from '../../shared/errors.ts';
import { HttpError } from '../../shared/http-errors.ts';
import { JSON_TYPE } from '../../shared/media-types.ts';
import { statusParameters } from '../../shared/operations/read-status.ts';
import { readParameters } from '../../shared/query/read-parameters.ts';
import { type StatusFigures, serviceStatus } from '../../shared/status/service-status.ts';
import { faultOf } from '../../shared/store/faults.ts';
import { SECOND } from '../../shared/time.ts';
import type { Caller } from '../http/caller.ts';
import { negotiateEncoding } from '../http/negotiate-encoding.ts';
import { negotiateFormat } from '../http/negotiate-format.ts';
import type { HttpRequest } from '../http/request.ts';
import { type HttpResponse, jsonResponse } from '../http/responses.ts';
import { writeChunks } from '../http/write-body.ts';

export interface StatusDependencies {
  /** Reads all figures. `readAt` is added here. */
  readonly read: (now: number, signal: AbortSignal) => Promise<Omit<StatusFigures, 'readAt'>>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** How long figures are used again, milliseconds. */
export const FRESH_MS = 5 * SECOND;
/** After this long, reading is given up. */
const LONGEST_READING_MS = 4 * SECOND;

/**
 * Answers `GET /api/security-logs/status` (docs/contract.md#the-status). If one figure cannot be read, the answer is an
 * error: no figure is guessed.
 */
export function status({ read, now }: StatusDependencies) {
  let latest: { readonly at: number; readonly figures: Promise<StatusFigures> } | undefined;

  const readNow = async (at: number): Promise<StatusFigures> => {
    const signal = AbortSignal.timeout(LONGEST_READING_MS);
    try {
      return { ...(await read(at, signal)), readAt: at };
    } catch (error) {
      // What failed is not kept: the next request reads again.
      latest = undefined;
      if (!signal.aborted && faultOf(error) === 'ours') throw error;
      throw new StoreUnavailable('the status could not be read', { cause: error });
    }
  };

  /** Callers at the same time share one reading. */
  const figures = (): Promise<StatusFigures> => {
    const at = now();
    if (latest === undefined || at - latest.at >= FRESH_MS) latest = { at, figures: readNow(at) };
    return latest.figures;
  };

  return async (request: HttpRequest, { application }: Caller): Promise<HttpResponse> => {
    readParameters(statusParameters, request.parameters);
    if (application !== undefined)
      throw new HttpError(
        'application_not_allowed',
        `the status is of the whole service; the key opens ${application} only`,
      );
    negotiateFormat(request.header('Accept'), [{ mediaType: JSON_TYPE }]);
    const encoding = negotiateEncoding(request.header('Accept-Encoding'));
    const body = Buffer.from(JSON.stringify(serviceStatus(await figures())));
    return jsonResponse(encoding, request.method === 'HEAD' ? '' : writeChunks([body], encoding));
  };
}
