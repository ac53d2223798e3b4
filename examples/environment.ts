/** Tasks read their settings from the environment. Returns what takes these back. */
export function tellTasks(settings: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(settings).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, settings);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}

/** A setting that a task cannot do without. */
export function setting(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`Expected the environment variable ${name} to be set, got nothing.`);
}
