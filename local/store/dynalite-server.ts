import type { RequestListener } from 'node:http';
import dynalite from 'dynalite';
import { HOST } from '../http-server.ts';
import { endWithParent } from '../orphan.ts';
import { dynaliteFront } from './dynalite-front.ts';

/**
 * The embedded DynamoDB in a process of its own, because it keeps its event loop busy for hundreds of milliseconds.
 * Sends its parent the port. The first argument, if there is one, is the folder that keeps the data.
 */

const [path] = process.argv.slice(2);
const server = dynalite({ createTableMs: 0, ...(path === undefined ? {} : { path }) });
const [listener] = server.listeners('request') as RequestListener[];
if (listener === undefined) throw new Error('dynalite listens to no requests');
server.removeAllListeners('request').on('request', dynaliteFront(listener));

// A folder that is in use shows when the store is first asked for something, as an error that nobody catches.
process.once('uncaughtException', ({ message }) => {
  console.error(message);
  process.exit(1);
});

endWithParent(async () => {
  // The data lies in memory, and is gone anyway, or in a LevelDB that wants to be closed.
  if (path === undefined) return;
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
});

server.listen(0, HOST, () => {
  process.send?.((server.address() as { port: number }).port);
});
