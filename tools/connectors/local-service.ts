import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { publishSecurityEvents } from '../publisher/publish-security-events.ts';
import type { ServiceUnderTest } from './run-connector.ts';

const START = fileURLToPath(new URL('../../local/start.ts', import.meta.url));

export interface LocalService extends ServiceUnderTest {
  close(): Promise<void>;
}

/** Starts the service as `npm start` does, on free ports (docs/contract.md#on-one-machine). */
export async function startLocalService(): Promise<LocalService> {
  const child = spawn(process.execPath, [START, '--empty'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PORT: '0', AWS_PORT: '0', EASYSEND_SECURITY_LOGS_API_KEY: '' },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let endpoint = '';
  let gatewayUrl = '';
  // Reads on after it is ready, so that the pipe never fills.
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      endpoint ||= /--endpoint-url (\S+)/.exec(line)?.[1] ?? '';
      const [, url] = /^ready .*: (\S+)/.exec(line) ?? [];
      if (url === undefined) return;
      gatewayUrl = new URL(url).origin;
      resolve();
    });
    void ended.then(() => reject(new Error('the local stack did not start')));
  });
  return {
    gatewayUrl,
    async publish(events) {
      const { failed } = await publishSecurityEvents(events, { endpoint });
      if (failed.length > 0) throw new Error(`not published: ${JSON.stringify(failed[0])}`);
    },
    async close() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
