import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { expect, onTestFinished, test, vi } from 'vitest';
import { functionBundler } from '../../../local/dev/function-bundler.ts';
import { liveFunctions } from '../../../local/dev/live-functions.ts';
import { watchFolders } from '../../../local/dev/watch-folders.ts';
import { startAwsFixture } from '../fixtures/aws-fixture.ts';

const HANDLER = `import { word } from '../../shared/word.ts';
export const handler = async ({ text }: { text: string }) => ({ said: word(text) });`;
const UPPER = 'export const word = (text: string): string => text.toUpperCase();';
const LOWER = 'export const word = (text: string): string => text.toLowerCase();';

/** A repository with two functions, one of which imports `shared/word.ts`. */
async function makeSources() {
  const root = await mkdtemp(join(tmpdir(), 'sources-test-'));
  for (const folder of ['functions/shout', 'functions/other', 'shared', 'bundles']) {
    await mkdir(join(root, folder), { recursive: true });
  }
  const write = (path: string, text: string): Promise<void> => writeFile(join(root, path), text);
  await write('functions/shout/handler.ts', HANDLER);
  await write('functions/other/handler.ts', 'export const handler = async () => 1;');
  await write('shared/word.ts', UPPER);
  const bundler = async (name: string) => {
    const made = await functionBundler(root, name);
    onTestFinished(made.close);
    return made;
  };
  onTestFinished(() => rm(root, { recursive: true }));
  return { root, write, bundler };
}

/** Both functions live, without a stack: `replaced` has the functions that were given new code. */
async function startFunctions() {
  const { root, write, bundler } = await makeSources();
  const replaced: string[] = [];
  const lines: string[] = [];
  let refusal: Error | undefined;
  const live = async (name: string) => {
    const made = await bundler(name);
    const replaceCode = async (folder: string): Promise<void> => {
      if (refusal !== undefined) throw refusal;
      replaced.push(`${name}: ${await readFile(join(folder, 'index.mjs'), 'utf8')}`);
    };
    return { name, code: await made.bundle(), bundler: made, replaceCode };
  };
  const functions = [await live('shout'), await live('other')];
  const update = liveFunctions(functions, join(root, 'bundles'), (line) => lines.push(line));
  const refuse = (error?: Error): void => {
    refusal = error;
  };
  return { write, update, replaced, lines, refuse };
}

test('a function is replaced when a file changes that it imports, and no other function is', async () => {
  const { write, update, replaced, lines } = await startFunctions();
  await write('shared/word.ts', LOWER);
  await update();
  expect(replaced).toEqual([expect.stringMatching(/^shout: .*toLowerCase/)]);
  expect(lines).toEqual([expect.stringMatching(/^shout runs new code, after \d+\.\d s$/)]);
});

test('a function whose bundle stays the same is not replaced', async () => {
  const { write, update, replaced, lines } = await startFunctions();
  await write('shared/word.ts', `// a comment\n${UPPER}`);
  await update();
  await update();
  expect([replaced, lines]).toEqual([[], []]);
});

test('a function keeps its code while it cannot be bundled, and is replaced by the next change of any file', async () => {
  const { write, update, replaced, lines } = await startFunctions();
  await write('functions/shout/handler.ts', HANDLER.replace('word.ts', 'lower.ts'));
  await update();
  expect(lines.splice(0)).toEqual([
    expect.stringMatching(/^shout keeps its old code: [\s\S]*handler\.ts:1:.*Could not resolve/),
  ]);
  await write('shared/lower.ts', LOWER);
  await update();
  expect(replaced).toEqual([expect.stringMatching(/toLowerCase/)]);
});

test('code that cannot start is tried again after the next change', async () => {
  const { write, update, replaced, lines, refuse } = await startFunctions();
  refuse(new Error('it fails at once'));
  await write('shared/word.ts', LOWER);
  await update();
  expect(lines).toEqual(['shout keeps its old code: it fails at once']);
  refuse();
  await update();
  expect(replaced).toHaveLength(1);
});

test('a running stack answers with the new code, by itself, and with the same processes otherwise', async () => {
  const { root, write, bundler } = await makeSources();
  const stack = await startAwsFixture();
  onTestFinished(stack.close);
  const client = new LambdaClient(stack.client);
  const invoke = async (): Promise<unknown> => {
    const Payload = JSON.stringify({ text: 'Hello' });
    const answer = await client.send(new InvokeCommand({ FunctionName: 'shout', Payload }));
    return JSON.parse(answer.Payload?.transformToString() ?? '');
  };
  expect(await invoke()).toEqual({ shouted: 'HELLO' });

  const functions = await Promise.all(
    stack.functions.map(async ({ name, replaceCode }) => ({
      name,
      code: Buffer.alloc(0),
      bundler: await bundler(name),
      replaceCode,
    })),
  );
  const lines: string[] = [];
  const update = liveFunctions(functions, join(root, 'bundles'), (line) => lines.push(line));
  onTestFinished(watchFolders({ folders: [join(root, 'functions'), join(root, 'shared')] }, update));
  await update();
  expect(await invoke()).toEqual({ said: 'HELLO' });
  await write('shared/word.ts', LOWER);
  await vi.waitFor(async () => expect(await invoke()).toEqual({ said: 'hello' }), { timeout: 10_000 });
  expect(lines).toHaveLength(2);
  expect(stack.functionProcesses()).toHaveLength(1);
});
