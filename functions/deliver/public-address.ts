import { lookup as resolve } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** A host that leads to an address the service may not reach. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/** Whether an address is a public one: not private, loopback, link-local, or otherwise set aside. */
export const isPublic = (address: string): boolean =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';

/**
 * A `lookup` for `node:net` that gives public addresses only. The connection goes to the very address that was
 * checked here: there is no second look at a name that could answer otherwise.
 *
 * @param allowedHosts names that may lead anywhere
 */
export function publicLookup(allowedHosts: readonly string[]): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const allowed = allowedHosts.includes(hostname)
        ? addresses
        : addresses.filter(({ address }) => isPublic(address));
      const [first] = allowed;
      if (first === undefined) return callback(new AddressRefused(`${hostname} has no public address`), []);
      return options.all ? callback(null, allowed) : callback(null, first.address, first.family);
    });
  };
}
