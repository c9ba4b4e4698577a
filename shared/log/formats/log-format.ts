import { ecsLog } from './ecs.ts';
import type { OcsfUser } from './ocsf/authentication.ts';
import { OCSF_VERSIONS, type OcsfVersion, ocsfLog } from './ocsf.ts';
import { publishedLog } from './published.ts';
import type { StoredLog } from './stored-log.ts';

/** The formats of a log that somebody can ask for (docs/formats.md). A new one is a file beside this one, and its name here. */
export const FORMAT_NAMES = ['published', 'ecs', 'ocsf'] as const;
export type FormatName = (typeof FORMAT_NAMES)[number];

/** A format that is not the published one. It writes more of a log than its JSON: its id, and when it was stored. */
export type OtherFormat = { readonly name: 'ecs' } | { readonly name: 'ocsf'; readonly version: OcsfVersion };

/** Writes the JSON of a log, in UTF-8. */
export type WriteLog = (log: StoredLog) => Buffer;

/** @returns undefined for the published format */
export function otherFormat(
  name: FormatName,
  version: OcsfVersion = OCSF_VERSIONS[0],
): OtherFormat | undefined {
  if (name === 'published') return undefined;
  return name === 'ecs' ? { name } : { name, version };
}

/** @param user who the user of an authentication is in OCSF */
export function logWriter(format: OtherFormat, user: OcsfUser): WriteLog {
  if (format.name === 'ecs') return ecsLog;
  const options = { version: format.version, user };
  return (log) => ocsfLog(log, options);
}

/** The same by the names of the settings, the published format included. */
export function logWriterFor(name: FormatName, version: OcsfVersion, user: OcsfUser): WriteLog {
  const format = otherFormat(name, version);
  return format === undefined ? publishedLog : logWriter(format, user);
}
