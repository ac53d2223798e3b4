/** The user's module that exports the app: whoever bundles an entry says which file this is. */
declare module 'tallo-user-app' {
  const exported: Readonly<Record<string, unknown>>;
  export = exported;
}
