import { Tallo } from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { type CloudFixture, queuesConformance, tableConformance, timersConformance } from './conformance.ts';

async function makeCloud(): Promise<CloudFixture> {
  const app = new Tallo('app');
  const cloud = memoryCloud(app, { handler: false });
  return {
    cloud,
    queueName: 'app-default',
    deadLetterQueueName: 'app-default-dlq',
    advance: (milliseconds) => cloud.advance(milliseconds / 1_000),
  };
}

queuesConformance('memory', makeCloud);
tableConformance('memory', makeCloud);
timersConformance('memory', makeCloud);
