import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTroubledGateway, type TroubledGateway } from '../../../tools/connectors/troubled-gateway.ts';

let logs: string;
let server: Server;
let gateway: TroubledGateway;
beforeEach(async () => {
  logs = '["a","b"]';
  server = createServer((request, response) => {
    response.setHeader('Number-Of-Results', JSON.parse(logs).length);
    response.end(`{"path":"${request.url}","key":"${request.headers['apikey']}","events":${logs}}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  gateway = await startTroubledGateway(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
afterEach(async () => {
  await gateway.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** The status and the body of an answer, or "broken". */
async function ask(): Promise<[number, string] | 'broken'> {
  try {
    const response = await fetch(`${gateway.url}/feed?cursor=1`, { headers: { apiKey: 'k' } });
    return [response.status, await response.text()];
  } catch {
    return 'broken';
  }
}

test('passes a request on, and its answer', async () => {
  expect(await ask()).toEqual([200, '{"path":"/feed?cursor=1","key":"k","events":["a","b"]}']);
});

test('makes each trouble once, in order', async () => {
  gateway.plan(['cut', 'throttle', 'unavailable', 'reset']);
  const answers = [await ask(), await ask(), await ask(), await ask()];
  expect(answers.map((answer) => (answer === 'broken' ? answer : answer[0]))).toEqual([
    'broken',
    429,
    503,
    'broken',
  ]);
  expect(gateway.left()).toEqual([]);
  expect((await ask())[0]).toBe(200);
});

test('cuts only an answer that has logs', async () => {
  gateway.plan(['cut']);
  logs = '[]';
  expect((await ask())[0]).toBe(200);
  logs = '["a"]';
  expect(await ask()).toBe('broken');
});

test('tells once of an answer with logs', async () => {
  let told = 0;
  gateway.onceAnsweredWithLogs(() => told++);
  logs = '[]';
  await ask();
  expect(told).toBe(0);
  logs = '["a"]';
  await ask();
  await ask();
  expect(told).toBe(1);
});
