// What runs inside Lambda: beat and workers.
export { type BeatHandler, type BeatHandlerOptions, beat } from './beat/handler.ts';
export type { Consumer, Middleware, MiddlewareRequest } from './consumer/consumer.ts';
export { type ConsumerOptions, consumer } from './consumer/handler.ts';
