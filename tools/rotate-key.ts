import { changeSecret } from './rotate-key/change-secret.ts';
import { readRotateOptions, USAGE } from './rotate-key/options.ts';
import { runTool } from './run-tool.ts';
import { findStack } from './stack/find-stack.ts';

/** `npm run rotate-key`: gives a key of the API a new value, or adds or removes one. */

async function main(): Promise<void> {
  const { help, stack, change, address } = readRotateOptions(process.argv.slice(2), Date.now());
  if (help) return console.log(USAGE);
  const { apiKeySecretArn } = await findStack(stack, address);
  console.log(await changeSecret(apiKeySecretArn, change, address));
  console.log(`the secret is ${apiKeySecretArn}`);
}

await runTool(main, USAGE, ({ message }) => `not done: ${message}`);
