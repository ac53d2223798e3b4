// What a deployment bundles for the queues of an app. The bundler puts the user's module in the place of `tallo-user-app`.
import * as exported from 'tallo-user-app';
import { consumer } from '../consumer/handler.ts';
import { appOf } from './app-of.ts';

export const handler = consumer(appOf(exported));
