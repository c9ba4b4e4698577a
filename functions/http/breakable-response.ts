import type { StreamifyHandler } from 'aws-lambda';

type Response = awslambda.HttpResponseStream;

/**
 * Lets a streamed response break without ending the process.
 *
 * A body breaks when its time is up, a document is damaged, or the reader has gone. Then the pipeline that sends it
 * destroys the response, so that it never looks whole, and the handler rejects with the error. But when a response fails,
 * AWS's runtime client (aws-lambda-ric 4) also rejects promises of its own, and nobody handles them: an unhandled
 * rejection ends the process. So this wrapper removes the client's listener, and waits for the end of the response itself.
 *
 * @param handler rejects if its response breaks
 */
export const withBreakableResponse = <Event>(handler: StreamifyHandler<Event, unknown>) =>
  awslambda.streamifyResponse<Event>(async (event, response, context) => {
    let broken: Error | undefined;
    response.removeAllListeners('error').on('error', (error) => {
      broken = error;
    });
    breakOnceBegun(response);
    const closed = new Promise((resolve) => response.once('close', resolve));
    await handler(event, response, context);
    await closed;
    if (broken !== undefined) throw broken;
  });

/**
 * Delays the destruction of a response until its first bytes have been sent. The response is a request to the Runtime
 * API. If it were destroyed earlier, nothing would arrive, and Lambda would wait for an answer until the function's time
 * is up.
 */
function breakOnceBegun(response: Response): void {
  const { write, destroy } = response;
  const begun = Promise.withResolvers<void>();
  response.write = ((...parameters: Parameters<Response['write']>) => {
    response.write = write;
    const isReady = write.apply(response, parameters);
    write.call(response, '', 'utf8', () => begun.resolve());
    return isReady;
  }) as Response['write'];
  response.destroy = (error) => {
    void begun.promise.then(() => destroy.call(response, error));
    return response;
  };
}
