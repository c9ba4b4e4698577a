import type { RequestListener } from 'node:http';
import dynalite from 'dynalite';
import { HOST } from '../http/http-server.ts';
import { endWithParent } from '../process/orphan.ts';
import { dynaliteFront } from './dynalite-front.ts';
import type { StoreStarted } from './embedded-store.ts';
import { tryToOpen } from './level-database.ts';

/**
 * The embedded DynamoDB in a process of its own, because it blocks its event loop for hundreds of milliseconds. It
 * sends its parent the port, and how much its database has lost. The first argument, if any, is the data folder.
 */

// dynalite does not catch errors of its database.
process.once('uncaughtException', ({ message }) => {
  console.error(message);
  process.exit(1);
});

const [path] = process.argv.slice(2);
const lost = path === undefined ? 0 : await tryToOpen(path);
const server = dynalite({ createTableMs: 0, ...(path === undefined ? {} : { path }) });
const [listener] = server.listeners('request') as RequestListener[];
if (listener === undefined) throw new Error('dynalite listens to no requests');
server.removeAllListeners('request').on('request', dynaliteFront(listener));

endWithParent(async () => {
  // Only a LevelDB has to be closed.
  if (path === undefined) return;
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
});

server.listen(0, HOST, () => {
  process.send?.({ port: (server.address() as { port: number }).port, lost } satisfies StoreStarted);
});
