import type { LogFields } from '../../log-fields.ts';
import { isIp } from './data-types.ts';

/** The systems that have a number of their own, by the names that `shared/event/enrich.ts` finds in a user agent. */
const SYSTEMS: ReadonlyMap<string, { type_id: number; type: string }> = new Map([
  ['Windows', { type_id: 100, type: 'Windows' }],
  ['Linux', { type_id: 200, type: 'Linux' }],
  ['Android', { type_id: 201, type: 'Android' }],
  ['Mac OS', { type_id: 300, type: 'macOS' }],
  ['macOS', { type_id: 300, type: 'macOS' }],
  ['iOS', { type_id: 301, type: 'iOS' }],
]);
const OTHER_SYSTEM = 99;

/**
 * The end user's address, with its system. OCSF has no endpoint without an address or a name, so nothing is taken where
 * the address is missing.
 */
export function sourceEndpoint(fields: LogFields) {
  const ip = fields.take('client.ip', isIp);
  return ip === undefined ? undefined : { ip, os: operatingSystem(fields) };
}

/** The version is what the full name has beyond the family, as in `iOS 17.5`. */
function operatingSystem(fields: LogFields) {
  const family = fields.take('os.family');
  if (family === undefined) return undefined;
  const full = fields.take('os.full', (text) => text === family || text.startsWith(`${family} `));
  return {
    name: family,
    ...(SYSTEMS.get(family) ?? { type_id: OTHER_SYSTEM, type: family }),
    version: full?.slice(family.length + 1) || undefined,
  };
}
