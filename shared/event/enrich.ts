import { UAParser } from 'ua-parser-js';
import { memoize } from '../memoize.ts';

/** Fields that the service fills in from other fields of the log (docs/contract.md#publishing-an-event). */

export interface UserAgentFacts {
  /** The browser, such as `Mobile Safari`. */
  readonly name: string | undefined;
  /** The model of the device, such as `iPhone`. */
  readonly device: string | undefined;
  /** The operating system, such as `iOS`. */
  readonly osFamily: string | undefined;
  /** The operating system with its version, such as `iOS 17.5`. */
  readonly osFull: string | undefined;
  /** Whether it is a phone or a tablet; undefined if nothing was recognized. */
  readonly isMobileDevice: boolean | undefined;
}

/** Nearly every event repeats an earlier user agent. Browsers hardly ever send a longer one. */
const CACHE = { entries: 2000, characters: 512 };

/**
 * Reads a `User-Agent` header. The library reads only its first 500 characters, so a long header from an attacker costs
 * no more than any other.
 */
export const readUserAgent = memoize(CACHE, (original: string): UserAgentFacts => {
  const { browser, device, os } = new UAParser(original).getResult();
  const recognized = browser.name !== undefined || os.name !== undefined || device.type !== undefined;
  return {
    name: browser.name,
    device: device.model,
    osFamily: os.name,
    osFull: os.name && [os.name, os.version].filter(Boolean).join(' '),
    isMobileDevice: recognized ? device.type === 'mobile' || device.type === 'tablet' : undefined,
  };
});

/**
 * The host of a URL, as ECS defines `url.domain`: without the port, an IPv6 address in brackets.
 *
 * @returns undefined if the text is not an absolute URL, or has no host
 * @see https://www.elastic.co/docs/reference/ecs/ecs-url#field-url-domain
 */
export const domainOf = (url: string): string | undefined => URL.parse(url)?.hostname || undefined;
