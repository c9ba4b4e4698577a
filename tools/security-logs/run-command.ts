import { RequestRefused } from '../../shared/api-client/answers.ts';
import { failure, UsageError } from '../../shared/command-line.ts';
import { check } from './check/check-command.ts';
import type { Command } from './command.ts';
import { deliveries } from './deliveries/deliveries-command.ts';
import { EXIT, type ExitStatus } from './exit-status.ts';
import { get } from './get/get-command.ts';
import { pause } from './pause/pause-command.ts';
import { rejections } from './rejections/rejections-command.ts';
import { replay } from './replay/replay-command.ts';
import { resume } from './resume/resume-command.ts';
import { send } from './send/send-command.ts';
import { status } from './status/status-command.ts';
import { tail } from './tail/tail-command.ts';
import { OutputClosed, type Terminal } from './terminal.ts';
import { testReceiver } from './test-receiver/test-command.ts';

const COMMANDS: Readonly<Record<string, Command>> = {
  get,
  tail,
  send,
  check,
  rejections,
  deliveries,
  replay,
  pause,
  resume,
  status,
  test: testReceiver,
};

const USAGE = `Usage: security-logs <command> [options]

Reads, follows, publishes and checks security logs, and operates their delivery.

Commands:
${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}`)
  .join('\n')}

security-logs <command> --help explains a command. Data goes to the standard output, everything else to the
standard error. By default all commands use the local stack (npm start).

Environment:
  EASYSEND_SECURITY_LOGS_API_KEY  the API key, for get, tail, deliveries and replay; the local stack's is
                                  local-api-key
  NO_COLOR                        no colours

Exit status: 0 done, 1 failed, 2 wrong usage, 3 the service refuses the request, 4 an event is at fault,
5 the custom service did not take a test.
`;

/** Runs one command line. It reports every error, and throws none. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  const [name = '', ...others] = args;
  if (name === '--help' || name === '-h' || name === 'help') {
    await terminal.write(USAGE);
    return EXIT.done;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  try {
    if (command === undefined) throw new UsageError(name ? `there is no command ${name}` : 'which command?');
    return await command.run(others, terminal);
  } catch (error) {
    terminal.endProgress();
    if (error instanceof OutputClosed) return EXIT.done;
    const { message, exitStatus } = failure(error, command?.usage ?? USAGE);
    terminal.say(exitStatus === EXIT.usage ? message : `${terminal.styled('red', 'error')}: ${message}`);
    return error instanceof RequestRefused ? EXIT.refused : exitStatus;
  }
}
