/** The account's request rates, as a service asks for them. A cloud without limits has none of this. */
export interface Limits {
  /** Takes one request of an operation (`iot:CreateJob`, `iot-jobs-data:StartNextPendingJobExecution`) out of its rate; false when there is none left. */
  admit(operation: `${'iot' | 'iot-jobs-data' | 'iotdata' | 's3' | 'mqtt'}:${string}`): boolean
}
