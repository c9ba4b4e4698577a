import type { StreamifyHandler } from 'aws-lambda';

/**
 * Lets a streamed response break without ending the process.
 *
 * When a body breaks (its time is up, a document is damaged, the reader has gone), the pipeline that sends it destroys
 * the response, so that it never looks whole, and the handler rejects with the error: there it is handled. But AWS's
 * runtime client (aws-lambda-ric 4) rejects promises of its own, too, when the response fails, and nobody handles them:
 * an unhandled rejection, which ends the process. So its listener is taken off, and the handler waits for the end of the
 * response itself.
 *
 * @param handler rejects if its response breaks
 */
export const withBreakableResponse = <Event>(handler: StreamifyHandler<Event, unknown>) =>
  awslambda.streamifyResponse<Event>(async (event, response, context) => {
    let broken: Error | undefined;
    response.removeAllListeners('error').on('error', (error) => {
      broken = error;
    });
    const closed = new Promise((resolve) => response.once('close', resolve));
    await handler(event, response, context);
    await closed;
    if (broken !== undefined) throw broken;
  });
