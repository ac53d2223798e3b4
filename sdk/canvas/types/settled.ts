/** What became of one member of a chord with `settle: true`. */
export type Settled<T> =
  | { readonly id: string; readonly state: 'SUCCESS'; readonly result: T }
  | {
      readonly id: string;
      readonly state: 'FAILURE' | 'REVOKED' | 'IGNORED';
      readonly error: { readonly name: string; readonly message: string } | null;
    };
