// Imports point one way: examples -> cli, local, testing -> functions -> sdk (docs/design.md, "The house").
const below = {
  sdk: [],
  functions: ['sdk'],
  local: ['functions', 'sdk'],
  testing: ['functions', 'sdk'],
  cli: ['local', 'testing', 'functions', 'sdk'],
};
const rooms = ['sdk', 'functions', 'local', 'testing', 'cli', 'examples', 'test', 'bench', 'tools'];

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
      name: 'aws-sdk-stays-in-its-folder',
      comment: 'the AWS port hides which client serves it, so that a lighter one can take its place',
      severity: 'error',
      from: { path: '^(sdk|functions|testing)/', pathNot: '^sdk/aws/' },
      to: { path: 'node_modules/@aws-sdk/' },
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
        pathNot: 'node_modules/(@aws-sdk/client-(sqs|dynamodb|scheduler)|zod|suncalc|@middy/core|@types)/',
      },
    },
    { name: 'not-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
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
