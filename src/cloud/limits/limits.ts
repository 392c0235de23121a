/**
 * `iot:CreateJob`, `iot-jobs-data:StartNextPendingJobExecution`; of MQTT there are `mqtt:Connect`, `mqtt:Subscribe` (each SUBSCRIBE packet), `mqtt:PublishIn` and
 * `mqtt:PublishOut`.
 */
export type LimitedOperation = `${'iot' | 'iot-jobs-data' | 'iotdata' | 's3' | 'mqtt'}:${string}`

/** The account's request rates, as a service asks for them. A cloud without limits has none of this. */
export interface Limits {
  /** Takes one request of an operation out of its rate; false when there is none left. Operations without a rate are always admitted. */
  admit(operation: LimitedOperation): boolean
}
