/** Which room may import which (CONTRIBUTING.md). Run by `npm run imports`. */
const room = (name) => `^${name}/`;
const only = (name, ...allowed) => ({
  name: `${name}-imports-only-${allowed.join('-')}`,
  severity: 'error',
  from: { path: room(name) },
  to: {
    path: '^(bench|functions|infra|local|page|shared|test|tools)/',
    pathNot: [name, ...allowed].map(room),
  },
});

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    only('shared'),
    only('functions', 'shared'),
    only('infra', 'shared'),
    only('local', 'shared'),
    only('tools', 'shared'),
    only('page', 'shared'),
    {
      name: 'the-engine-of-the-page-is-pure',
      comment: 'no library, no other part of the page, nothing of a browser',
      severity: 'error',
      from: { path: '^page/engine/' },
      to: { pathNot: ['^page/engine/', '^shared/'] },
    },
    {
      name: 'the-emulator-knows-nothing-of-the-product',
      severity: 'error',
      from: { path: '^local/emulator/' },
      to: { path: '^(bench|functions|infra|local|page|shared|test|tools)/', pathNot: '^local/emulator/' },
    },
    {
      name: 'only-the-benchmark-imports-the-benchmark',
      comment: 'and its tests',
      severity: 'error',
      from: { pathNot: '^(bench|test/bench)/' },
      to: { path: room('bench') },
    },
    {
      name: 'only-tests-import-tests',
      severity: 'error',
      from: { pathNot: room('test') },
      to: { path: room('test') },
    },
    {
      name: 'one-function-does-not-import-another',
      severity: 'error',
      from: { path: '^functions/([^/]+)/' },
      to: { path: '^functions/[^/]+/', pathNot: ['^functions/$1/', '^functions/http/'] },
    },
    {
      name: 'the-domain-knows-only-zod',
      comment: 'and the pure libraries it stands on; store/ is the one place in shared that knows DynamoDB',
      severity: 'error',
      from: { path: '^shared/', pathNot: '^shared/store/' },
      to: { path: 'node_modules', pathNot: 'node_modules/(zod|ua-parser-js|p-map|minizlib|@types)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.mts', '.js', '.mjs', '.cjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
