import { UAParser } from 'ua-parser-js';
import { remembered } from '../memoize.ts';

/** What the service can read out of a log's own texts, for fields that its producer left out (docs/contract.md#publishing-an-event). */

export interface UserAgentFacts {
  /** Browser, as `Mobile Safari`. */
  readonly name: string | undefined;
  /** Model of the device, as `iPhone`. */
  readonly device: string | undefined;
  /** Operating system, as `iOS`, and the same with its version, as `iOS 17.5`. */
  readonly osFamily: string | undefined;
  readonly osFull: string | undefined;
  /** Phone or tablet; undefined where nothing at all was recognized. */
  readonly isMobileDevice: boolean | undefined;
}

/** Nearly every event has a user agent that was there before, and hardly one that a browser sends is longer. */
const REMEMBERED = { texts: 2000, characters: 512 };

/**
 * Reads a `User-Agent` header. The library looks at its first 500 characters only, so that a long one made by an
 * attacker costs no more than an honest one.
 */
export const readUserAgent = remembered(REMEMBERED, (original: string): UserAgentFacts => {
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
 * The host of a URL as ECS wants `url.domain`: without port, an IPv6 address in its brackets.
 *
 * @returns undefined where the text is no absolute URL or has no host
 * @see https://www.elastic.co/docs/reference/ecs/ecs-url#field-url-domain
 */
export const domainOf = (url: string): string | undefined => URL.parse(url)?.hostname || undefined;
