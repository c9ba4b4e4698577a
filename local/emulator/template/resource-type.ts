import * as z from 'zod/mini';

/** Where a template is deployed to: here, this machine. */
export interface Place {
  readonly stackName: string;
  readonly region: string;
  readonly accountId: string;
  /** The address of the AWS endpoint, without a slash at the end. */
  readonly awsUrl: string;
  /** The address of the gateway, without a slash at the end. */
  readonly gatewayUrl: string;
}

/** What `Ref` and `Fn::GetAtt` give for a resource. */
export interface Identity {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface ResourceType<Properties> {
  readonly type: string;
  /** The property that names a resource; without it, or unset, the name is the stack's and the logical id. */
  readonly nameProperty?: string;
  /** Its properties, each with AWS's default. A property that is not listed is an error by name. */
  readonly properties: z.ZodMiniType<Properties>;
  identify(name: string, place: Place): Identity;
}

export const resourceType = <Properties>(type: ResourceType<Properties>): ResourceType<Properties> => type;

/** Properties without an effect on one machine. */
export const noLocalEffect = <Name extends string>(...names: Name[]) => {
  const properties = names.map((name) => [name, z.optional(z.unknown())]);
  return Object.fromEntries(properties) as Record<Name, z.ZodMiniOptional<z.ZodMiniUnknown>>;
};

/** An Amazon Resource Name in the account and region of the place. */
export const arn = ({ region, accountId }: Place, service: string, resource: string): string =>
  `arn:aws:${service}:${region}:${accountId}:${resource}`;
