/**
 * Lets work through as long as there is room for it, in the order of arrival, and tells it whether it had to wait. Work that needs more
 * than all the room goes alone.
 */
export type Room = <T>(need: Need, work: (hasWaited: boolean) => Promise<T>) => Promise<T>;

/** How much of how much. */
export interface Need {
  readonly size: number;
  readonly room: number;
}

interface Waiting {
  readonly need: Need;
  readonly enter: () => void;
}

/** Makes such a gate. However work ends, it gives its room back. */
export function byRoom(): Room {
  const waiting: Waiting[] = [];
  let taken = 0;

  const hasRoom = ({ size, room }: Need) => taken === 0 || taken + size <= room;

  function enter({ size }: Need): void {
    taken += size;
  }

  function leave({ size }: Need): void {
    taken -= size;
    for (let [next] = waiting; next && hasRoom(next.need); [next] = waiting) {
      waiting.shift();
      enter(next.need);
      next.enter();
    }
  }

  return async (need, work) => {
    const mustWait = waiting.length > 0 || !hasRoom(need);
    if (mustWait) await new Promise<void>((resolve) => waiting.push({ need, enter: resolve }));
    else enter(need);
    try {
      return await work(mustWait);
    } finally {
      leave(need);
    }
  };
}
