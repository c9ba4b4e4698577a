import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { startChild } from '../process/child-process.ts';
import { functionEnvironment, type LambdaFunction } from './function-environment.ts';
import { FunctionError } from './function-error.ts';
import { type InvocationResponse, startRuntimeApi } from './runtime-api.ts';

/** Longer than Lambda's 10 seconds: this machine may be busy with other things. Milliseconds. */
const INIT_TIMEOUT = 30_000;
/** The share of the memory for V8's heap; the rest is for buffers and the runtime. */
const HEAP_SHARE = 0.9;

const RUNTIME_CLIENT = createRequire(import.meta.url).resolve('aws-lambda-ric');
const PRELOAD = new URL('ric-preload.ts', import.meta.url).href;

/** One process of a function: an execution environment, in Lambda's words. It runs one invocation at a time. */
export interface FunctionProcess {
  readonly pid: number;
  /**
   * Waits until it can take an invocation.
   *
   * @throws FunctionError if it cannot start, or has ended
   */
  idle(): Promise<void>;
  /** @throws FunctionError if the handler fails, runs out of time, or its process ends */
  invoke(payload: string): Promise<InvocationResponse>;
  readonly exited: Promise<void>;
  /** Kills it, as Lambda does with an environment that it no longer needs. */
  close(): Promise<void>;
}

/** @param onOutput is given the output streams of the process */
export async function startFunctionProcess(
  fn: LambdaFunction,
  onOutput: (stream: NodeJS.ReadableStream) => void,
): Promise<FunctionProcess> {
  const api = await startRuntimeApi();
  const child = startChild({
    entry: RUNTIME_CLIENT,
    execArguments: [`--max-old-space-size=${Math.floor(fn.memory * HEAP_SHARE)}`, '--import', PRELOAD],
    environment: functionEnvironment(fn, api.address),
    folder: fn.codeFolder,
  });
  for (const stream of [child.process.stdout, child.process.stderr]) if (stream !== null) onOutput(stream);

  const end = (error: FunctionError): void => {
    api.fail(error);
    child.process.kill('SIGKILL');
  };
  const limit = (milliseconds: number, what: string): NodeJS.Timeout =>
    setTimeout(() => {
      end(new FunctionError('Sandbox.Timedout', `${what} timed out after ${milliseconds / 1000} seconds`));
    }, milliseconds);

  const exited = child.exited.then(async (how) => {
    api.fail(new FunctionError('Runtime.ExitError', `the function's process ended: ${how}`));
    await api.close();
  });
  until(api.idle(), limit(INIT_TIMEOUT, 'Init'));

  return {
    pid: child.process.pid ?? 0,
    idle: () => api.idle(),
    invoke(payload) {
      const deadline = Date.now() + fn.timeout;
      const answer = api.invoke({ requestId: randomUUID(), payload, functionArn: fn.arn, deadline });
      // A streamed answer outlives its first byte, and so does the limit.
      until(api.idle(), limit(fn.timeout, 'Task'));
      return answer;
    },
    exited,
    async close() {
      child.process.kill('SIGKILL');
      await exited;
    },
  };
}

function until(done: Promise<void>, timer: NodeJS.Timeout): void {
  const stop = (): void => clearTimeout(timer);
  void done.then(stop, stop);
}
