import { registerHooks } from 'node:module';
import { endWithParent } from '../process/orphan.ts';

/**
 * Loaded before AWS's runtime interface client (`aws-lambda-ric`): gives it a client for the Runtime API in plain
 * JavaScript instead of its native one, which needs a compiler.
 */
registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === './rapid-client.node'
      ? {
          url: new URL('rapid-client.ts', import.meta.url).href,
          format: 'module-typescript',
          shortCircuit: true,
        }
      : nextResolve(specifier, context),
});

endWithParent();

// When a client of the API hangs up, the connection that takes the response is cut. The runtime client then rejects
// a promise that nobody has, which would end the process; the handler is told by its stream.
process.on('unhandledRejection', (error) => {
  const code = (error as { code?: unknown } | undefined)?.code;
  if (code !== 'ECONNRESET' && code !== 'EPIPE') throw error;
});
