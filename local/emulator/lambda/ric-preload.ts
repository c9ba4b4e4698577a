import { registerHooks } from 'node:module';
import { endWithParent } from '../process/orphan.ts';

/**
 * Loaded before AWS's runtime interface client (`aws-lambda-ric`). It replaces its native client of the Runtime API,
 * which needs a compiler, by one in plain JavaScript.
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

// When a client of the API hangs up, the connection that takes the response is cut. The runtime client then has an
// unhandled rejection, which would end the process. The handler learns of it from its stream.
process.on('unhandledRejection', (error) => {
  const code = (error as { code?: unknown } | undefined)?.code;
  if (code !== 'ECONNRESET' && code !== 'EPIPE') throw error;
});
