import type { Chance } from '../../sdk/ports/chance.ts';

/** Chance that repeats itself: the same seed gives the same ids and numbers. (mulberry32, a public-domain generator by Tommy Ettinger) */
export function seededChance(seed: number): Chance {
  let state = seed >>> 0;
  /** 32 bits. */
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
  const hex = () => next().toString(16).padStart(8, '0');
  return {
    random: () => next() / 4_294_967_296,
    newId() {
      const [one, two, three, four] = [hex(), hex(), hex(), hex()];
      const variant = '89ab'[next() >>> 30];
      return `${one}-${two.slice(0, 4)}-4${two.slice(5)}-${variant}${three.slice(0, 3)}-${three.slice(4)}${four}`;
    },
  };
}
