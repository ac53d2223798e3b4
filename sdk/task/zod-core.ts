// The three functions of zod that schemas of classic and mini have in common: a bundle takes these and leaves the rest.
export { prettifyError, safeDecodeAsync, safeEncodeAsync } from 'zod/v4/core';
