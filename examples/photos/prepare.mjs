// Makes the JPEGs in this folder from the packages named in SOURCES.md.
//
//   node prepare.mjs <sources> [<output>]
//
// <sources> holds one folder per source:
//   scikit-image/             the wheel, unpacked
//   scipy/                    the wheel, unpacked
//   lomiri-wallpapers-16.04/  the .deb, unpacked (dpkg -x)
//   elementary-wallpapers/    a git clone of elementary/wallpapers
//
// Needs sharp, git and bzip2. Pictures are only ever made smaller. Camera
// data is written only where the source file carries it.

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
const elementary = (commit, path) => () =>
  run('git', '-C', join(sources, 'elementary-wallpapers'), 'show', `${commit}:${path}`);
const ELEMENTARY = 'f28b86144ba01d788ac61ad198ca16fa9477913f';

const photos = [
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
    file: 'dragon-above-coast.jpg',
    read: elementary(ELEMENTARY, 'backgrounds/Photo by SpaceX.jpg'),
    description: 'Dragon spacecraft in orbit above a desert coast',
    artist: 'SpaceX',
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
    file: 'hubble-deep-field.jpg',
    read: skimage('hubble_deep_field.jpg'),
    description: 'Hubble eXtreme Deep Field',
    artist: 'NASA, ESA and the HUDF09 team',
    licence: 'Public domain, NASA',
  },
  {
    file: 'paper-lantern.jpg',
    read: elementary(ELEMENTARY, 'backgrounds/Mr. Lee.jpg'),
    description: 'White paper lantern with Chinese characters, in front of a dark room',
    artist: 'Mr. Lee',
  },
  {
    file: 'pier-at-sunset.jpg',
    read: elementary(ELEMENTARY, 'backgrounds/Sunset by the Pier.jpg'),
    description: 'Wooden pier on still water after sunset',
    artist: 'Paul Carmona',
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
    file: 'sea-cliff.jpg',
    read: elementary('71cd2c90d315786b100f7626bcd44b2ed55a67c0', 'Rob Bye.jpg'),
    description: 'Grassy cliff above a beach with breaking waves',
    artist: 'Rob Bye',
    quality: 90,
  },
  {
    file: 'slot-canyon.jpg',
    read: elementary(ELEMENTARY, 'backgrounds/Ashim DSilva.jpg'),
    description: 'Sandstone walls of Antelope Canyon and a patch of sky',
    artist: "Ashim D'Silva",
  },
  {
    file: 'wooden-jetty.jpg',
    read: elementary('5a9940e59e6a4759aae8f8b82b1b44c11a4b3449', 'Jonas Nilsson Lee.jpg'),
    description: 'Planks of a jetty in front of dark blue water',
    artist: 'Jonas Nilsson Lee',
    camera: {
      IFD0: { Make: 'Canon', Model: 'Canon EOS 6D' },
      IFD2: {
        DateTimeOriginal: '2014:05:17 11:39:16',
        ExposureTime: '1/4000',
        FNumber: '9/5',
        FocalLength: '85/1',
        ISOSpeedRatings: '100',
      },
    },
  },
];

mkdirSync(output, { recursive: true });
for (const { file, read, raw, description, artist, licence = CC0, quality = 93, camera } of photos) {
  const pixels = sharp(read(), { raw })
    .resize({ width: LONG_SIDE, height: LONG_SIDE, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality, mozjpeg: true, chromaSubsampling: '4:4:4' });
  const about = { ImageDescription: description, Artist: artist, Copyright: licence };
  pixels.withExif({ ...camera, IFD0: { ...camera?.IFD0, ...about } });
  const { width, height, size } = await pixels.toFile(join(output, file));
  console.log(`${file}  ${width} x ${height}  ${Math.round(size / 1024)} KiB`);
}
