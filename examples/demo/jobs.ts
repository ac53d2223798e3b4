import type { Operation } from '../images/operations.ts';

/** One photograph, what to do with it, and what must come out. */
export interface Job {
  /** A file of `examples/photos`. */
  readonly photo: string;
  readonly operations: readonly Operation[];
  readonly width: number;
  readonly height: number;
}

const blur = (sigma: number): Operation => ({ kind: 'blur', sigma });
const rotate = (degrees: number): Operation => ({ kind: 'rotate', degrees });
const resize = (width: number): Operation => ({ kind: 'resize', width });
const contrast = (factor: number): Operation => ({ kind: 'contrast', factor });

export const jobs: readonly Job[] = [
  { photo: 'astronaut', operations: [blur(4), contrast(1.1), resize(256)], width: 256, height: 256 },
  { photo: 'brick-wall', operations: [rotate(180), resize(400)], width: 400, height: 400 },
  { photo: 'camera-operator', operations: [resize(150)], width: 150, height: 150 },
  { photo: 'chelsea-cat', operations: [rotate(90), contrast(1.2)], width: 300, height: 451 },
  { photo: 'coffee-cup', operations: [resize(300), blur(2)], width: 300, height: 200 },
  { photo: 'dandelion-meadow', operations: [resize(800), contrast(1.3)], width: 800, height: 450 },
  { photo: 'falcon-9-launch-pad', operations: [contrast(0.8), blur(1.5)], width: 640, height: 427 },
  {
    photo: 'gravel',
    operations: [contrast(1.4), rotate(90), resize(300), blur(0.5)],
    width: 300,
    height: 300,
  },
  { photo: 'hubble-deep-field', operations: [resize(500), rotate(270)], width: 436, height: 500 },
  { photo: 'moving-clock', operations: [resize(200), rotate(90), contrast(1.5)], width: 150, height: 200 },
  { photo: 'raccoon', operations: [rotate(90), resize(384)], width: 384, height: 512 },
  { photo: 'retina', operations: [resize(1_080), contrast(1.25)], width: 1_080, height: 1_080 },
];
