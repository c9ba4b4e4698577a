import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** A command line that cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Every command has it. */
const HELP = { help: { type: 'boolean', short: 'h', default: false } } as const;

interface CommandLineConfig<Options extends ParseArgsOptionsConfig> {
  args: string[];
  allowPositionals: boolean;
  options: Options & typeof HELP;
}

/**
 * Reads a command line strictly. `--help` and `-h` are known without being named in the options.
 *
 * @param args what follows the command's own name
 * @param options as `parseArgs` of `node:util` takes them
 * @param allowPositionals whether there may be arguments that are no options
 * @throws UsageError naming an option that is unknown, lacks its value or has one too many, or an argument too many
 */
export function readCommandLine<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
  { allowPositionals = false }: { readonly allowPositionals?: boolean } = {},
): ReturnType<typeof parseArgs<CommandLineConfig<Options>>> {
  try {
    return parseArgs({ args: [...args], allowPositionals, options: { ...options, ...HELP } });
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause });
  }
}

/** How a command ends that has failed. */
export interface Failure {
  /** For the standard error. */
  readonly message: string;
  /** 2 for wrong usage, 1 otherwise. */
  readonly exitStatus: 1 | 2;
}

/**
 * How a command ends that has thrown: wrong usage is told together with the right one.
 *
 * @param describe tells of every other error
 */
export const failure = (
  error: unknown,
  usage: string,
  describe: (error: Error) => string = ({ message }) => message,
): Failure =>
  error instanceof UsageError
    ? { message: `${error.message}\n\n${usage}`, exitStatus: 2 }
    : { message: describe(error as Error), exitStatus: 1 };
