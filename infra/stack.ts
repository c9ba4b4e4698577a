import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { EventAction } from '../shared/event-actions.ts';
import { Ingest } from './ingest.ts';
import { LogApi } from './log-api.ts';
import { LogTable } from './log-table.ts';
import { addOutputs } from './outputs.ts';
import { Rejections } from './rejections.ts';
import { SecurityEventBus } from './security-event-bus.ts';

/** The customer's choices (contract section 6) that shape the stack. */
export interface SecurityLogsProps extends StackProps {
  /** The actions that become logs; the other known ones are dropped on the bus. */
  readonly events: readonly EventAction[];
  /** How long a log can be read, in hours from its creation. */
  readonly retentionHours: number;
  /** Other AWS accounts that may publish security events, as 12-digit account ids. */
  readonly publisherAccounts?: readonly string[];
}

/** The whole service (design section 1): composes its capabilities and names what others need to know of them. */
export class SecurityLogsStack extends Stack {
  constructor(scope: Construct, id: string, props: SecurityLogsProps) {
    super(scope, id, { description: 'Security logs: kept for a while, streamed to a SIEM', ...props });
    const { events, retentionHours, publisherAccounts = [] } = props;

    const bus = new SecurityEventBus(this, 'Bus', { publisherAccounts });
    const table = new LogTable(this, 'Logs', { retentionHours });
    const ingest = new Ingest(this, 'Ingest', { bus, table, events });
    const rejections = new Rejections(this, 'Rejections', { bus });
    const api = new LogApi(this, 'Api', { table });

    addOutputs(this, { bus, table, ingest, rejections, api });
  }
}
