// Makes the JPEGs in this folder from the packages named in SOURCES.md.
//
//   node prepare.mjs <sources> [<output>]
//
// <sources> holds one folder per source:
//   scikit-image/             the wheel, unpacked
//   scipy/                    the wheel, unpacked
//   lomiri-wallpapers-16.04/  the .deb, unpacked (dpkg -x)
//
// Needs sharp and bzip2. Pictures are only ever made smaller. No camera data
// is written: no source carries any.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

const [sources, output = '.'] = process.argv.slice(2);
if (!sources) {
  console.error('usage: node prepare.mjs <sources> [<output>]');
  process.exit(2);
}

const LONG_SIDE = 1600;
const CC0 = 'CC0 1.0 Universal, https://creativecommons.org/publicdomain/zero/1.0/';

const run = (command, ...args) => execFileSync(command, args, { maxBuffer: 64 << 20 });
const unpacked = (...path) => readFileSync(join(sources, ...path));
const skimage = (name) => () => unpacked('scikit-image', 'skimage', 'data', name);
const photos = [
  {
    file: 'astronaut.jpg',
    read: skimage('astronaut.png'),
    description: 'Eileen Collins, astronaut, before a model of the space shuttle',
    artist: 'NASA',
    licence: 'Public domain, NASA',
    quality: 96,
  },
  {
    file: 'brick-wall.jpg',
    read: skimage('brick.png'),
    description: 'A small section of a brick wall',
    artist: 'CC0Textures',
    quality: 100,
  },
  {
    file: 'camera-operator.jpg',
    read: skimage('camera.png'),
    description: 'A man behind a camera on a tripod',
    artist: 'Lav Varshney',
    quality: 100,
  },
  {
    file: 'chelsea-cat.jpg',
    read: skimage('chelsea.png'),
    description: 'Chelsea, a tabby cat, looking to the right',
    artist: 'Stefan van der Walt',
    quality: 100,
  },
  {
    file: 'coffee-cup.jpg',
    read: skimage('coffee.png'),
    description: 'Espresso in a red cup on a wooden table, Pikolo Espresso Bar',
    artist: 'Rachel Michetti',
    quality: 96,
  },
  {
    file: 'dandelion-meadow.jpg',
    read: () =>
      unpacked(
        'lomiri-wallpapers-16.04',
        'usr',
        'share',
        'backgrounds',
        'seeding_by_Clements_Engelhardt.jpg',
      ),
    description: 'Dandelion seed head in a meadow, against a low sun',
    artist: 'Clemens Engelhardt',
  },
  {
    file: 'falcon-9-launch-pad.jpg',
    read: skimage('rocket.jpg'),
    description: 'Falcon 9 with DSCOVR at Launch Complex 40, Cape Canaveral',
    artist: 'SpaceX',
    licence: 'Public domain, released by SpaceX',
    quality: 96,
  },
  {
    file: 'gravel.jpg',
    read: skimage('gravel.png'),
    description: 'Gravel, seen from above',
    artist: 'CC0Textures',
    quality: 96,
  },
  {
    file: 'hubble-deep-field.jpg',
    read: skimage('hubble_deep_field.jpg'),
    description: 'Hubble eXtreme Deep Field',
    artist: 'NASA, ESA and the HUDF09 team',
    licence: 'Public domain, NASA',
  },
  {
    file: 'moving-clock.jpg',
    read: skimage('clock_motion.png'),
    description: 'A wall clock, blurred by a moving camera',
    artist: 'Stefan van der Walt',
    licence: 'Public domain, Stefan van der Walt',
    quality: 100,
  },
  {
    file: 'raccoon.jpg',
    // 1024 x 768 pixels of raw RGB, compressed with bzip2.
    read: () => run('bzip2', '-dc', join(sources, 'scipy', 'scipy', 'misc', 'face.dat')),
    raw: { width: 1024, height: 768, channels: 3 },
    description: 'Raccoon (Procyon lotor) among green leaves',
    artist: 'public-domain-image.com',
    licence: 'Public domain, public-domain-image.com',
  },
  {
    file: 'retina.jpg',
    read: skimage('retina.jpg'),
    description: 'Fundus photograph of a normal left eye',
    artist: 'Mikael Haggstrom',
    quality: 93,
  },
];

mkdirSync(output, { recursive: true });
for (const { file, read, raw, description, artist, licence = CC0, quality = 93 } of photos) {
  const pixels = sharp(read(), { raw })
    .resize({ width: LONG_SIDE, height: LONG_SIDE, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality, mozjpeg: true, chromaSubsampling: '4:4:4' });
  const about = { ImageDescription: description, Artist: artist, Copyright: licence };
  pixels.withExif({ IFD0: about });
  const { width, height, size } = await pixels.toFile(join(output, file));
  console.log(`${file}  ${width} x ${height}  ${Math.round(size / 1024)} KiB`);
}
