import type { ResolveReport } from '../../shared/feed/resolve.ts';
import {
  parseResolveRequest,
  RESOLVE_KINDS,
  type ResolveRequest,
} from '../../shared/feed/resolve-request.ts';
import { untilAborted } from '../../shared/until-aborted.ts';
import type { QueueMessage } from '../sqs-batch.ts';
import type { ReportResolving, Resolution } from './resolve-report.ts';

/**
 * Resolves what a request asks for.
 *
 * @throws if something stays undone: the request has to be made again
 */
export type Resolve = (request: ResolveRequest, signal: AbortSignal) => Promise<ResolveReport>;

export interface ResolveDependencies {
  readonly resolve: Resolve;
  readonly report: ReportResolving;
}

type ResolveMessage = Pick<QueueMessage, 'messageId' | 'body'>;

/**
 * Resolves what the messages of a batch ask for, side by side. What several messages ask for is resolved once: readers
 * that wait for the same slot all ask for it.
 *
 * @returns a function that gives the ids of the messages that go back to the queue: those whose request failed, and those
 *   that hold no request, which end as dead letters
 */
export const resolveBatch =
  ({ resolve, report }: ResolveDependencies) =>
  async (messages: readonly ResolveMessage[], signal: AbortSignal): Promise<string[]> => {
    const resolutions = await Promise.all(
      groups(messages).map(async ({ request, messageIds }): Promise<Resolution> => {
        if (request === undefined) return { messageIds, error: new NoResolveRequest() };
        try {
          return { messageIds, request, report: await untilAborted(signal, () => resolve(request, signal)) };
        } catch (error) {
          return { messageIds, request, error };
        }
      }),
    );
    report(resolutions);
    return resolutions.flatMap(({ messageIds, report }) => (report ? [] : messageIds));
  };

interface Group {
  /** Undefined if the messages hold none. */
  readonly request: ResolveRequest | undefined;
  readonly messageIds: string[];
}

/** The messages by what they ask for. */
function groups(messages: readonly ResolveMessage[]): Group[] {
  const byRequest = new Map<string | undefined, Group>();
  for (const { messageId, body } of messages) {
    const request = parseResolveRequest(body);
    // the schema gives the fields of a request in one order, whatever the order in the body
    const name = request && JSON.stringify(request);
    const group = byRequest.get(name);
    if (group) group.messageIds.push(messageId);
    else byRequest.set(name, { request, messageIds: [messageId] });
  }
  return [...byRequest.values()];
}

/** A message of the resolve queue that is no request to resolve. */
export class NoResolveRequest extends Error {
  override readonly name = 'NoResolveRequest';

  constructor() {
    super(`the message is no request to resolve; this release reads the kinds ${RESOLVE_KINDS.join(', ')}`);
  }
}
