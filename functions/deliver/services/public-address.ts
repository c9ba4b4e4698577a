import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** A host whose address may not be called. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/**
 * The IPv6 addresses that are assigned as public ones. All others are reserved, or embed an IPv4 address behind a prefix:
 * mapped, compatible, translated (NAT64). https://www.iana.org/assignments/ipv6-address-space
 */
const GLOBAL_UNICAST = new BlockList();
GLOBAL_UNICAST.addSubnet('2000::', 3, 'ipv6');

/**
 * Whether an address is public: not private, loopback, link-local or otherwise reserved. An IPv6 address that embeds an
 * IPv4 address is not public, whatever the IPv4 address is: no public service needs one, except from behind a NAT64.
 */
export function isPublic(address: string): boolean {
  const family = isIP(address);
  if (family === 0 || (family === 6 && !GLOBAL_UNICAST.check(address, 'ipv6'))) return false;
  return ipaddr.parse(address).range() === 'unicast';
}

/**
 * A `lookup` for `node:net` that gives only public addresses. The connection uses the address that was checked here: the
 * name is not looked up a second time, when its address could be another.
 *
 * @param allowedHosts names that may have any address
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
