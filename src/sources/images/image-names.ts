const IMAGE = /\.(jpe?g|png|bmp|webp|tiff?|pgm|ppm)$/i;

/** Whether a file of a folder is one of its pictures, by its name; hidden files are not. */
export function isImageName(name: string): boolean {
  return IMAGE.test(name) && !name.startsWith(".");
}
