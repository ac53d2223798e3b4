// What a deployment bundles for the schedules of an app. The bundler puts the user's module in the place of `tallo-user-app`.
import * as exported from 'tallo-user-app';
import { beat } from '../beat/handler.ts';
import { appOf } from './app-of.ts';

export const handler = beat(appOf(exported));
