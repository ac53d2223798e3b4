import { acceleratedClock } from 'tallo/local';

const clock = acceleratedClock({ speed: 3_600, now: new Date('2026-11-21T08:00:00Z') });
await clock.sleep(600_000); // a sixth of a real second
console.log(clock.now() >= Date.parse('2026-11-21T08:10:00Z')); // true
