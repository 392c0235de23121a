import type { Board } from '../../src/devices/board.ts'
import type { Firmware, Hardware, ImageRecord } from '../../src/devices/firmware.ts'
import { Bench, type BenchDevice, START_MS } from './bench.ts'

export interface Flash {
  running: ImageRecord
  count?: number
}

export const OPTIONS = { clean: true, keepAliveSeconds: 60 }

/** One board with a program of the test's own, which writes lines with the second in front. */
export class Workbench extends Bench {
  readonly lines: string[] = []

  with(program: (hardware: Hardware<Flash>, note: (what: string) => void) => Firmware, more: Partial<BenchDevice<Flash>> = {}): Board<Flash> {
    return this.add<Flash>({
      name: 'd',
      flash: { running: { version: '1.0.0', bytes: 1, crc32: 1 } },
      program: (hardware) => program(hardware, (what) => this.lines.push(`${Number(((hardware.now() - START_MS) / 1000).toFixed(3))} ${what}`)),
      ...more,
    })
  }
}
