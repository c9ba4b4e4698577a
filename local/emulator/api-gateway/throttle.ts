import { tokenBucket } from './token-bucket.ts';

/** The limits of some methods, as a stage has them. */
export interface MethodSetting {
  /** `*` for all methods. */
  readonly HttpMethod: string;
  /** `/*` for all resources, otherwise a slash and the path with `~1` for each slash: `/~1items~1all`. */
  readonly ResourcePath: string;
  /** Requests at once. */
  readonly ThrottlingBurstLimit?: number | undefined;
  /** Requests a second. */
  readonly ThrottlingRateLimit?: number | undefined;
}

/** An account's throttle, where a stage sets none: requests a second, and at once. */
const ACCOUNT_RATE = 10_000;
const ACCOUNT_BURST = 5_000;

const ALL = '* /*';

/**
 * Throttles a stage. A method with settings of its own has a limit of its own. All other methods share the limit of the stage.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
 *
 * @param now milliseconds of a clock that never goes back
 * @returns takes a token for a request to a method, or says there is none
 */
export function throttle(
  settings: readonly MethodSetting[],
  now?: () => number,
): (method: { readonly method: string; readonly resource: string }) => boolean {
  const buckets = new Map(
    [{ HttpMethod: '*', ResourcePath: '/*' }, ...settings].map((setting: MethodSetting) => [
      `${setting.HttpMethod} ${pathOf(setting)}`,
      tokenBucket(
        {
          rate: setting.ThrottlingRateLimit ?? ACCOUNT_RATE,
          burst: setting.ThrottlingBurstLimit ?? ACCOUNT_BURST,
        },
        now,
      ),
    ]),
  );
  return ({ method, resource }) => (buckets.get(`${method} ${resource}`) ?? buckets.get(ALL))?.() ?? true;
}

const pathOf = ({ ResourcePath }: MethodSetting): string =>
  ResourcePath === '/*' ? ResourcePath : ResourcePath.slice(1).replaceAll('~1', '/');
