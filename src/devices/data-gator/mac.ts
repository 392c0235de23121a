const STATION = 0x24
/** The same address with the bit of locally administered ones. */
const ACCESS_POINT = 0x26

/** Espressif's prefix, then the number of the device. */
export function macOf(name: string): string {
  return address(STATION, name)
}

/** Of the network that the device opens itself. */
export function accessPointMacOf(name: string): string {
  return address(ACCESS_POINT, name)
}

function address(first: number, name: string): string {
  const number = Number(name.slice(name.lastIndexOf('-') + 1)) || 0
  const bytes = [first, 0x0a, 0xc4, (number >> 16) & 0xff, (number >> 8) & 0xff, number & 0xff]
  return bytes.map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':')
}
