import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { lookInWindow } from '../../../shared/round-trip/look-for-log.ts';
import { MARKS, markedEvent } from '../../../shared/round-trip/marked-event.ts';

const event = markedEvent(MARKS.smoke, 'OPENED', Date.UTC(2026, 10, 21, 9, 0, 59, 500));
const line = (log: object): string => `${JSON.stringify(log)}\n`;

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
});

/** Looks into a window that has these lines, of which only so many bytes arrive. */
async function look(
  lines: string,
  arriving = lines.length,
): Promise<{ found: Promise<boolean>; asked: URLSearchParams }> {
  const asked = Promise.withResolvers<URLSearchParams>();
  server = createServer(({ url = '' }, response) => {
    asked.resolve(new URL(url, 'http://localhost').searchParams);
    response.writeHead(200, {
      'Content-Type': 'application/x-ndjson',
      'Content-Length': lines.length,
      'Number-Of-Results': lines.split('\n').length - 1,
    });
    if (arriving === lines.length) response.end(lines);
    else response.write(lines.slice(0, arriving), () => response.destroy());
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const found = lookInWindow(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'key', event);
  found.catch(() => {});
  return { found, asked: await asked.promise };
}

test('a window around the event is asked for its log alone', async () => {
  const { found, asked } = await look(line(event));
  expect(await found).toBe(true);
  expect(Object.fromEntries(asked)).toEqual({
    start_time: '20261121090059',
    end_time: '20261121090159',
    rid: event.label.rid,
  });
});

test('a window without the log has it not yet', async () => {
  expect(await (await look('')).found).toBe(false);
});

test.each([0, 10])(
  'an answer that is cut after %i bytes is none: it is asked for again',
  async (arriving) => {
    await expect((await look(line(event), arriving)).found).rejects.toMatchObject({ name: 'NoAnswer' });
  },
);

test.each([
  ['the log twice', line(event) + line(event)],
  ['another time', line({ ...event, '@timestamp': '2026-11-21T09:00:59.501Z' })],
  ['another action', line({ ...event, event: { action: 'COMPLETED' } })],
  ['no mark', line({ ...event, service: {} })],
  ['another rid', line({ ...event, label: { rid: 'r-1' } })],
])('a window with %s is wrong', async (_, lines) => {
  await expect((await look(lines)).found).rejects.toMatchObject({ name: 'WrongLog' });
});
