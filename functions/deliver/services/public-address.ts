import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** A host that leads to an address the service may not reach. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/**
 * What of IPv6 is handed out as public addresses. All else is reserved, or means an IPv4 address by a prefix: mapped,
 * compatible, translated (NAT64). https://www.iana.org/assignments/ipv6-address-space
 */
const GLOBAL_UNICAST = new BlockList();
GLOBAL_UNICAST.addSubnet('2000::', 3, 'ipv6');

/**
 * Whether an address is a public one: not private, loopback, link-local, or otherwise set aside. An IPv6 address that
 * embeds an IPv4 address is none, whichever that is: nothing public needs to be reached so, but from behind a NAT64.
 */
export function isPublic(address: string): boolean {
  const family = isIP(address);
  if (family === 0 || (family === 6 && !GLOBAL_UNICAST.check(address, 'ipv6'))) return false;
  return ipaddr.parse(address).range() === 'unicast';
}

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
