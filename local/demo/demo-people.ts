import type { Random } from './random.ts';

type Place = readonly [country: string, region: string, timezone: string, language: string, network: string];

/** Where the users of the demo come from, with addresses for documentation (RFC 5737). Nobody of them is real. */
const PLACES: readonly [Place, ...Place[]] = [
  ['United Kingdom', 'England', 'Europe/London', 'en-GB', '203.0.113'],
  ['Germany', 'Bavaria', 'Europe/Berlin', 'de-DE', '198.51.100'],
  ['Israel', 'Tel Aviv', 'Asia/Jerusalem', 'he-IL', '192.0.2'],
  ['United States', 'New York', 'America/New_York', 'en-US', '198.51.100'],
];

const USER_AGENTS = [
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 14.5; rv:127.0) Gecko/20100101 Firefox/127.0',
] as const;

/** Where a user sits and with what: the part of a log that is the same in all events of a process. */
export function person(random: Random) {
  const [country, region, timezone, language, network] = random.pick(PLACES);
  return {
    timezone,
    fields: {
      user_agent: { original: random.pick(USER_AGENTS), os: { browser_language: language } },
      client: { ip: `${network}.${random.between(1, 254)}` },
      geo: { country_name: country, region_name: region },
    },
  };
}
