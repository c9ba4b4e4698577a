import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type FunctionProcess, startFunctionProcess } from '../../local/emulator/lambda/function-process.ts';

const WRAPPER = new URL('../../functions/http/breakable-response.ts', import.meta.url).href;

/** Sends `size` bytes, and then breaks, or ends. */
const CODE = `
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { withBreakableResponse } from '${WRAPPER}';

function* body({ size, breaks }) {
  if (size > 0) yield Buffer.alloc(size, 'x');
  if (breaks) throw new RangeError('broken as ordered');
}
export const handler = withBreakableResponse(async (event, raw) => {
  const response = awslambda.HttpResponseStream.from(raw, { statusCode: 200 });
  response.write('');
  await pipeline(Readable.from(body(event), { objectMode: false }), response);
});
`;

describe('a function whose response may break', () => {
  let codeFolder: string;
  beforeAll(async () => {
    codeFolder = await mkdtemp(join(tmpdir(), 'breakable-'));
    await writeFile(join(codeFolder, 'index.mjs'), CODE);
  });
  afterAll(() => rm(codeFolder, { recursive: true }));

  const start = async (): Promise<FunctionProcess> => {
    const fn = {
      name: 'breakable',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:breakable',
      codeFolder,
      handler: 'index.handler',
      timeout: 20_000,
      memory: 256,
      variables: {},
      region: 'us-east-1',
      awsUrl: 'http://aws',
      storeUrl: 'http://store',
    };
    const process = await startFunctionProcess(fn, (output) => output.resume());
    onTestFinished(() => process.close());
    return process;
  };

  const bodyOf = async (process: FunctionProcess, event: object): Promise<Readable> => {
    await process.idle();
    const answer = await process.invoke(JSON.stringify(event));
    return answer.mode === 'streaming' ? answer.body : expect.fail('it does not stream');
  };
  const whole = /^\{"statusCode":200\}\0{8}x{7}$/;

  test.each([0, 1_000, 3_000_000])(
    'tells so after %i bytes, and its process serves the next',
    async (size) => {
      const process = await start();
      for (let i = 0; i < 5; i++) {
        const broken = await bodyOf(process, { size, breaks: true });
        await expect(text(broken)).rejects.toThrow();
        expect(await text(await bodyOf(process, { size: 7 }))).toMatch(whole);
      }
    },
  );

  test('is done with one whose reader reads nothing, and its process serves the next', async () => {
    const process = await start();
    const unread = await bodyOf(process, { size: 3_000_000, breaks: true });
    expect(await text(await bodyOf(process, { size: 7 }))).toMatch(whole);
    await expect(text(unread)).rejects.toThrow();
  });
});
