/** Whether a text is of a data type of OCSF, of which versions have different rules: the strictest of them. */

const IP_LIMIT = 40;

/** `ip_t`. The long way to write an IPv4-mapped IPv6 address does not fit. */
export const isIp = (address: string): boolean => address.length <= IP_LIMIT;

const HOST_LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i;

/** `hostname_t`: ASCII letters, digits and hyphens between dots. */
export const isHostname = (domain: string): boolean =>
  domain.split('.').every((label) => HOST_LABEL.test(label));
