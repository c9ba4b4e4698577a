import { runTool } from './run-tool.ts';
import { readSmokeOptions, USAGE } from './smoke/options.ts';
import { smoke } from './smoke/smoke.ts';
import { steps } from './smoke/steps.ts';

/** `npm run smoke`: publishes one event, and reads its log. */

async function main(): Promise<void> {
  const { help, key: keyName, ...options } = readSmokeOptions(process.argv.slice(2));
  if (help) return console.log(USAGE);
  const apiKey = process.env['EASYSEND_SECURITY_LOGS_API_KEY'] || undefined;
  await smoke({ ...options, keyName, apiKey }, steps(console.log));
  console.log('the smoke test passed');
}

await runTool(main, USAGE, ({ message }) => `the smoke test failed: ${message}`);
