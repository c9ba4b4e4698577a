import { failure, UsageError } from '../../shared/command-line.ts';
import { check } from './check/check-command.ts';
import type { Command } from './command.ts';
import { EXIT, type ExitStatus } from './exit-status.ts';
import { get } from './get/get-command.ts';
import { rejections } from './rejections/rejections-command.ts';
import { send } from './send/send-command.ts';
import { RequestRefused } from './service/answers.ts';
import { tail } from './tail/tail-command.ts';
import { OutputClosed, type Terminal } from './terminal.ts';

const COMMANDS: Readonly<Record<string, Command>> = { get, tail, send, check, rejections };

const USAGE = `Usage: security-logs <command> [options]

Reads, follows, publishes and checks security logs.

Commands:
${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}`)
  .join('\n')}

security-logs <command> --help explains a command. Data goes to the standard output, everything else to the
standard error. By default all commands use the local stack (npm start).

Environment:
  EASYSEND_SECURITY_LOGS_API_KEY  the API key, for get and tail; the local stack's is local-api-key
  NO_COLOR                        no colours

Exit status: 0 done, 1 failed, 2 wrong usage, 3 the service refuses the request, 4 an event is at fault.
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
