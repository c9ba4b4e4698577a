import { UsageError } from '../../../shared/command-line.ts';
import { PRODUCER_SOURCES, type ProducerSource } from '../../../shared/event/bus-events.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import { openAwsBus } from '../../publisher/aws-bus.ts';
import type { PutEvents } from '../../publisher/bus-entry.ts';
import {
  publishSecurityEvents,
  type SecurityEventDetail,
  type UnpublishedEvent,
} from '../../publisher/publish-security-events.ts';
import type { Command } from '../command.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { readAwsAddress, readChoice, readOptions, readWholeNumber } from '../options.ts';
import { readInput } from '../read-input.ts';
import { counted, type Terminal } from '../terminal.ts';
import { paced } from './paced.ts';
import { realisticEvents } from './realistic-events.ts';

const usage = `Usage: security-logs send [FILE] [options]

Publishes security events on a bus: made-up ones, as the users of a customer cause them, or one from FILE.

  FILE                the event as JSON: the Detail that an application publishes (- is the standard input)

Options:
  --count N           how many made-up events (default 100)
  --rate N            events a second; 0: as fast as the bus takes them (default 10)
  --source SOURCE     easysend.player or easysend.builder (default easysend.player)
  --bus NAME          the bus, by its name or ARN (default security-events)
  --endpoint-url URL  of AWS (default: the local stack's, http://127.0.0.1:4566)
  --aws               AWS itself, with region and credentials from where the AWS CLI has them
  --region REGION     with --aws: another region
  --help              show this

Each event that could not be published is written to the standard output, a JSON object a line with its code and
message. The events have their event.id and @timestamp, so publishing them again is safe.

Exit status: 0 all were published, 1 failed, 2 wrong usage, 4 some could not be published.
`;

export const send: Command = {
  summary: 'publishes realistic events, or one from a file',
  usage,
  async run(args, terminal) {
    const options = readSendOptions(args);
    if (options === undefined) {
      await terminal.write(usage);
      return EXIT.done;
    }
    const { file, address, ...target } = options;
    const bus = openAwsBus(address);
    try {
      const to = { ...target, putEvents: bus.putEvents };
      return await (file === undefined ? sendMany(to, terminal) : sendFile(file, to, terminal));
    } finally {
      bus.close();
    }
  },
};

interface Target {
  readonly putEvents: PutEvents;
  readonly busName: string;
  readonly source: ProducerSource;
  readonly count: number;
  readonly rate: number;
}

async function sendMany(target: Target, terminal: Terminal): Promise<ExitStatus> {
  const { count, rate, source } = target;
  let [published, failed] = [0, 0];
  const events = realisticEvents(source, terminal.now);
  for await (const events_ of paced(events, { count, rate })) {
    const result = await publishSecurityEvents(events_, target);
    await report(result.failed, terminal);
    published += result.published;
    failed += result.failed.length;
    terminal.progress(`${counted(published, 'event')} of ${count.toLocaleString('en-US')} published`);
  }
  terminal.endProgress();
  return outcome(failed, terminal);
}

async function sendFile(file: string, target: Target, terminal: Terminal): Promise<ExitStatus> {
  const text = await readInput(file);
  const event = parseJson(text);
  if (event === undefined) throw new Error(`${file} is not JSON`);
  const { published, failed } = await publishSecurityEvents([event as SecurityEventDetail], target);
  await report(failed, terminal);
  if (published > 0) terminal.say('1 event published');
  return outcome(failed.length, terminal);
}

async function report(failed: readonly UnpublishedEvent[], terminal: Terminal): Promise<void> {
  for (const { code, message, event } of failed)
    await terminal.write(`${JSON.stringify({ code, message, event })}\n`);
}

function outcome(failed: number, terminal: Terminal): ExitStatus {
  if (failed === 0) return EXIT.done;
  terminal.say(terminal.styled('red', `${counted(failed, 'event')} could not be published`));
  return EXIT.badEvent;
}

function readSendOptions(args: readonly string[]) {
  const { values, positionals } = readOptions(
    args,
    {
      count: { type: 'string', default: '100' },
      rate: { type: 'string', default: '10' },
      source: { type: 'string', default: 'easysend.player' },
      bus: { type: 'string', default: 'security-events' },
      'endpoint-url': { type: 'string' },
      aws: { type: 'boolean', default: false },
      region: { type: 'string' },
    },
    { allowPositionals: true },
  );
  if (values.help) return undefined;
  const [file, ...more] = positionals;
  if (more.length > 0) throw new UsageError(`one file at a time; also given: ${more.join(' ')}`);
  return {
    file,
    count: readWholeNumber('--count', values.count, 1),
    rate: readWholeNumber('--rate', values.rate, 0),
    source: readChoice('--source', values.source, PRODUCER_SOURCES),
    busName: values.bus,
    address: readAwsAddress(values),
  };
}
