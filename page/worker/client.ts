import script from 'virtual:worker';
import type { Calls, Failure, News, Reply } from './protocol.ts';

/** The calls as the page makes them: each is answered later. */
export type Client = {
  readonly [Name in keyof Calls]: (
    ...parameters: Parameters<Calls[Name]>
  ) => Promise<Awaited<ReturnType<Calls[Name]>>>;
};

/** An error of a call. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): {
    createScriptURL(url: string): unknown;
  };
}

/** The one policy of the page (docs/page.md#what-the-page-may-do): the address of its own worker, and no other. */
function workerUrl(): string {
  const own = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy('security-logs-worker', {
    createScriptURL(url) {
      if (url !== own) throw new TypeError('only the own worker may run');
      return url;
    },
  });
  return (policy?.createScriptURL(own) ?? own) as string;
}

/**
 * Starts the worker.
 *
 * @param onNews is given what the worker tells by itself
 */
export function startWorker(onNews: (news: News) => void): Client {
  const worker = new Worker(workerUrl());
  const calls = new Map<number, PromiseWithResolvers<unknown>>();
  let last = 0;
  worker.onmessage = ({ data }: MessageEvent<News | Reply>) => {
    if ('kind' in data) return onNews(data);
    const call = calls.get(data.id);
    calls.delete(data.id);
    if ('failure' in data) call?.reject(new CallFailed(data.failure));
    else call?.resolve(data.result);
  };
  return new Proxy({} as Client, {
    get:
      (_, method) =>
      (...parameters: readonly unknown[]) => {
        const id = ++last;
        const call = Promise.withResolvers<unknown>();
        calls.set(id, call);
        worker.postMessage({ id, method, parameters });
        return call.promise;
      },
  });
}
