// Imports point one way: examples -> cli, infra, local, testing -> functions, preflight -> sdk (docs/design.md, "The house").
const below = {
  sdk: [],
  functions: ['sdk'],
  preflight: ['sdk'],
  infra: ['functions', 'preflight', 'sdk'],
  local: ['functions', 'sdk'],
  testing: ['functions', 'sdk'],
  cli: ['local', 'testing', 'functions', 'preflight', 'sdk'],
};
const rooms = [
  'sdk',
  'functions',
  'preflight',
  'infra',
  'local',
  'testing',
  'cli',
  'examples',
  'test',
  'bench',
  'tools',
];

const oneWay = Object.entries(below).map(([room, allowed]) => ({
  name: `${room}-imports-only-${allowed.join('-') || 'itself'}`,
  severity: 'error',
  from: { path: `^${room}/` },
  to: { path: `^(${rooms.filter((other) => other !== room && !allowed.includes(other)).join('|')})/` },
}));

export default {
  forbidden: [
    ...oneWay,
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-aws-sdk',
      comment:
        'its load time is billed: requests to AWS are our own (sdk/aws/http); credentials are found by name at run time',
      severity: 'error',
      from: { path: '^(sdk|functions|local|testing|cli)/' },
      to: {
        path: 'node_modules/@(aws-sdk|smithy)/',
        pathNot: 'node_modules/@aws-sdk/credential-provider-node/',
      },
    },
    {
      name: 'aws-cdk-stays-in-infra',
      comment: 'only who deploys installs it',
      severity: 'error',
      from: { pathNot: '^(infra|test|examples|tools)/' },
      to: { path: 'node_modules/(aws-cdk-lib|constructs|cdk-nag)/' },
    },
    {
      name: 'suncalc-stays-in-its-folder',
      comment: 'only who schedules by the sun loads it',
      severity: 'error',
      from: { pathNot: '^sdk/solar/' },
      to: { path: 'node_modules/suncalc/' },
    },
    {
      name: 'sdk-and-functions-stay-lean',
      comment: 'their load time is billed: only these packages',
      severity: 'error',
      from: { path: '^(sdk|functions)/' },
      to: {
        path: 'node_modules/',
        pathNot: 'node_modules/(@aws-sdk/credential-provider-node|zod|suncalc|@middy/core|@types)/',
      },
    },
    {
      name: 'not-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^tallo-user-app$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['tallo-source', 'import', 'types', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};
