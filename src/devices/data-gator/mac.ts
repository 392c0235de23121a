/** Espressif's prefix, then the number of the device. */
export function macOf(name: string): string {
  const number = Number(name.slice(name.lastIndexOf('-') + 1))
  const bytes = [0x24, 0x0a, 0xc4, (number >> 16) & 0xff, (number >> 8) & 0xff, number & 0xff]
  return bytes.map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':')
}
