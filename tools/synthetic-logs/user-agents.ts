import { readUserAgent } from '../../shared/event/enrich.ts';
import type { Random } from './random.ts';

/** A browser, as the fields of a log tell it. */
export interface Browser {
  readonly original: string;
  readonly name: string;
  /** Absent where the service was left to find it and there is none to find. */
  readonly device?: string;
  readonly platform: string;
  readonly osFamily: string;
  readonly osFull: string;
  readonly isMobile: boolean;
}

const ANDROID_MODELS = [
  'K',
  'SM-S921B',
  'SM-S918U',
  'SM-A556B',
  'SM-A356E',
  'SM-A146P',
  'SM-G990B',
  'Pixel 9',
  'Pixel 8a',
  'Pixel 7 Pro',
  'Pixel 6',
  'moto g54 5G',
  'CPH2581',
  'RMX3830',
  '23021RAAEG',
  '2312DRA50G',
  'V2250',
  'XQ-DQ54',
];
const WEBKIT = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';
const BLINK = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const WINDOWS = 'Windows NT 10.0; Win64; x64';
/** Apple went from 18 to 26. */
const APPLE_VERSIONS = [18, 26, 17, 16, 15];
const MACINTOSH = 'Macintosh; Intel Mac OS X 10_15_7';

/** Chromium's version: mostly the reduced form, in which only the first number is true. */
const chromium = (random: Random): string =>
  `${random.integer(120, 146)}.0.${random.chance(0.7) ? '0.0' : `${random.integer(6000, 7700)}.${random.integer(20, 240)}`}`;

function android(random: Random): Browser {
  const version = String(random.integer(10, 16));
  const device = random.chance(0.4) ? 'K' : random.pick(ANDROID_MODELS);
  const isSamsung = device.startsWith('SM-') && random.chance(0.4);
  const inApp = !isSamsung && random.chance(0.12);
  const engine = inApp
    ? 'Version/4.0 Chrome'
    : isSamsung
      ? `SamsungBrowser/${random.integer(22, 29)}.0 Chrome`
      : 'Chrome';
  return {
    original: `Mozilla/5.0 (Linux; Android ${version}; ${device}${inApp ? '; wv' : ''}) ${BLINK} ${engine}/${chromium(random)} Mobile Safari/537.36`,
    name: inApp ? 'Chrome Mobile WebView' : isSamsung ? 'Samsung Internet' : 'Chrome Mobile',
    device,
    platform: random.pickSkewed(['Linux armv81', 'Linux aarch64', 'Linux armv8l']),
    osFamily: 'Android',
    osFull: `Android ${version}`,
    isMobile: true,
  };
}

function iPhone(random: Random): Browser {
  const numbers = [
    random.pickSkewed(APPLE_VERSIONS),
    random.integer(0, 7),
    ...(random.chance(0.4) ? [random.integer(1, 3)] : []),
  ];
  const isChrome = random.chance(0.15);
  const inApp = !isChrome && random.chance(0.12);
  const version = isChrome
    ? ` CriOS/${chromium(random)}`
    : inApp
      ? ''
      : ` Version/${numbers.slice(0, 2).join('.')}`;
  return {
    original: `Mozilla/5.0 (iPhone; CPU iPhone OS ${numbers.join('_')} like Mac OS X) ${WEBKIT}${version} Mobile/15E148${inApp ? '' : ' Safari/604.1'}`,
    name: isChrome ? 'Chrome Mobile iOS' : inApp ? 'Mobile Safari UI/WKWebView' : 'Mobile Safari',
    device: 'iPhone',
    platform: 'iPhone',
    osFamily: 'iOS',
    osFull: `iOS ${numbers.join('.')}`,
    isMobile: true,
  };
}

function desktop(random: Random): Browser {
  const onMac = random.chance(0.3);
  const system = onMac ? MACINTOSH : WINDOWS;
  const kind = random.next();
  const describe = (name: string, original: string): Browser => ({
    original,
    name,
    device: onMac ? 'Mac' : 'Other',
    platform: onMac ? 'MacIntel' : 'Win32',
    osFamily: onMac ? 'Mac OS X' : 'Windows',
    osFull: onMac ? 'Mac OS X 10.15.7' : 'Windows 10',
    isMobile: false,
  });
  if (onMac && kind < 0.55)
    return describe(
      'Safari',
      `Mozilla/5.0 (${system}) ${WEBKIT} Version/${random.pickSkewed(APPLE_VERSIONS)}.${random.integer(0, 6)} Safari/605.1.15`,
    );
  if (kind < 0.12) {
    const version = `${random.integer(115, 148)}.0`;
    const system = onMac ? 'Macintosh; Intel Mac OS X 10.15' : WINDOWS;
    return describe('Firefox', `Mozilla/5.0 (${system}; rv:${version}) Gecko/20100101 Firefox/${version}`);
  }
  const chrome = `Mozilla/5.0 (${system}) ${BLINK} Chrome/${chromium(random)} Safari/537.36`;
  if (kind < 0.75) return describe('Chrome', chrome);
  return describe(
    'Edge',
    `${chrome} Edg/${random.integer(120, 146)}.0.${random.integer(2200, 3800)}.${random.integer(30, 110)}`,
  );
}

/** The same browser, named as the service does for producers that leave it to the service. */
function namedByService(browser: Browser): Browser {
  const { device: _, ...rest } = browser;
  const facts = readUserAgent(browser.original);
  return {
    ...rest,
    name: facts.name ?? browser.name,
    ...(facts.device && { device: facts.device }),
    osFamily: facts.osFamily ?? browser.osFamily,
    osFull: facts.osFull ?? browser.osFull,
  };
}

/** @returns the browsers that visit a customer, the most frequent first */
export function browsers(random: Random, count: number, namedBy: 'producer' | 'service'): readonly Browser[] {
  return Array.from({ length: count }, () => {
    const kind = random.next();
    const browser = kind < 0.35 ? android(random) : kind < 0.65 ? iPhone(random) : desktop(random);
    return namedBy === 'service' ? namedByService(browser) : browser;
  });
}
