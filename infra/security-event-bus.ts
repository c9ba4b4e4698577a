import { Lazy } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import {
  AccountPrincipal,
  AnyPrincipal,
  Effect,
  Grant,
  type IGrantable,
  type IRole,
  PolicyStatement,
} from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { EnvironmentVariables, IngestEnvironment } from '../shared/environment.ts';
import { PRODUCER_SOURCES, SECURITY_EVENT, SERVICE_SOURCE } from '../shared/event/bus-events.ts';
import { addBusPolicy } from './bus-policy.ts';

export interface SecurityEventBusProps {
  /** Other AWS accounts that may publish security events, as 12-digit account ids. */
  readonly publisherAccounts: readonly string[];
  /** The name of the bus. Producers and their policies use it. */
  readonly name: string;
}

/** The bus of security events, and the permissions to publish on it. */
export class SecurityEventBus extends Construct {
  readonly bus: EventBus;
  /** The roles that may publish in the name of the service. */
  readonly #announcers: IRole[] = [];

  constructor(scope: Construct, id: string, { publisherAccounts, name }: SecurityEventBusProps) {
    super(scope, id);
    const bus = new EventBus(this, 'Bus', {
      eventBusName: name,
      description: 'Security events of the Player and the Builder',
    });
    if (publisherAccounts.length > 0) {
      addBusPolicy(
        bus,
        new PolicyStatement({
          sid: 'PublisherAccounts',
          principals: publisherAccounts.map((account) => new AccountPrincipal(account)),
          ...publishing(bus),
        }),
      );
    }
    this.bus = bus;
    this.#denyForgedAnnouncements();
  }

  /**
   * Nobody else of the account may publish in the name of the service, whatever its own policy allows.
   * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
   */
  #denyForgedAnnouncements(): void {
    addBusPolicy(
      this.bus,
      new PolicyStatement({
        sid: 'ServiceSourceIsReserved',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['events:PutEvents'],
        resources: [this.bus.eventBusArn],
        conditions: {
          StringEquals: { 'events:source': SERVICE_SOURCE },
          ArnNotEquals: {
            'aws:PrincipalArn': Lazy.list({ produce: () => this.#announcers.map(({ roleArn }) => roleArn) }),
          },
        },
      }),
    );
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
   * Lets a function announce what happened to an event, under the service's own source only, and as one of few. Returns the
   * bus's variable.
   */
  grantAnnounce(role: IRole): Pick<EnvironmentVariables<IngestEnvironment>, 'EVENT_BUS_NAME'> {
    this.#announcers.push(role);
    Grant.addToPrincipal({
      grantee: role,
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
