import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, gzip, constants as zlib, zstdCompress } from 'node:zlib';
import { build, type Plugin, transform } from 'esbuild';

const fromPage = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Browsers that have all that the page uses: `light-dark()` is the newest of it. */
const TARGET = 'es2024';

export interface BuiltPage {
  readonly html: Buffer;
  /** The document by content encoding. */
  readonly encoded: Readonly<Record<'zstd' | 'br' | 'gzip', Buffer>>;
  /** What the browser must be told with it. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Builds the page: one document with its script and its style in it (docs/page.md#how-it-is-built). */
export async function buildPage(): Promise<BuiltPage> {
  const worker = await bundle('worker/entry.ts', []);
  const [script, style, template] = await Promise.all([
    bundle('main.tsx', [workerScript(worker)]),
    readFile(fromPage('page.css'), 'utf8').then(minifiedStyle),
    readFile(fromPage('page.html'), 'utf8'),
  ]);
  const inlined = withInlined(withInlined(template, 'style', style), 'script', script);
  const html = Buffer.from(inlined + (await licenceComment()));
  return {
    html,
    encoded: {
      zstd: await promisify(zstdCompress)(html, { params: { [zlib.ZSTD_c_compressionLevel]: 19 } }),
      br: await promisify(brotliCompress)(html, { params: { [zlib.BROTLI_PARAM_QUALITY]: 11 } }),
      gzip: await promisify(gzip)(html, { level: 9 }),
    },
    headers: headersFor(script, style),
  };
}

/** The packages whose code is in the page. */
const INLINED_PACKAGES = ['preact', '@preact/signals', '@preact/signals-core', '@tanstack/virtual-core'];

/** @returns the licences of the packages whose code is in the page: they want to go with every copy */
async function licenceComment(): Promise<string> {
  const licences = await Promise.all(
    INLINED_PACKAGES.map(async (name) => {
      const text = await readFile(fromPage(`../node_modules/${name}/LICENSE`), 'utf8');
      if (text.includes('--')) throw new Error(`the licence of ${name} cannot be put into a comment`);
      return `${name}\n\n${text.trim()}`;
    }),
  );
  return `<!--\n${licences.join('\n\n')}\n-->\n`;
}

/** @returns the code of an entry with all that it imports */
async function bundle(entry: string, plugins: Plugin[]): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fromPage(entry)],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: TARGET,
    platform: 'browser',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    tsconfig: fromPage('tsconfig.json'),
    legalComments: 'none',
    logLevel: 'silent',
    plugins,
  });
  return (outputFiles[0]?.text ?? '').trim();
}

/** Lets the page import the text of its worker as `virtual:worker`. */
const workerScript = (code: string): Plugin => ({
  name: 'worker-script',
  setup(setup) {
    setup.onResolve({ filter: /^virtual:worker$/ }, ({ path }) => ({ path, namespace: 'worker-script' }));
    setup.onLoad({ filter: /.*/, namespace: 'worker-script' }, () => ({ contents: code, loader: 'text' }));
  },
});

const minifiedStyle = async (css: string): Promise<string> =>
  (await transform(css, { loader: 'css', minify: true })).code.trim();

/**
 * Puts a text into the empty element of the template.
 *
 * @throws Error if the text would end the element, or begin a comment
 */
function withInlined(template: string, element: 'script' | 'style', text: string): string {
  if (new RegExp(`</${element}|<!--`, 'i').test(text)) throw new Error(`the ${element} cannot be inlined`);
  const [before, after, ...others] = template.split(`<${element}></${element}>`);
  if (after === undefined || others.length > 0)
    throw new Error(`the template must have one empty <${element}>`);
  return `${before}<${element}>${text}</${element}>${after}`;
}

/** https://www.w3.org/TR/CSP3/ and https://w3c.github.io/trusted-types/dist/spec/ */
const headersFor = (script: string, style: string): Record<string, string> => ({
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "connect-src 'self'",
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types security-logs-worker',
  ].join('; '),
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
});

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
