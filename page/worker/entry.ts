import { failureOf } from './failure.ts';
import { logWorker } from './log-worker.ts';
import type { Call, News, Reply } from './protocol.ts';

/** The worker's script: it takes calls of the page, one after the other, and answers each. */

const scope = globalThis as unknown as {
  postMessage(message: News | Reply): void;
  onmessage: ((event: { readonly data: Call }) => void) | null;
};

const calls = logWorker((news) => scope.postMessage(news), Date.now);

scope.onmessage = async ({ data: { id, method, parameters } }) => {
  try {
    const call = calls[method] as (...given: readonly unknown[]) => unknown;
    scope.postMessage({ id, result: await call(...parameters) });
  } catch (error) {
    scope.postMessage({ id, failure: failureOf(error) });
  }
};
