import { randomUUID } from 'node:crypto';
import { UsageError } from '../../../shared/command-line.ts';
import { PRODUCER_SOURCES } from '../../../shared/event/bus-events.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-status.ts';
import { readChoice, readOptions } from '../options.ts';
import { readInput } from '../read-input.ts';
import { checkEvent } from './check-event.ts';

const usage = `Usage: security-logs check FILE [options]

Says what the service would make of an event, without sending it anywhere.

  FILE             the event as JSON: the Detail that an application publishes, an entry of PutEvents, or an event as
                   EventBridge delivers it (- is the standard input)

Options:
  --source SOURCE  of a Detail: easysend.player or easysend.builder (default easysend.player)
  --help           show this

The answer is one JSON object on the standard output. For an event that would be stored: "accepted": true, its id, the
completed log, and the corrections: each field that was dropped, changed or filled in. For one that would be rejected:
"accepted": false, and the reason with its code. The settings of a stack may choose that it drops the event.

Exit status: 0 it would be stored, 1 failed, 2 wrong usage, 4 it would be rejected.
`;

export const check: Command = {
  summary: 'says what the service would make of an event',
  usage,
  async run(args, terminal) {
    const { values, positionals } = readOptions(
      args,
      { source: { type: 'string', default: 'easysend.player' } },
      { allowPositionals: true },
    );
    if (values.help) {
      await terminal.write(usage);
      return EXIT.done;
    }
    const [file, ...more] = positionals;
    if (file === undefined) throw new UsageError('which file is to be checked?');
    if (more.length > 0) throw new UsageError(`one file at a time; also given: ${more.join(' ')}`);
    const source = readChoice('--source', values.source, PRODUCER_SOURCES);

    const text = await readInput(file);
    const time = new Date(terminal.now()).toISOString();
    const checked = checkEvent(text, { source, id: randomUUID(), time });
    await terminal.write(`${JSON.stringify(checked, null, 2)}\n`);
    return checked.accepted ? EXIT.done : EXIT.badEvent;
  },
};
