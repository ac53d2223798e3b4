import readTags from 'exif-reader';
import sharp from 'sharp';

/** What a photograph says about itself; null where it says nothing. */
export interface Exif {
  readonly artist: string | null;
  readonly copyright: string | null;
  readonly description: string | null;
  readonly camera: string | null;
  readonly takenAt: Date | null;
}

export async function readExif(picture: Buffer): Promise<Exif> {
  const { exif } = await sharp(picture).metadata();
  const { Image: image, Photo: photo } = exif ? readTags(exif) : {};
  return {
    artist: image?.Artist ?? null,
    copyright: image?.Copyright ?? null,
    description: image?.ImageDescription ?? null,
    camera: image?.Model ?? null,
    takenAt: photo?.DateTimeOriginal ?? null,
  };
}
