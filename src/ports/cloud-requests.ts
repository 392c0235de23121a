/** A request that the embedded cloud answered, over whichever door. */
export interface CloudRequest {
  readonly service: 'iot' | 'iot-jobs-data' | 'iotdata' | 's3' | 'olt'
  readonly operation: string
  /** `ok` or AWS's error name. */
  readonly code: string
  /** Wall-clock time that the answer took. */
  readonly seconds: number
}
