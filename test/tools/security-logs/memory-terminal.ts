import { runCommand } from '../../../tools/security-logs/run-command.ts';
import { processTerminal } from '../../../tools/security-logs/terminal.ts';

/** Runs `security-logs` in this process, as if its output were no terminal. */
export async function runSecurityLogs(
  args: readonly string[],
  environment: Record<string, string> = { EASYSEND_SECURITY_LOGS_API_KEY: 'the key' },
) {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) => ({
    write(data: string | Buffer, done?: () => void) {
      written[name] += data.toString();
      done?.();
    },
    on: () => {},
  });
  const terminal = processTerminal(stream('stdout'), stream('stderr'), environment);
  return { status: await runCommand(args, terminal), ...written };
}
