import type { RequestListener } from 'node:http';
import dynalite from 'dynalite';
import { HOST } from '../http/http-server.ts';
import { endWithParent } from '../process/orphan.ts';
import { dynaliteFront } from './dynalite-front.ts';
import type { StoreStarted } from './embedded-store.ts';
import { tryToOpen } from './level-database.ts';

/**
 * The embedded DynamoDB in a process of its own, because it keeps its event loop busy for hundreds of milliseconds.
 * Sends its parent the port, and what its database has lost. The first argument, if there is one, is the folder that
 * keeps the data.
 */

// What fails in dynalite's database later is an error that nobody catches, too.
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
  // The data lies in memory, and is gone anyway, or in a LevelDB that wants to be closed.
  if (path === undefined) return;
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
});

server.listen(0, HOST, () => {
  process.send?.({ port: (server.address() as { port: number }).port, lost } satisfies StoreStarted);
});
