import type { AppCore } from '../app/app-core.ts';
import { systemChance } from '../ports/chance.ts';
import { systemClock } from '../ports/clock.ts';
import { evaluate } from './evaluate.ts';
import type { Rows } from './rows.ts';
import type { Scene } from './scene.ts';

/** The scene of an eager run on this machine. */
export function sceneOf(app: AppCore, rows: Rows): Scene {
  const scene: Scene = {
    app,
    rows,
    clock: systemClock,
    chance: systemChance,
    evaluate: (start, by) => evaluate(start, by, scene),
  };
  return scene;
}
