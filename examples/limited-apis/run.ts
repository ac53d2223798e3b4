// 30 calls of the weather service at 10 a minute, 30 of the bank at 100 an hour, then urgent and other tasks at once.
import { acceleratedClock } from 'tallo/local';
import { narrate } from '../narrate.ts';
import { answerCustomer, charge, fetchWeather, renderNewsletter } from './app.ts';
import { openApis } from './open-apis.ts';

const count = 30;
const numbers = Array.from({ length: count }, (_, index) => `${index + 1}`);
const clock = acceleratedClock({ speed: 60 });

await using apis = await openApis({ clock, log: narrate({ now: () => clock.now() }) });
const limited = numbers.flatMap((number) => [
  fetchWeather.delay(`city ${number}`),
  charge.delay(`order ${number}`),
]);
const others = numbers.flatMap((number) => [answerCustomer.delay(number), renderNewsletter.delay(number)]);
const results = await Promise.all([...limited, ...others]);
await Promise.all(results.map((result) => result.get({ timeout: '2h' })));

const { weather, payments, support, newsletter } = apis;
console.log(
  `\nweather: ${weather.taken.length} calls in ${minutesOf(weather.taken)} minutes, ${weather.refused()} refused`,
);
console.log(
  `payments: ${payments.taken.length} calls in ${minutesOf(payments.taken)} minutes, ${payments.refused()} refused`,
);
console.log(`urgent: up to ${support.mostAtOnce()} at once; the others: up to ${newsletter.mostAtOnce()}`);

function minutesOf(times: readonly number[]): string {
  return ((Math.max(...times) - Math.min(...times)) / 60_000).toFixed(1);
}
