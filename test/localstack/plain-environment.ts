const foreign = /^(AWS_|CDK_|NODE_OPTIONS|TALLO_|VITEST)/;

/** Without anything of the developer's own AWS: a profile, or an endpoint of one service, would lead away from LocalStack. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

/** Takes it out of this process too. */
export function forgetForeign(): void {
  for (const name of Object.keys(process.env).filter((name) => /^(AWS|TALLO)_/.test(name)))
    delete process.env[name];
}
