import type { LocalStack } from '../../../local/security-logs-stack.ts';
import { formatQueryTime } from '../../../shared/query/time-window.ts';
import { HOUR } from '../../../shared/time.ts';
import type { WindowAnswer } from './verdict.ts';

/** Asks get-security-logs for everything that was published; `label.rid` has the id of the event. */
export async function askForEverything(
  stack: LocalStack,
  apiKey: string,
  base: number,
): Promise<Omit<WindowAnswer, 'consumedBefore'>> {
  const window = {
    start_time: formatQueryTime(base - 31 * HOUR),
    end_time: formatQueryTime(base + 2 * HOUR),
  };
  const response = await fetch(`${stack.outputs['ApiUrl']}?${new URLSearchParams(window)}`, {
    headers: { apiKey },
  });
  if (!response.ok)
    throw new Error(`the window was answered with ${response.status}: ${await response.text()}`);
  interface Log {
    readonly label: { readonly app_type: string; readonly rid: string };
  }
  const pages = (await response.json()) as { readonly securityLogs: readonly Log[] }[];
  const logs = pages.flatMap(({ securityLogs }) =>
    securityLogs.map(({ label }) => ({ application: label.app_type, id: label.rid })),
  );
  return { logs, endedAt: Date.now() };
}
