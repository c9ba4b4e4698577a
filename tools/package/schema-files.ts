import * as schemas from './schemas.ts';

/** The name of each schema's file, without its ending, by the name that code imports it by. */
const FILES = {
  securityEvent: 'security-event',
  securityLog: 'security-log',
  feedLog: 'feed-log',
  ecsLog: 'ecs-log',
  ocsfEvent: 'ocsf-event',
  settings: 'settings',
} as const satisfies Record<keyof typeof schemas, string>;

export interface SchemaFile {
  /** The name that code imports it by. */
  readonly name: keyof typeof schemas;
  readonly file: string;
  readonly json: string;
}

export const SCHEMA_FILES: readonly SchemaFile[] = Object.entries(schemas).map(([key, schema]) => {
  const name = key as keyof typeof schemas;
  return { name, file: `${FILES[name]}.json`, json: `${JSON.stringify(schema, null, 2)}\n` };
});
