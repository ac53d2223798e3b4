// Workers: what runs inside Lambda.
export type { Consumer, Middleware, MiddlewareRequest } from './consumer/consumer.ts';
export { type ConsumerOptions, consumer } from './consumer/handler.ts';
