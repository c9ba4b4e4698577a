import { EventBus } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, Grant, type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { EnvironmentVariables, IngestEnvironment } from '../shared/environment.ts';
import { PRODUCER_SOURCES, SECURITY_EVENT, SERVICE_SOURCE } from '../shared/event/bus-events.ts';

export interface SecurityEventBusProps {
  /** Other AWS accounts that may publish security events, as 12-digit account ids. */
  readonly publisherAccounts: readonly string[];
  /** The name of the bus. Producers and their policies use it. */
  readonly name: string;
}

/** The bus of security events, and the permissions to publish on it. */
export class SecurityEventBus extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string, { publisherAccounts, name }: SecurityEventBusProps) {
    super(scope, id);
    const bus = new EventBus(this, 'Bus', {
      eventBusName: name,
      description: 'Security events of the Player and the Builder',
    });
    if (publisherAccounts.length > 0) {
      bus.addToResourcePolicy(
        new PolicyStatement({
          sid: 'PublisherAccounts',
          principals: publisherAccounts.map((account) => new AccountPrincipal(account)),
          ...publishing(bus),
        }),
      );
    }
    this.bus = bus;
  }

  /** Lets a producer of this account publish security events and nothing else. */
  grantPublish(producer: IGrantable): Grant {
    const { actions, resources, conditions } = publishing(this.bus);
    return Grant.addToPrincipal({ grantee: producer, actions, resourceArns: resources, conditions });
  }

  /** The permission of `grantPublish` as an identity policy, for a producer that is deployed elsewhere. */
  get producerPolicy(): object {
    const statement = new PolicyStatement({ sid: 'PublishSecurityEvents', ...publishing(this.bus) });
    return { Version: '2012-10-17', Statement: [statement.toStatementJson()] };
  }

  /**
   * Lets a function announce what happened to an event, under the service's own source only. Returns the bus's
   * variable.
   */
  grantAnnounce(grantee: IGrantable): Pick<EnvironmentVariables<IngestEnvironment>, 'EVENT_BUS_NAME'> {
    Grant.addToPrincipal({
      grantee,
      actions: ['events:PutEvents'],
      resourceArns: [this.bus.eventBusArn],
      conditions: { StringEquals: { 'events:source': SERVICE_SOURCE } },
    });
    return { EVENT_BUS_NAME: this.bus.eventBusName };
  }
}

/**
 * The permissions of a producer. EventBridge evaluates the conditions for each entry of a `PutEvents`.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
 */
const publishing = (bus: EventBus) => ({
  actions: ['events:PutEvents'],
  resources: [bus.eventBusArn],
  conditions: {
    StringEquals: { 'events:source': PRODUCER_SOURCES, 'events:detail-type': SECURITY_EVENT },
  },
});
